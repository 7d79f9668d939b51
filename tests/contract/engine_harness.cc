// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "contract/engine_harness.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "base/environment.h"
#include "base/executor.h"
#include "model/onnx_reader.h"

namespace baton::test {
namespace {

/// Loads and runs take long enough to be cancelled.
constexpr const char* kSimulation = R"({
  "devices": [{"name": "CPU", "kind": "cpu", "capabilities": ["EXPORT_IMPORT", "FP32"], "full_name": "Simulated processor"}],
  "engines": [{"name": "sim"}],
  "pairs": [{"device": "CPU", "engine": "sim", "profile": "fast", "load_ms": 20, "run_ms": 5, "slots": 2},
            {"device": "CPU", "engine": "sim", "profile": "full", "load_ms": 20, "run_ms": 5, "slots": 2}]
})";

class SilentLog final : public base::LogSink {
 public:
  bool enabled(base::LogLevel) const override { return false; }
  void write(base::LogLevel, std::string_view, std::string_view, std::string_view, int) override {}
};

model::Model read(model::Source source) {
  auto data = model::read_onnx(std::move(source));
  if (!data.is_ok()) throw std::runtime_error(data.status().message());
  model::Model model{std::move(data).value(), {}};
  for (const auto& port : model.facts().inputs) model.input_shapes.push_back(port.shape);
  return model;
}

}  // namespace

void* MemorySink::reserve(element::Type type, std::span<const std::size_t> shape) {
  ++calls_;
  type_ = type;
  shape_.assign(shape.begin(), shape.end());
  const std::size_t bytes = (shape_size(shape_) * type.bitwidth() + 7) / 8;
  if (bytes > limit_) return nullptr;
  memory_.resize(bytes / sizeof(std::max_align_t) + 1);
  return memory_.data();
}

RunResult run(engine::EngineRequest& request, std::vector<InputData> inputs, std::size_t outputs) {
  RunResult result;
  std::vector<engine::TensorView> views;
  for (auto& input : inputs) views.push_back(input.view());
  result.outputs = std::vector<MemorySink>(outputs);
  std::vector<engine::OutputSink*> sinks;
  for (auto& sink : result.outputs) sinks.push_back(&sink);
  result.status = request.run(views, sinks);
  return result;
}

model::Model model_of(const std::string& onnx_bytes) {
  model::Source source;
  source.bytes = model::Bytes::own(onnx_bytes);
  return read(std::move(source));
}

model::Model model_at(const std::filesystem::path& file) {
  auto bytes = model::Bytes::map_file(file);
  if (!bytes.is_ok()) throw std::runtime_error(bytes.status().message());
  model::Source source;
  source.path = file;
  source.bytes = std::move(bytes).value();
  return read(std::move(source));
}

model::Model reshaped(model::Model model, std::vector<PartialShape> shapes) {
  model.input_shapes = std::move(shapes);
  return model;
}

std::vector<std::string> library_folders() {
  std::vector<std::string> folders = base::env::library_path();
  const std::string built_in = BATON_DEFAULT_LIBRARY_PATH;
  for (std::size_t begin = 0; begin < built_in.size();) {
    const std::size_t end = std::min(built_in.find(':', begin), built_in.size());
    if (end > begin) folders.push_back(built_in.substr(begin, end - begin));
    begin = end + 1;
  }
  return folders;
}

base::LogSink& silent_log() {
  static SilentLog log;
  return log;
}

/// In the build tree: each case is a process of its own, and not each one is to try foreign libraries anew.
std::filesystem::path verdict_folder() { return std::filesystem::path(BATON_ENGINE_FOLDER) / "test-verdicts"; }

namespace {

/// Leaked: engines' threads must not outlive it at exit.
engine::Registry& new_registry() {
  // Answers are compared as f32, and this is the only way to have TensorRT compute in it.
  ::setenv("NVIDIA_TF32_OVERRIDE", "0", 0);
  return *new engine::Registry({.executor = &base::thread_executor(),
                                .log = &silent_log(),
                                .module_path = {BATON_ENGINE_FOLDER},
                                .library_path = library_folders(),
                                .provider_libraries = base::env::provider_libraries(),
                                .verdict_folder = verdict_folder(),
                                .only_engines = {},
                                .sim_script = kSimulation});
}

}  // namespace

engine::Registry& engines() {
  static engine::Registry& registry = new_registry();
  return registry;
}

std::size_t count_threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

}  // namespace baton::test
