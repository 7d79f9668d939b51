// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sample_model.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace baton::tool {
namespace {

using Dims = std::vector<std::int64_t>;

/// Writes one protobuf message.
class Message {
 public:
  Message& number(int field, std::uint64_t value) {
    varint(static_cast<std::uint64_t>(field) << 3);
    varint(value);
    return *this;
  }
  Message& bytes(int field, std::string_view value) {
    varint(static_cast<std::uint64_t>(field) << 3 | 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(int field, const Message& value) { return bytes(field, value.bytes_); }
  Message& numbers(int field, const Dims& values) {
    for (std::int64_t value : values) number(field, static_cast<std::uint64_t>(value));
    return *this;
  }
  std::string take() { return std::move(bytes_); }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

constexpr int kFloat = 1;  // TensorProto.DataType
constexpr int kAttributeInts = 7;

Message ints_attribute(std::string_view name, const Dims& values) {
  return Message().bytes(1, name).numbers(8, values).number(20, kAttributeInts);
}

Message value_info(std::string_view name, const Dims& dims) {
  Message shape;
  for (std::int64_t dim : dims) shape.message(1, Message().number(1, static_cast<std::uint64_t>(dim)));
  return Message().bytes(1, name).message(2, Message().message(1, Message().number(1, kFloat).message(2, shape)));
}

/// The graph under construction: each call adds a layer on top of the last one.
class Network {
 public:
  explicit Network(std::string input) : top_(std::move(input)) {}

  /// Convolution with as much padding as keeps the centre, then Relu.
  void convolution(std::int64_t channels_in, std::int64_t channels_out, std::int64_t kernel, std::int64_t stride) {
    const std::string weights = weight({channels_out, channels_in, kernel, kernel}, channels_in * kernel * kernel);
    const std::int64_t pad = kernel / 2;
    node("Conv", {top_, weights},
         {ints_attribute("strides", {stride, stride}), ints_attribute("pads", {pad, pad, pad, pad})});
    node("Relu", {top_}, {});
  }

  /// Mean over the picture, then one score for each class.
  void classifier(std::int64_t channels, std::int64_t classes) {
    node("GlobalAveragePool", {top_}, {});
    node("Flatten", {top_}, {});
    node("MatMul", {top_, weight({channels, classes}, channels)}, {});
  }

  std::string finish(const Message& input, std::string_view output_name, const Message& output) {
    node("Identity", {top_}, {}, output_name);
    graph_.bytes(2, "baton_sample").message(11, input).message(12, output);
    return Message()
        .number(1, 8)  // ir_version
        .message(7, graph_)
        .message(8, Message().number(2, 13))  // opset
        .take();
  }

 private:
  void node(std::string_view type, const std::vector<std::string>& inputs, const std::vector<Message>& attributes,
            std::string_view output = {}) {
    Message message;
    for (const std::string& input : inputs) message.bytes(1, input);
    top_ = output.empty() ? "t" + std::to_string(++count_) : std::string(output);
    message.bytes(2, top_).bytes(4, type);
    for (const Message& attribute : attributes) message.message(5, attribute);
    graph_.message(1, message);
  }

  /// Uniform noise whose variance keeps the size of activations from layer to layer.
  std::string weight(const Dims& dims, std::int64_t inputs) {
    std::size_t count = 1;
    for (std::int64_t dim : dims) count *= static_cast<std::size_t>(dim);
    const float range = std::sqrt(6.0F / static_cast<float>(inputs));
    std::vector<float> values(count);
    for (float& value : values) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      value = (static_cast<float>(state_ >> 40) / static_cast<float>(1 << 23) - 1) * range;
    }
    const std::string name = "w" + std::to_string(++count_);
    const std::string_view raw(reinterpret_cast<const char*>(values.data()), count * sizeof(float));
    graph_.message(5, Message().numbers(1, dims).number(2, kFloat).bytes(8, name).bytes(9, raw));
    return name;
  }

  Message graph_;
  std::string top_;
  int count_ = 0;
  std::uint64_t state_ = 1;
};

}  // namespace

std::string sample_model() {
  Network network("picture");
  network.convolution(3, 32, 7, 2);
  for (std::int64_t channels : {64, 128, 256}) {
    network.convolution(channels / 2, channels, 3, 2);
    network.convolution(channels, channels, 3, 1);
  }
  network.classifier(256, 1000);
  return network.finish(value_info("picture", {1, 3, 224, 224}), "scores", value_info("scores", {1, 1000}));
}

}  // namespace baton::tool
