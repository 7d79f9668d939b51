// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "null_engine.h"

#include <cstring>
#include <thread>

namespace baton::benchmark {
namespace {

class NullRequest final : public engine::EngineRequest {
 public:
  NullRequest(Duration run_time, std::vector<NullOutput> outputs)
      : run_time_(run_time), outputs_(std::move(outputs)), memory_(outputs_.size()) {}

  base::Status run(std::span<const engine::TensorView>, std::span<engine::OutputSink* const> sinks) override {
    if (run_time_ > Duration::zero()) {
      const auto end = std::chrono::steady_clock::now() + run_time_;
      while (std::chrono::steady_clock::now() < end) {
      }
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      void* memory = sinks[i]->reserve(outputs_[i].type, outputs_[i].shape);
      if (!memory) return base::Status::invalid_argument("output " + std::to_string(i) + ": the tensor is too small");
      if (memory != memory_[i])
        std::memset(memory, 0, bytes(outputs_[i]));  // the memory of the run before is zero already
      memory_[i] = memory;
    }
    return base::Status::ok();
  }

 private:
  static std::size_t bytes(const NullOutput& output) {
    std::size_t count = output.type.size();
    for (std::size_t length : output.shape) count *= length;
    return count;
  }

  const Duration run_time_;
  const std::vector<NullOutput> outputs_;
  std::vector<void*> memory_;
};

class NullExecutable final : public engine::Executable {
 public:
  NullExecutable(Duration run_time, std::vector<NullOutput> outputs)
      : run_time_(run_time), outputs_(std::move(outputs)) {
    traits_.optimal_requests = 4;
  }
  const engine::ExecutableTraits& traits() const override { return traits_; }
  base::Result<std::unique_ptr<engine::EngineRequest>> create_request() override {
    return make_null_request(run_time_, outputs_);
  }

 private:
  const Duration run_time_;
  const std::vector<NullOutput> outputs_;
  engine::ExecutableTraits traits_;
};

}  // namespace

std::unique_ptr<engine::EngineRequest> make_null_request(Duration run_time, std::vector<NullOutput> outputs) {
  return std::make_unique<NullRequest>(run_time, std::move(outputs));
}

base::Result<std::vector<engine::DeviceReport>> NullEngine::enumerate(std::span<const std::string>) {
  return std::vector<engine::DeviceReport>{};  // the CPU stands in the manifest
}

engine::SupportAnswer NullEngine::supports(const engine::DeviceReport&, const model::Model&) const {
  return {engine::Support::kYes, {}};
}

engine::Engine::CompileResult NullEngine::compile(const engine::CompileRequest& request, std::stop_token) {
  std::vector<NullOutput> outputs;
  for (const model::Port& port : request.model.facts().outputs) {
    if (port.shape.is_dynamic()) return base::Status::unsupported("the null engine has static outputs only");
    outputs.push_back({port.type, port.shape.to_shape()});
  }
  std::this_thread::sleep_for(load_time_);
  return std::unique_ptr<engine::Executable>(std::make_unique<NullExecutable>(run_time_, std::move(outputs)));
}

}  // namespace baton::benchmark
