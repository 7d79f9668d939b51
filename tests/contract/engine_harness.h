// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What tests of engines need around them: tensors, sinks, models, the folders of libraries, and every engine of the
// build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/registry.h"
#include "model/model.h"

namespace baton::test {

/// An input with memory of its own.
struct InputData {
  element::Type type;
  Shape shape;
  std::string bytes;

  template <typename T>
  static InputData of(Shape shape, const std::vector<T>& values) {
    return {element::from<T>(),
            std::move(shape),
            {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}};
  }
  engine::TensorView view() { return {type, shape, bytes.data(), bytes.size()}; }
};

/// Takes one output. `limit`: bytes that fit; more is refused.
class MemorySink final : public engine::OutputSink {
 public:
  explicit MemorySink(std::size_t limit = SIZE_MAX) : limit_(limit) {}

  void* reserve(element::Type type, std::span<const std::size_t> shape) override;

  element::Type type() const { return type_; }
  const Shape& shape() const { return shape_; }
  int calls() const { return calls_; }

  template <typename T>
  std::vector<T> values() const {
    const auto* first = reinterpret_cast<const T*>(memory_.data());
    return std::vector<T>(first, first + shape_size(shape_));
  }

 private:
  const std::size_t limit_;
  element::Type type_;
  Shape shape_;
  std::vector<std::max_align_t> memory_;
  int calls_ = 0;
};

/// One run with fresh sinks.
struct RunResult {
  base::Status status;
  std::vector<MemorySink> outputs;
};
RunResult run(engine::EngineRequest& request, std::vector<InputData> inputs, std::size_t outputs = 1);

/// Models from bytes, from a file, and with other input shapes. Throw std::runtime_error for what cannot be read.
model::Model model_of(const std::string& onnx_bytes);
model::Model model_at(const std::filesystem::path& file);
model::Model reshaped(model::Model model, std::vector<PartialShape> shapes);

/// Folders where engine libraries may be: BATON_LIBRARY_PATH, then those found by the build.
std::vector<std::string> library_folders();

/// Where the tests keep what trials of foreign libraries said.
std::filesystem::path verdict_folder();

/// Logs nothing.
base::LogSink& silent_log();

/// The engines of this build, with one simulated device; made at the first call.
engine::Registry& engines();

/// Threads of this process.
std::size_t count_threads();

}  // namespace baton::test
