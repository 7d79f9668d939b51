// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// An engine that computes nothing, so that what is measured around it is Baton alone. Its profile `fast` takes kFastRun
// for a run, as a helper would; `full` returns at once.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace baton::benchmark {

inline constexpr std::chrono::microseconds kFastRun{200};

struct NullOutput {
  element::Type type;
  std::vector<std::size_t> shape;
};

/// A request whose outputs are all zero.
std::unique_ptr<engine::EngineRequest> make_null_request(engine::Profile profile, std::vector<NullOutput> outputs);

class NullEngine final : public engine::Engine {
 public:
  const std::string& name() const override { return name_; }
  std::string version() const override { return "1.0"; }
  base::Result<std::vector<engine::DeviceReport>> enumerate(std::span<const std::string> families) override;
  engine::SupportAnswer supports(const engine::DeviceReport& device, const model::Model& model) const override;
  CompileResult compile(const engine::CompileRequest& request, std::stop_token stop) override;

 private:
  const std::string name_ = "null";
};

}  // namespace baton::benchmark
