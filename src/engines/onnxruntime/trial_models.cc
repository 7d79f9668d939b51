// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "trial_models.h"

#include <initializer_list>
#include <utility>
#include <vector>

#include "model/onnx_reader.h"

namespace baton::engine::onnxruntime {
namespace {

// Protocol Buffers' wire format: a field is its number and kind in one byte, then a number below 128 or a length and
// bytes. Field numbers are those of onnx.proto.

std::string number(int field, int value) { return {static_cast<char>(field << 3), static_cast<char>(value)}; }

/// REQUIRES: less than 16384 bytes.
std::string bytes(int field, const std::string& content) {
  std::string result(1, static_cast<char>(field << 3 | 2));
  if (content.size() >= 128) {
    result += static_cast<char>((content.size() & 127) | 128);
    result += static_cast<char>(content.size() >> 7);
  } else {
    result += static_cast<char>(content.size());
  }
  return result + content;
}

std::string node(const std::string& type, const std::string& first, const std::string& second, const std::string& out) {
  return bytes(1, bytes(1, first) + bytes(1, second) + bytes(2, out) + bytes(4, type));
}

/// A ValueInfoProto with a tensor type; `field`: 11 for an input of the graph, 12 for an output.
std::string port(int field, const std::string& name, int type, std::initializer_list<std::size_t> shape) {
  std::string dims;
  for (const std::size_t dim : shape) dims += bytes(1, number(1, static_cast<int>(dim)));
  return bytes(field, bytes(1, name) + bytes(2, bytes(1, number(1, type) + bytes(2, dims))));
}

/// IR version 8, operator set 13.
std::string model_of(const std::string& graph) {
  return number(1, 8) + bytes(7, graph + bytes(2, "trial")) + bytes(8, number(2, 13));
}

}  // namespace

std::string addition(int type) {
  return model_of(node("Add", "a", "b", "y") + port(11, "a", type, {kTrialSide}) + port(11, "b", type, {kTrialSide}) +
                  port(12, "y", type, {kTrialSide}));
}

std::string chain() {
  constexpr int kF32 = 1;
  return model_of(node("MatMul", "a", "b", "c") + node("Add", "c", "a", "d") + node("Mul", "d", "b", "y") +
                  port(11, "a", kF32, {kTrialSide, kTrialSide}) + port(11, "b", kF32, {kTrialSide, kTrialSide}) +
                  port(12, "y", kF32, {kTrialSide, kTrialSide}));
}

base::Result<model::Model> trial_model(std::string bytes) {
  model::Source source;
  source.bytes = model::Bytes::own(std::move(bytes));
  auto data = model::read_onnx(std::move(source));
  if (!data.is_ok()) return data.status();
  model::Model model;
  model.data = std::move(data).value();
  for (const model::Port& port : model.facts().inputs) model.input_shapes.push_back(port.shape);
  return model;
}

}  // namespace baton::engine::onnxruntime
