// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// ONNX Runtime through its C++ header, on the CPU or (--device cuda) by its CUDA provider. The library is opened with
// dlopen by its full path, because the wheel carries it under a name that no linker looks for; the time is the same as
// for a linked one and counts likewise.
#include <dlfcn.h>

#define ORT_API_MANUAL_INIT
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <thread>

#include "driver.h"

namespace {

using startup::Input;
using startup::Options;
using startup::Output;

/// Returns the library's version.
std::string open_library() {
  const char* other = std::getenv("BATON_BENCH_ONNXRUNTIME");
  void* library = dlopen(other ? other : BATON_BENCH_ONNXRUNTIME, RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(std::string("cannot open onnxruntime: ") + dlerror());
  const auto base = reinterpret_cast<decltype(&OrtGetApiBase)>(dlsym(library, "OrtGetApiBase"));
  const OrtApi* api = base ? base()->GetApi(ORT_API_VERSION) : nullptr;
  if (!api) throw std::runtime_error("onnxruntime does not offer API version " + std::to_string(ORT_API_VERSION));
  Ort::InitApi(api);
  return base()->GetVersionString();
}

/// With the provider's own defaults.
void append_cuda(Ort::SessionOptions& session_options) {
  OrtCUDAProviderOptionsV2* options = nullptr;
  Ort::ThrowOnError(Ort::GetApi().CreateCUDAProviderOptions(&options));
  Ort::ThrowOnError(Ort::GetApi().SessionOptionsAppendExecutionProvider_CUDA_V2(session_options, options));
  Ort::GetApi().ReleaseCUDAProviderOptions(options);
}

ONNXTensorElementDataType element_type(const std::string& type) {
  if (type == "i32") return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
  if (type == "i64") return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
  return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
}

struct ElementName {
  const char* name;
  std::size_t bytes;
};

ElementName element_name(ONNXTensorElementDataType type) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT: return {"f32", 4};
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32: return {"i32", 4};
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64: return {"i64", 8};
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8: return {"u8", 1};
    default:
      throw std::runtime_error("output of element type " + std::to_string(type) + ": expected f32, i32, i64 or u8");
  }
}

class OnnxRuntime final : public startup::Implementation {
 public:
  void load(const Options& options) override {
    version_ = open_library();
    env_.emplace(ORT_LOGGING_LEVEL_FATAL, "startup");
    Ort::SessionOptions session_options;
    if (options.device == "fast") {
      session_options.SetGraphOptimizationLevel(ORT_DISABLE_ALL);
      session_options.AddConfigEntry("session.disable_prepacking", "1");
    } else if (options.device == "cuda") {
      cuda_ = true;
      append_cuda(session_options);
    } else if (!options.device.empty() && options.device != "full") {
      throw std::runtime_error("--device: expected full, fast or cuda, got '" + options.device + "'");
    }
    session_.emplace(*env_, options.model.c_str(), session_options);
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    for (const Input& input : options.inputs) {
      const std::vector<std::int64_t> shape(input.shape.begin(), input.shape.end());
      input_names_.push_back(input.name.c_str());
      inputs_.push_back(Ort::Value::CreateTensor(memory, input.data, input.bytes, shape.data(), shape.size(),
                                                 element_type(input.type)));
    }
    owned_names_ = session_->GetOutputNames();
    for (const std::string& name : owned_names_) output_names_.push_back(name.c_str());
  }

  void infer() override { outputs_ = run(); }

  /// A session may be run by several threads: by one for each core.
  std::size_t flood(startup::Clock::time_point until) override {
    std::atomic<std::size_t> answers{0};
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
      threads.emplace_back([&] {
        do {
          run();
          ++answers;
        } while (startup::Clock::now() < until);
      });
    }
    threads.clear();
    return answers;
  }

  std::vector<Output> outputs() override {
    std::vector<Output> list;
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      const auto info = outputs_[i].GetTensorTypeAndShapeInfo();
      const auto shape = info.GetShape();
      const ElementName element = element_name(info.GetElementType());
      list.push_back({.name = owned_names_[i],
                      .type = element.name,
                      .shape = {shape.begin(), shape.end()},
                      .data = outputs_[i].GetTensorRawData(),
                      .bytes = info.GetElementCount() * element.bytes});
    }
    return list;
  }

  void describe(startup::Json& record) override {
    record["version"] = version_;
    record["execution_devices"] = {cuda_ ? "GPU" : "CPU"};
    record["precision"] = cuda_ ? "tf32" : "f32";
  }

 private:
  std::vector<Ort::Value> run() {
    return session_->Run(Ort::RunOptions{nullptr}, input_names_.data(), inputs_.data(), inputs_.size(),
                         output_names_.data(), output_names_.size());
  }

  std::string version_;
  bool cuda_ = false;
  std::optional<Ort::Env> env_;
  std::optional<Ort::Session> session_;
  std::vector<const char*> input_names_;
  std::vector<Ort::Value> inputs_;
  std::vector<std::string> owned_names_;
  std::vector<const char*> output_names_;
  std::vector<Ort::Value> outputs_;
};

}  // namespace

int main(int argc, char** argv) {
  OnnxRuntime implementation;
  return startup::measure(argc, argv, implementation);
}
