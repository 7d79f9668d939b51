// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <exception>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include <openvino/runtime/infer_request.hpp>

#include "executable.h"

namespace baton::engine::openvino {

/// One ov::InferRequest that works on the caller's memory. A tensor is set again only when its memory or shape changed,
/// so the steady state adds nothing to OpenVINO's own call.
/// Thread-safety: one run at a time; `cancel` from any thread. Ownership: shares the compiled model; may be destroyed
/// inside its own completion.
class OpenVinoRequest final : public EngineRequest {
 public:
  explicit OpenVinoRequest(std::shared_ptr<const Compiled> compiled);
  ~OpenVinoRequest() override;

  base::Status run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) override;
  bool start(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs, const Completion& done) override;
  void cancel() override;
  base::Result<std::vector<NodeCounters>> counters() override;
  base::Result<std::vector<std::shared_ptr<EngineState>>> states() override;

 private:
  /// The memory that OpenVINO was last given for a port.
  struct Bound {
    const void* data = nullptr;
    ov::Shape shape;
    bool is(const void* memory, std::span<const std::size_t> dims) const;
  };

  base::Status bind(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs);
  base::Status bind_input(const Binding& port, const TensorView& view, Bound& bound);
  base::Status bind_output(const Binding& port, OutputSink& sink, Bound& bound);
  /// Hands over the outputs whose shapes were not known before the run.
  base::Status collect(std::span<OutputSink* const> outputs);
  void complete(std::exception_ptr error);
  base::Status failure(std::exception_ptr error) const;

  const std::shared_ptr<const Compiled> compiled_;
  // Owned by the thread that runs or starts; between start and completion by OpenVINO's thread.
  std::vector<Bound> bound_inputs_;
  std::vector<Bound> bound_outputs_;
  std::span<OutputSink* const> started_outputs_;
  Completion done_;
  std::thread::id completion_thread_;
  bool has_callback_ = false;
  ov::InferRequest request_;  ///< last: destroying it waits for a run that uses the members above
};

}  // namespace baton::engine::openvino
