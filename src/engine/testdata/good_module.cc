// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A module for tests of the registry: two engines without devices of their own. Its version counts how often it was
// opened.
#include <atomic>

#include "engine/engine.h"

namespace {

std::atomic<int> opened = 0;

class TestEngine final : public baton::engine::Engine {
 public:
  TestEngine(std::string name, std::string version) : name_(std::move(name)), version_(std::move(version)) {}

  const std::string& name() const override { return name_; }
  std::string version() const override { return version_; }
  baton::base::Result<std::vector<baton::engine::DeviceReport>> enumerate(std::span<const std::string>) override {
    return std::vector<baton::engine::DeviceReport>{};
  }
  baton::engine::SupportAnswer supports(const baton::engine::DeviceReport&, const baton::model::Model&) const override {
    return {};
  }
  CompileResult compile(const baton::engine::CompileRequest&, std::stop_token) override {
    return baton::base::Status::unsupported("a test engine compiles nothing");
  }

 private:
  const std::string name_, version_;
};

}  // namespace

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext&,
                          std::vector<std::unique_ptr<baton::engine::Engine>>& engines, baton::base::Status&)
noexcept {
  const std::string version = std::to_string(++opened);
  engines.push_back(std::make_unique<TestEngine>("good", version));
  engines.push_back(std::make_unique<TestEngine>("good.second", version));
}
