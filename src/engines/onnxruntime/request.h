// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/mutex.h"
#include "engine/engine.h"
#include "session.h"

namespace baton::engine::onnxruntime {

/// One slot of a session. Tensors are bound to the caller's memory, and bindings are kept while memory and shapes stay
/// the same, so a repeated run allocates nothing here.
/// Thread-safety: as EngineRequest. Ownership: shares the session.
class OrtRequest final : public EngineRequest {
 public:
  static base::Result<std::unique_ptr<EngineRequest>> create(std::shared_ptr<Session> session);

  base::Status run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) override;
  void cancel() override;

 private:
  /// A tensor of the caller as ONNX Runtime sees it.
  struct Bound {
    ValueHandle value;
    void* data = nullptr;
    std::vector<std::int64_t> shape;
    int uses = 0;  ///< that were told of (HostMemory::use)
    bool is(const void* memory, std::span<const std::size_t> dims) const;
  };

  OrtRequest(std::shared_ptr<Session> session, RunOptionsHandle options);

  base::Status bind_texts(const SessionPort& port, const TensorView& view, Bound& bound);
  base::Status bind_input(std::size_t index, const TensorView& view);
  base::Status bind_output(std::size_t index, OutputSink& sink);
  base::Status bind(const SessionPort& port, void* data, std::span<const std::size_t> shape, Bound& bound);
  void tell_use(Bound& bound);
  base::Status run_bound(std::span<OutputSink* const> outputs);
  base::Status run_session();
  base::Status collect_output(std::size_t index, OutputSink& sink);

  const std::shared_ptr<Session> session_;
  const RunOptionsHandle options_;
  std::vector<const char*> input_names_;
  std::vector<const char*> output_names_;

  // Used by the running thread alone.
  std::vector<Bound> bound_inputs_;
  std::vector<Bound> bound_outputs_;
  std::vector<const OrtValue*> input_values_;
  std::vector<OrtValue*> output_values_;  ///< null: ONNX Runtime allocates
  std::vector<std::int64_t> fetched_dims_;
  std::vector<std::size_t> fetched_shape_;

  base::Mutex mutex_;
  bool running_ BATON_GUARDED_BY(mutex_) = false;
  bool cancelled_ BATON_GUARDED_BY(mutex_) = false;
};

}  // namespace baton::engine::onnxruntime
