// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "auto/batch_collector.h"
#include "engine/engine.h"

namespace baton::autodev {

/// An executable that wraps an executable: its requests run alone or together with others, as the collector decides.
/// Thread-safety: safe. Ownership: shares the collector with its requests.
class BatchExecutable final : public engine::Executable {
 public:
  explicit BatchExecutable(std::shared_ptr<BatchCollector> collector);
  ~BatchExecutable() override { stop_.request_stop(); }

  const engine::ExecutableTraits& traits() const override { return traits_; }
  base::Result<std::unique_ptr<engine::EngineRequest>> create_request() override;
  base::Result<std::string> property(const std::string& key) const override;
  base::Status export_model(std::ostream& out) const override { return collector_->parts().single->export_model(out); }

  /// Of the batch's load: it is not wanted any more once this is gone.
  std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  const std::shared_ptr<BatchCollector> collector_;
  engine::ExecutableTraits traits_;
  std::stop_source stop_;
};

}  // namespace baton::autodev
