// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "baton/api.hpp"
#include "baton/port.hpp"
#include "baton/tensor.hpp"
#include "baton/variable_state.hpp"

namespace baton {

class CompiledModel;

/// Counters of one node of an executed graph.
struct ProfilingInfo {
  enum class Status { NOT_RUN, OPTIMIZED_OUT, EXECUTED };
  Status status = Status::NOT_RUN;
  std::chrono::microseconds real_time{0};
  std::chrono::microseconds cpu_time{0};
  std::string node_name;
  std::string exec_type;
  std::string node_type;
};

/// One inference at a time: its inputs, its outputs and its single completion.
///
/// Errors: baton::Exception; InvalidArgument for a wrong name, shape or type at the moment it is set, Busy for
/// everything but `wait`, `wait_for`, `cancel` and `get_compiled_model` while the request runs. What went wrong in a
/// run is thrown by `infer` or `wait`. Thread-safety: a request belongs to one thread at a time; `cancel` may come from
/// any. Different requests are independent. Ownership: a handle; copies are the same request. The last handle cancels a
/// run that is going on and waits for its end. Keeps its compiled model alive.
class BATON_API InferRequest {
 public:
  InferRequest() = default;  ///< empty: every call throws
  ~InferRequest();
  InferRequest(const InferRequest&) = default;
  InferRequest& operator=(const InferRequest&) = default;
  InferRequest(InferRequest&&) = default;
  InferRequest& operator=(InferRequest&&) = default;

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  bool operator!() const noexcept { return handle_ == nullptr; }
  bool operator==(const InferRequest& other) const noexcept { return handle_ == other.handle_; }

  // Tensors. A tensor that was set is used as it is: its memory is shared, never copied, and must live until
  // completion. `get_tensor` of a port without one makes one; an unknown dimension is then 0 until `Tensor::set_shape`.
  void set_tensor(const std::string& name, const Tensor& tensor);
  void set_tensor(const Port& port, const Tensor& tensor);
  void set_input_tensor(const Tensor& tensor);  ///< REQUIRES: one input
  void set_input_tensor(std::size_t index, const Tensor& tensor);
  void set_output_tensor(const Tensor& tensor);  ///< REQUIRES: one output
  void set_output_tensor(std::size_t index, const Tensor& tensor);
  Tensor get_tensor(const std::string& name);
  Tensor get_tensor(const Port& port);
  Tensor get_input_tensor();
  Tensor get_input_tensor(std::size_t index);
  Tensor get_output_tensor();
  Tensor get_output_tensor(std::size_t index);

  /// Runs and waits, in this thread where possible. Calls no callback.
  void infer();
  void start_async();
  /// Blocks until the run and its callback are over; returns at once when nothing was started. Throws what went wrong
  /// in the last run or what the callback threw. From inside the callback: Busy.
  void wait();
  /// The same with a limit; false when it passed, and for a request that was never started. 0 only looks. Cancels
  /// nothing.
  bool wait_for(std::chrono::milliseconds timeout);
  /// Waiting: ends as cancelled at once; running: the engine is asked to stop; idle: no effect.
  void cancel();
  /// `callback` is called once per `start_async`, on a thread of Baton, before `wait` returns; its argument is what
  /// went wrong, or null. It may start this request again or destroy any. An empty function removes it.
  void set_callback(std::function<void(std::exception_ptr)> callback);

  // Of the last completed run; final inside the callback.
  double latency() const;      ///< ms from the start to completion, waiting included; 0 before the first run
  double run_time() const;     ///< ms on the device
  std::string device() const;  ///< empty: it never ran
  std::string engine() const;
  std::uint64_t generation() const;  ///< of the executable that ran it
  int attempts() const;

  /// Counters of the nodes that the last run went through. Throws NotImplemented without PERF_COUNT=YES in the compile
  /// call, before the first run, and where the engine keeps none; Busy while the request runs.
  std::vector<ProfilingInfo> get_profiling_info() const;
  /// The variables that this request of a stateful model keeps from run to run; none for other models. Each request has
  /// its own. Throws NotImplemented while a helper serves and where several devices do.
  std::vector<VariableState> query_state();
  void reset_state();  ///< all of them

  CompiledModel get_compiled_model() const;

  class Handle;
  /// For Baton's own layers.
  explicit InferRequest(std::shared_ptr<Handle> handle);

 private:
  Handle& handle() const;
  std::shared_ptr<Handle> handle_;
};

}  // namespace baton
