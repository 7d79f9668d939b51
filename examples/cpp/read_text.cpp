// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What does the line of text on the picture say? usage: read_text ch_PP-OCRv4_rec_infer.onnx PICTURE.bmp|.ppm
#include <algorithm>
#include <baton/baton.hpp>
#include <iostream>
#include <sstream>

#include "picture.h"

namespace {

/// The characters that the model knows are text in its file, one per line. Class 0 of the network is "nothing here",
/// the last one a blank.
std::vector<std::string> read_characters(const baton::Model& model) {
  std::istringstream lines(model.get_rt_info<std::string>("framework", "character"));
  std::vector<std::string> characters{""};
  for (std::string line; std::getline(lines, line);) characters.push_back(line);
  characters.emplace_back(" ");
  return characters;
}

/// Planes with values of -1..1.
baton::Tensor to_tensor(const Picture& picture) {
  baton::Tensor tensor(baton::element::f32, {1, 3, picture.height, picture.width});
  float* to = tensor.data<float>();
  for (std::size_t channel = 0; channel < 3; ++channel)
    for (std::size_t i = channel; i < picture.pixels.size(); i += 3) *to++ = picture.pixels[i] / 127.5F - 1;
  return tensor;
}

void read_text(const std::string& path, const std::string& picture_path) {
  const Picture picture = read_picture(picture_path);
  const Picture line = resize(picture, picture.width * 48 / picture.height, 48);

  baton::Core core;
  auto model = core.read_model(path);
  model->reshape(baton::PartialShape(baton::Shape{1, 3, line.height, line.width}));
  baton::CompiledModel compiled = core.compile_model(model);
  baton::InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(to_tensor(line));
  request.infer();

  const std::vector<std::string> characters = read_characters(*model);
  const baton::Tensor scores = request.get_output_tensor();  // [1, places along the line, characters]
  const float* place = scores.data<float>();
  std::string text;
  for (std::size_t i = 0, before = 0; i < scores.get_shape()[1]; ++i, place += characters.size()) {
    const std::size_t best = std::max_element(place, place + characters.size()) - place;
    if (best != before) text += characters.at(best);
    before = best;
  }
  std::cout << text << "\nanswered by " << request.device() << "/" << request.engine() << "\n";
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: read_text ch_PP-OCRv4_rec_infer.onnx PICTURE.bmp|.ppm");
  read_text(argv[1], argv[2]);
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
