// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "random/checked_engine.h"

#include <utility>

#include "random/lock_depth.h"

namespace baton::test {

void Verdict::expect_no_lock(const char* where) {
  if (lock_depth() != 0) fail(std::string("a lock is held in ") + where);
}

namespace {

using base::Result;
using base::Status;
using engine::CompileRequest;
using engine::OutputSink;
using engine::TensorView;

class CheckedRequest final : public engine::EngineRequest {
 public:
  CheckedRequest(std::unique_ptr<engine::EngineRequest> real, EngineWatch& watch)
      : real_(std::move(real)), watch_(watch) {
    ++watch_.requests;
  }
  ~CheckedRequest() override {
    watch_.verdict->expect_no_lock("the end of an engine's request");
    if (--watch_.requests < 0) watch_.verdict->fail("a request of an engine was destroyed twice");
  }

  Status run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) override {
    watch_.verdict->expect_no_lock("EngineRequest::run");
    return real_->run(inputs, outputs);
  }
  bool start(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs,
             const Completion& done) override {
    watch_.verdict->expect_no_lock("EngineRequest::start");
    return real_->start(inputs, outputs, done);
  }
  void cancel() override {
    watch_.verdict->expect_no_lock("EngineRequest::cancel");
    real_->cancel();
  }

 private:
  const std::unique_ptr<engine::EngineRequest> real_;
  EngineWatch& watch_;
};

class CheckedExecutable final : public engine::Executable {
 public:
  CheckedExecutable(std::unique_ptr<engine::Executable> real, EngineWatch& watch)
      : real_(std::move(real)), watch_(watch) {
    ++watch_.executables;
  }
  ~CheckedExecutable() override {
    watch_.verdict->expect_no_lock("the end of an executable");
    if (--watch_.executables < 0) watch_.verdict->fail("an executable was destroyed twice");
  }

  const engine::ExecutableTraits& traits() const override { return real_->traits(); }
  Result<std::unique_ptr<engine::EngineRequest>> create_request() override {
    watch_.verdict->expect_no_lock("Executable::create_request");
    auto made = real_->create_request();
    if (!made.is_ok()) return made.status();
    return std::unique_ptr<engine::EngineRequest>(std::make_unique<CheckedRequest>(std::move(made).value(), watch_));
  }
  Result<std::string> property(const std::string& key) const override {
    watch_.verdict->expect_no_lock("Executable::property");
    return real_->property(key);
  }

 private:
  const std::unique_ptr<engine::Executable> real_;
  EngineWatch& watch_;
};

class CheckedEngine final : public engine::Engine {
 public:
  CheckedEngine(std::unique_ptr<engine::Engine> real, EngineWatch& watch) : real_(std::move(real)), watch_(watch) {}

  const std::string& name() const override { return real_->name(); }
  std::string version() const override { return real_->version(); }
  Result<std::vector<engine::DeviceReport>> enumerate(std::span<const std::string> families) override {
    watch_.verdict->expect_no_lock("Engine::enumerate");
    return real_->enumerate(families);
  }
  engine::SupportAnswer supports(const engine::DeviceReport& device, const model::Model& model) const override {
    watch_.verdict->expect_no_lock("Engine::supports");
    return real_->supports(device, model);
  }
  void open_parts(const std::string& device, model::Format format, std::stop_token stop) override {
    watch_.verdict->expect_no_lock("Engine::open_parts");
    real_->open_parts(device, format, std::move(stop));
  }
  CompileResult compile(const CompileRequest& request, std::stop_token stop) override {
    watch_.verdict->expect_no_lock("Engine::compile");
    return real_->compile(request, std::move(stop));
  }
  bool start_compile(const CompileRequest& request, std::stop_token stop, const CompileDone& done) override {
    watch_.verdict->expect_no_lock("Engine::start_compile");
    const auto names = begin_load(request);
    return real_->start_compile(request, std::move(stop), [this, names, done](CompileResult result) {
      for (const std::string& name : names) --watch_.loading[name];
      if (result.is_ok())
        result =
            std::unique_ptr<engine::Executable>(std::make_unique<CheckedExecutable>(std::move(result).value(), watch_));
      done(std::move(result));
    });
  }
  Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) override {
    return real_->infer_output_shapes(model);
  }
  Result<std::string> device_property(const std::string& device, const std::string& key) override {
    watch_.verdict->expect_no_lock("Engine::device_property");
    return real_->device_property(device, key);
  }

 private:
  /// B-547: one compile per engine and device at a time in the process; and no pair of a model twice at once.
  std::vector<std::string> begin_load(const CompileRequest& request) {
    const std::string place = name() + " on " + request.device;
    std::string pair = place + " " + std::string(engine::to_string(request.profile)) + " " +
                       std::string(engine::to_string(request.precision)) + " " +
                       std::string(engine::to_string(request.hint)) + " of model " +
                       std::to_string(reinterpret_cast<std::uintptr_t>(request.model.data.get()));
    for (const PartialShape& shape : request.model.input_shapes) pair += " " + shape.to_string();
    std::vector<std::string> names{place, pair};
    for (const std::string& load : names) {
      if (++watch_.loading[load] > 1) watch_.verdict->fail("loaded twice at once: " + load);
    }
    return names;
  }

  const std::unique_ptr<engine::Engine> real_;
  EngineWatch& watch_;
};

}  // namespace

std::unique_ptr<engine::Engine> checked(std::unique_ptr<engine::Engine> engine, EngineWatch& watch) {
  return std::make_unique<CheckedEngine>(std::move(engine), watch);
}

}  // namespace baton::test
