// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "request.h"
#include "session.h"

namespace baton::engine::onnxruntime {

/// Thread-safety: safe. Ownership: shares the session with its requests; the last one releases it, arena included.
class OrtExecutable final : public Executable {
 public:
  /// `request`: what an export loads again; none: it cannot be exported.
  OrtExecutable(std::shared_ptr<Session> session, std::optional<CompileRequest> request, ExecutableTraits traits,
                std::string threads)
      : session_(std::move(session)),
        request_(std::move(request)),
        traits_(std::move(traits)),
        threads_(std::move(threads)) {}

  const ExecutableTraits& traits() const override { return traits_; }
  base::Result<std::unique_ptr<EngineRequest>> create_request() override { return OrtRequest::create(session_); }
  base::Result<std::string> property(const std::string& key) const override;
  base::Status export_model(std::ostream& out) const override;
  void leave_a_core(bool on) override {
    if (session_->yielding) session_->yielding->leave_a_core(on);
  }

 private:
  const std::shared_ptr<Session> session_;
  const std::optional<CompileRequest> request_;
  const ExecutableTraits traits_;
  const std::string threads_;  ///< INFERENCE_NUM_THREADS
};

}  // namespace baton::engine::onnxruntime
