// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the tests of this folder share: an engine, models from files and bytes, one run with owned outputs.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/log.h"
#include "model/onnx_reader.h"
#include "model/source.h"
#include "openvino_engine.h"

namespace baton::engine::openvino {

class SilentLog final : public base::LogSink {
 public:
  bool enabled(base::LogLevel) const override { return false; }
  void write(base::LogLevel, std::string_view, std::string_view, std::string_view, int) override {}
};

inline OpenVinoEngine& test_engine() {
  static SilentLog log;
  static const ModuleContext context{&base::thread_executor(), &log, {}, {}, {}};
  static OpenVinoEngine engine(context);
  return engine;
}

/// The value, or an exception with the message: a test that expects success then fails with the reason.
template <typename T>
T must(base::Result<T> result) {
  if (!result.is_ok()) throw std::runtime_error(result.status().message());
  return std::move(result).value();
}

inline model::Model as_declared(std::shared_ptr<const model::ModelData> data) {
  model::Model model{std::move(data), {}};
  for (const auto& port : model.facts().inputs) model.input_shapes.push_back(port.shape);
  return model;
}

inline model::Model read_file(const std::filesystem::path& path, model::Format format) {
  model::Source source = must(model::open_source(path));
  return as_declared(format == model::Format::kOnnx ? must(model::read_onnx(std::move(source)))
                                                    : must(test_engine().read(source, format)));
}

inline model::Model read_onnx_bytes(std::string bytes) {
  return as_declared(must(model::read_onnx(must(model::open_memory(model::Bytes::own(std::move(bytes)))))));
}

/// Owns what an output writes.
class OwnedOutput final : public OutputSink {
 public:
  void* reserve(element::Type new_type, std::span<const std::size_t> new_shape) override {
    type = new_type;
    shape.assign(new_shape.begin(), new_shape.end());
    std::size_t count = 1;
    for (const std::size_t length : shape) count *= length;
    if (refuse) return nullptr;
    bytes.resize((count * type.bitwidth() + 7) / 8);
    return bytes.data();
  }
  const float* floats() const { return reinterpret_cast<const float*>(bytes.data()); }
  std::size_t float_count() const { return bytes.size() / sizeof(float); }

  element::Type type;
  std::vector<std::size_t> shape;
  std::vector<std::byte> bytes;
  bool refuse = false;
};

/// Owned inputs and outputs of one request.
class Tensors {
 public:
  explicit Tensors(std::size_t output_count) : outputs(output_count) {
    for (auto& output : outputs) sinks_.push_back(&output);
  }
  template <typename T>
  Tensors& input(element::Type type, std::vector<std::size_t> shape, const std::vector<T>& values) {
    inputs_.push_back(Input{type, std::move(shape), std::vector<std::byte>(values.size() * sizeof(T))});
    std::memcpy(inputs_.back().bytes.data(), values.data(), inputs_.back().bytes.size());
    return *this;
  }
  std::span<const TensorView> views() {
    views_.clear();
    for (auto& input : inputs_) views_.push_back({input.type, input.shape, input.bytes.data(), input.bytes.size()});
    return views_;
  }
  std::span<OutputSink* const> sinks() const { return sinks_; }

  std::vector<OwnedOutput> outputs;

 private:
  struct Input {
    element::Type type;
    std::vector<std::size_t> shape;
    std::vector<std::byte> bytes;
  };
  std::vector<Input> inputs_;
  std::vector<TensorView> views_;
  std::vector<OutputSink*> sinks_;
};

inline CompileRequest on_cpu(model::Model model, Precision precision = Precision::kFull) {
  CompileRequest request;
  request.model = std::move(model);
  request.device = "CPU";
  request.precision = precision;
  return request;
}

inline std::unique_ptr<EngineRequest> compiled_request(const CompileRequest& request) {
  const auto executable = must(test_engine().compile(request, {}));
  return must(executable->create_request());
}

/// One f32 input, every output: runs once.
inline std::vector<OwnedOutput> run_once(const CompileRequest& request, std::vector<std::size_t> shape,
                                         const std::vector<float>& values) {
  Tensors tensors(request.model.facts().outputs.size());
  tensors.input(element::f32, std::move(shape), values);
  const base::Status status = compiled_request(request)->run(tensors.views(), tensors.sinks());
  if (!status.is_ok()) throw std::runtime_error(status.message());
  return std::move(tensors.outputs);
}

inline float largest_difference(const float* a, const float* b, std::size_t count) {
  float largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const float difference = a[i] < b[i] ? b[i] - a[i] : a[i] - b[i];
    if (!(difference <= largest)) largest = difference;  // keeps a NaN
  }
  return largest;
}

/// Lets a test wait for a completion.
class Waiter {
 public:
  EngineRequest::Completion completion() {
    return [this](base::Status status) {
      const std::lock_guard lock(mutex_);
      statuses_.push_back(std::move(status));
      changed_.notify_all();
    };
  }
  base::Status wait(std::size_t count = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return statuses_.size() >= count; });
    return statuses_[count - 1];
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return statuses_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<base::Status> statuses_;
};

}  // namespace baton::engine::openvino
