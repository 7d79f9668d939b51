// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "baton/tensor.hpp"
#include "input_files.h"
#include "input_plan.h"

namespace baton::bench {

/// The tensors of each input, used in turn. Ownership: owns the memory.
class InputData {
 public:
  /// `tensors`: by input, then at least one for each.
  explicit InputData(std::vector<std::vector<Tensor>> tensors) : tensors_(std::move(tensors)) {}

  /// The tensors of inference number `turn`, in port order.
  std::vector<Tensor> at(std::size_t turn) const;

 private:
  std::vector<std::vector<Tensor>> tensors_;
};

/// Where the preparation tells what it does.
struct InputDataLog {
  std::function<void(const std::string&)> info;
  std::function<void(const std::string&)> warning;
};

/// Reads or makes the data; an input whose shape only its files tell gets its data shapes here. Throws
/// baton::Exception for files that do not fit.
InputData make_input_data(std::vector<InputPlan>& inputs, const InputMapping& mapping, const InputDataLog& log);

}  // namespace baton::bench
