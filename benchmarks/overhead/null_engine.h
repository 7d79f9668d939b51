// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Engines that compute nothing, so that what is measured around them is Baton alone. `null` takes kTargetLoad to load
// and returns from a run at once; `null.helper` loads at once and takes kHelperRun for a run, so that there is a
// hand-over.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace baton::benchmark {

using Duration = std::chrono::steady_clock::duration;

inline constexpr std::chrono::milliseconds kTargetLoad{50};
inline constexpr std::chrono::microseconds kHelperRun{200};

struct NullOutput {
  element::Type type;
  std::vector<std::size_t> shape;
};

/// A request whose outputs are all zero and whose run takes `run_time` of the CPU.
std::unique_ptr<engine::EngineRequest> make_null_request(Duration run_time, std::vector<NullOutput> outputs);

class NullEngine final : public engine::Engine {
 public:
  NullEngine(std::string name, Duration load_time, Duration run_time)
      : name_(std::move(name)), load_time_(load_time), run_time_(run_time) {}

  const std::string& name() const override { return name_; }
  std::string version() const override { return "1.0"; }
  base::Result<std::vector<engine::DeviceReport>> enumerate(std::span<const std::string> families) override;
  engine::SupportAnswer supports(const engine::DeviceReport& device, const model::Model& model) const override;
  CompileResult compile(const engine::CompileRequest& request, std::stop_token stop) override;

 private:
  const std::string name_;
  const Duration load_time_;
  const Duration run_time_;
};

}  // namespace baton::benchmark
