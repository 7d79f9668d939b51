// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What is on the picture? usage: classify_picture googlenet-v1.onnx PICTURE.bmp [synset_words.txt]
#include <algorithm>
#include <baton/baton.hpp>
#include <fstream>
#include <iostream>
#include <numeric>

#include "picture.h"

namespace {

/// Planes of blue, green and red, less the means of the training pictures: GoogLeNet's input.
baton::Tensor to_tensor(const Picture& picture) {
  baton::Tensor tensor(baton::element::f32, {1, 3, picture.height, picture.width});
  float* to = tensor.data<float>();
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const float mean = std::vector<float>{104, 117, 123}[channel];
    for (std::size_t i = channel; i < picture.pixels.size(); i += 3) *to++ = picture.pixels[i] - mean;
  }
  return tensor;
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

void classify(const std::string& model, const std::string& picture, const std::vector<std::string>& labels) {
  baton::Core core;
  baton::CompiledModel compiled = core.compile_model(model);  // AUTO: the quickest engine answers first
  baton::InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(to_tensor(resize(read_picture(picture), 224, 224)));
  request.infer();

  const baton::Tensor scores = request.get_output_tensor();
  const float* score = scores.data<float>();
  std::vector<std::size_t> order(scores.get_size());
  std::iota(order.begin(), order.end(), 0);
  std::partial_sort(order.begin(), order.begin() + 5, order.end(),
                    [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
  for (std::size_t i = 0; i < 5; ++i) {
    std::cout << score[order[i]] << "  " << order[i] << " " << (order[i] < labels.size() ? labels[order[i]] : "")
              << "\n";
  }
  std::cout << "answered by " << request.device() << "/" << request.engine() << " in " << request.latency() << " ms\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: classify_picture googlenet-v1.onnx PICTURE.bmp|.ppm [synset_words.txt]\n";
    return 2;
  }
  try {
    classify(argv[1], argv[2], argc == 4 ? read_lines(argv[3]) : std::vector<std::string>());
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
