// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <algorithm>
#include <cstring>

#include "baton/tensor.hpp"
#include "support/test_data.h"

namespace baton::test {

/// GoogLeNet's input: 224x224, blue green red, less the training pictures' means.
inline Tensor googlenet_input(const std::filesystem::path& file) {
  std::vector<float> planes = load_bmp(file).resized(224, 224).planes();
  const float means[] = {104, 117, 123};
  Tensor tensor(element::f32, {1, 3, 224, 224});
  for (std::size_t i = 0; i < planes.size(); ++i) tensor.data<float>()[i] = planes[i] - means[i / (224 * 224)];
  return tensor;
}

inline std::size_t top_class(const Tensor& scores) {
  const float* begin = scores.data<float>();
  return static_cast<std::size_t>(std::max_element(begin, begin + scores.get_size()) - begin);
}

}  // namespace baton::test
