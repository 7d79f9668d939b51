// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "input_data.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include "baton/exception.hpp"
#include "values.h"

namespace baton::bench {
namespace {

using Kind = InputFiles::Kind;

constexpr unsigned kSeed = 0;  // the same data in every run
constexpr double kHighest = 255;

[[noreturn]] void complain(const std::string& message) { throw Exception(ErrorCode::InvalidArgument, message); }

/// (value - mean) / scale of the element's channel; one figure is for all channels.
double normalised(const InputPlan& input, const Shape& shape, std::size_t index, double value) {
  if (input.mean.empty() && input.scale.empty()) return value;
  const std::size_t channel = input.channel_of(shape, index);
  const auto pick = [&](const std::vector<double>& values, double otherwise) {
    return values.empty() ? otherwise : values[std::min(channel, values.size() - 1)];
  };
  return (value - pick(input.mean, 0)) / pick(input.scale, 1);
}

Tensor random_tensor(const InputPlan& input, const Shape& shape, std::mt19937& random) {
  const element::Type type = input.data_type;
  const double highest = type == element::boolean ? 1 : type == element::i8 ? 127 : kHighest;
  const bool whole = !type.is_real();
  const Tensor tensor(input.type, shape);
  write_values(tensor, [&](std::size_t i) {
    const double share = static_cast<double>(random()) / (static_cast<double>(std::mt19937::max()) + 1);
    const double value = whole ? static_cast<double>(static_cast<int>(share * (highest + 1))) : share * highest;
    return normalised(input, shape, i, value);
  });
  return tensor;
}

std::vector<Tensor> random_tensors(const InputPlan& input) {
  std::mt19937 random(kSeed);
  std::vector<Tensor> tensors;
  for (const Shape& shape : input.data_shapes) tensors.push_back(random_tensor(input, shape, random));
  return tensors;
}

/// Where pictures go in a tensor of `shape`.
struct PictureShape {
  std::size_t batch = 1, channels = 1, height = 0, width = 0;
  bool planes = true;  ///< channels outermost
};

PictureShape picture_shape(const InputPlan& input, const Shape& shape) {
  const auto place = [&](char letter) { return input.layout.find(letter); };
  if (!place('H') || !place('W')) {
    complain("-i: input '" + input.name + "' of shape " + shape.to_string() +
             " takes no pictures; if it does, say what its dimensions mean: -layout " + input.name + "[NCHW]");
  }
  PictureShape picture{.height = shape.at(*place('H')), .width = shape.at(*place('W'))};
  if (place('N')) picture.batch = shape.at(*place('N'));
  if (place('C')) picture.channels = shape.at(*place('C'));
  picture.planes = !place('C') || *place('C') < *place('H');
  if (picture.channels != 1 && picture.channels != 3)
    complain("-i: input '" + input.name + "' has " + std::to_string(picture.channels) + " channels, expected 1 or 3");
  return picture;
}

/// The pictures number `first` and after, as many as the batch has.
Tensor picture_tensor(const InputPlan& input, const Shape& shape, const std::vector<std::string>& paths,
                      std::size_t first, const InputDataLog& log) {
  const PictureShape to = picture_shape(input, shape);
  std::vector<Image> images;
  for (std::size_t i = 0; i < to.batch; ++i) {
    const std::string& path = paths[(first + i) % paths.size()];
    log.info("Prepare image " + path);
    const Image image = read_image(path, to.channels);
    if (image.width != to.width || image.height != to.height) {
      log.warning("Image is resized from (" + std::to_string(image.width) + ", " + std::to_string(image.height) +
                  ") to (" + std::to_string(to.width) + ", " + std::to_string(to.height) + ")");
    }
    images.push_back(resize_image(image, to.width, to.height));
  }
  const std::size_t plane = to.width * to.height, frame = plane * to.channels;
  const Tensor tensor(input.type, shape);
  write_values(tensor, [&](std::size_t i) {
    const std::size_t within = i % frame;
    const std::size_t pixel = to.planes ? within % plane * to.channels + within / plane : within;
    return normalised(input, shape, i, images[i / frame].pixels[pixel]);
  });
  return tensor;
}

std::vector<Tensor> picture_tensors(const InputPlan& input, const std::vector<std::string>& paths,
                                    const InputDataLog& log) {
  std::vector<Tensor> tensors;
  const std::size_t shapes = input.data_shapes.size();
  std::size_t used = 0;
  // Every picture is used, and every shape equally often, so that the shape follows from the turn.
  for (std::size_t turn = 0; turn == 0 || used < paths.size() || turn % shapes != 0; ++turn) {
    const Shape& shape = input.data_shapes[turn % shapes];
    tensors.push_back(picture_tensor(input, shape, paths, used, log));
    used += picture_shape(input, shape).batch;
  }
  return tensors;
}

/// Elements of `type` at `data` as a tensor of the input's own type.
Tensor converted(const InputPlan& input, const Shape& shape, element::Type type, const void* data) {
  const Tensor tensor(input.type, shape);
  if (type == input.type && input.mean.empty() && input.scale.empty()) {
    std::memcpy(tensor.data(), data, tensor.get_byte_size());
  } else {
    write_values(tensor, [&](std::size_t i) { return normalised(input, shape, i, read_value(type, data, i)); });
  }
  return tensor;
}

Tensor array_tensor(InputPlan& input, const std::string& path, std::size_t turn) {
  const Array array = read_array(path);
  if (array.type != input.type && array.type != input.data_type) {
    complain(path + ": holds " + array.type.to_string() + ", expected " + input.type.to_string() + " for input '" +
             input.name + "'; convert it, or name its type with -ip");
  }
  const bool known = turn < input.data_shapes.size() || input.is_static();
  const bool fits =
      known ? array.shape == input.data_shapes[turn % input.data_shapes.size()] : input.shape.accepts(array.shape);
  if (!fits) {
    complain(path + ": has the shape " + array.shape.to_string() + ", which does not fit input '" + input.name +
             "' of shape " + input.shape.to_string());
  }
  if (!known) input.data_shapes.push_back(array.shape);
  return converted(input, array.shape, array.type, array.bytes.data());
}

Tensor binary_tensor(const InputPlan& input, const std::string& path, std::size_t turn) {
  const Shape& shape = input.data_shapes[turn % input.data_shapes.size()];
  const std::string bytes = read_bytes(path);
  for (const element::Type type : {input.type, input.data_type}) {
    if (bytes.size() == (shape_size(shape) * type.bitwidth() + 7) / 8)
      return converted(input, shape, type, bytes.data());
  }
  complain(path + ": holds " + std::to_string(bytes.size()) + " bytes, expected " +
           std::to_string((shape_size(shape) * input.type.bitwidth() + 7) / 8) + " for " + input.type.to_string() +
           " " + shape.to_string() + " of input '" + input.name + "'");
}

std::vector<Tensor> tensors_of(InputPlan& input, const InputFiles& files, const InputDataLog& log) {
  if (input.data_shapes.empty() && files.kind != Kind::kArrays) {
    complain("input '" + input.name + "' has the shape " + input.shape.to_string() +
             ": say which shapes to measure, for example -data_shape " + input.name + "[1,64]");
  }
  std::vector<Tensor> tensors;
  switch (files.kind) {
    case Kind::kRandom:
      log.warning("No input files were given for input '" + input.name +
                  "'!. This input will be filled with random values!");
      log.info("Fill input '" + input.name + "' with random values ");
      return random_tensors(input);
    case Kind::kImages: return picture_tensors(input, files.paths, log);
    case Kind::kArrays:
      for (const std::string& path : files.paths) tensors.push_back(array_tensor(input, path, tensors.size()));
      return tensors;
    case Kind::kBinaries:
      if (files.paths.size() % input.data_shapes.size() != 0) {
        complain("-i: input '" + input.name + "' gets " + std::to_string(files.paths.size()) + " files for " +
                 std::to_string(input.data_shapes.size()) + " data shapes; expected a multiple");
      }
      for (const std::string& path : files.paths) tensors.push_back(binary_tensor(input, path, tensors.size()));
      return tensors;
  }
  return tensors;
}

}  // namespace

std::vector<Tensor> InputData::at(std::size_t turn) const {
  std::vector<Tensor> set;
  for (const std::vector<Tensor>& of_input : tensors_) set.push_back(of_input[turn % of_input.size()]);
  return set;
}

InputData make_input_data(std::vector<InputPlan>& inputs, const InputMapping& mapping, const InputDataLog& log) {
  std::vector<std::vector<Tensor>> tensors;
  for (InputPlan& input : inputs) {
    const auto found = mapping.files.find(input.name);
    tensors.push_back(tensors_of(input, found == mapping.files.end() ? InputFiles() : found->second, log));
  }
  return InputData(std::move(tensors));
}

}  // namespace baton::bench
