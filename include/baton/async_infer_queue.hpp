// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <any>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "baton/api.hpp"
#include "baton/compiled_model.hpp"
#include "baton/infer_request.hpp"
#include "baton/tensor.hpp"

namespace baton {

/// A pool of requests ("jobs") of one model: start, forget, and be called when each is done.
///
/// Errors: what a callback threw, or a run that failed, is kept and thrown once by the next `start_async`, `is_ready`
/// or `wait_all`, which then does nothing else. The first such error is kept, later ones are dropped. Thread-safety:
/// safe. Ownership: owns its jobs and a share of the model. The destructor cancels what waits, waits for what runs and
/// lets no callback start after it.
class BATON_API AsyncInferQueue {
 public:
  /// Called after each successful run, on a thread of Baton; the job is free again when it returns.
  using Callback = std::function<void(InferRequest& request, const std::any& userdata)>;
  /// Called for each failed run instead of keeping the error.
  using ErrorCallback = std::function<void(InferRequest& request, const std::any& userdata, std::exception_ptr error)>;

  /// `jobs` requests; 0: the optimal number, growing with it after a hand-over. Negative: InvalidArgument.
  explicit AsyncInferQueue(const CompiledModel& model, int jobs = 0);
  ~AsyncInferQueue();
  AsyncInferQueue(const AsyncInferQueue&) = delete;
  AsyncInferQueue& operator=(const AsyncInferQueue&) = delete;

  /// Waits until a job is free, sets its inputs and starts it. Inputs that are not given keep their last value.
  void start_async(std::any userdata = {});
  void start_async(const Tensor& input, std::any userdata = {});                ///< REQUIRES: the model has one input
  void start_async(const std::vector<Tensor>& inputs, std::any userdata = {});  ///< in port order
  void start_async(const std::map<std::string, Tensor>& inputs, std::any userdata = {});
  /// Lets `prepare` set the inputs of the job that was taken and return its userdata; what it throws frees the job and
  /// is thrown on.
  void start_prepared(const std::function<std::any(InferRequest& job, std::size_t index)>& prepare);

  /// For later starts; jobs that run keep theirs.
  void set_callback(Callback callback);
  void set_error_callback(ErrorCallback callback);

  bool is_ready();  ///< a job is free now
  /// Blocks until every job is free and every callback has returned; false when the time passed first.
  bool wait_all(std::optional<std::chrono::milliseconds> timeout = std::nullopt);
  /// Blocks until a job is free; the index of the one that the next start takes.
  std::size_t get_idle_request_id();

  std::size_t size() const;
  /// A job, for reading its results; starting it is refused. Throws for an index that is out of range.
  InferRequest operator[](std::size_t index) const;
  std::vector<std::any> userdata() const;  ///< by job; empty where none is at work

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace baton
