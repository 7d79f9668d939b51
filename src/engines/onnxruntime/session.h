// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "model/host_memory.h"
#include "ort_library.h"
#include "serial_turns.h"
#include "yielding_threads.h"

namespace baton::engine::onnxruntime {

/// A port of a session, under the name that the session knows it by.
struct SessionPort {
  std::string name;
  element::Type type;
  ONNXTensorElementDataType ort_type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  PartialShape shape;
  bool is_static = false;
  Shape static_shape;  ///< when is_static
};

/// What a provider does with host memory that runs use again and again; without `prepare` nothing.
struct MemoryUse {
  model::HostMemory* memory = nullptr;
  model::HostMemory::Prepare prepare;
};

/// A loaded model, shared by its executable and its requests.
/// Thread-safety: constant after construction but for the flag; sessions run in any number of threads.
struct Session {
  explicit Session(OrtLibrary& library_) : library(library_), api(&library_.api()) { library.session_made(); }
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  OrtLibrary& library;
  const OrtApi* api;
  SerialTurns* turns = nullptr;  ///< null: runs and loads of the provider may overlap
  MemoryUse memory_use;
  std::unique_ptr<YieldingThreads> yielding;  ///< the profile fast has such threads; null: others
  SessionHandle handle;
  MemoryInfoHandle cpu_memory;
  std::string display_name;
  std::vector<SessionPort> inputs;   ///< in the model's port order
  std::vector<SessionPort> outputs;  ///< in the model's port order
  /// Cleared when the model turns out to produce other shapes than it declares (ONNX Runtime lets such models pass
  /// unless it is given memory of the declared shape).
  std::atomic<bool> outputs_as_declared = true;
};

/// How many threads a session uses and how many requests keep it busy.
struct ThreadPlan {
  std::uint32_t intra_op_threads = 0;  ///< 0: ONNX Runtime's own choice, one per physical core
  std::uint32_t optimal_requests = 1;
};

/// LATENCY gives all cores to one request. THROUGHPUT runs as many requests as there are cores, at most `num_requests`
/// (0: no limit), and shares the cores among them: requests do not wait for each other's threads.
ThreadPlan plan_threads(Hint hint, std::uint32_t num_requests, std::uint32_t cores);

/// Whether `facts` asks for the integer arithmetic of quantised models.
bool is_quantised(const model::Facts& facts);

/// Why `model` cannot be run by ONNX Runtime whatever the options; empty when it may be.
std::string obstacle(const model::Model& model);

/// How a session is made, beside what the request says.
struct SessionSetup {
  ThreadPlan threads;
  /// Adds an execution provider that comes before the CPU's; none: the CPU alone.
  std::function<base::Status(const OrtApi&, OrtSessionOptions&)> add_provider;
  SerialTurns* turns = nullptr;  ///< of a provider whose sessions may not be used at once; null: they may
  MemoryUse memory_use = {};
};

/// Loads the model of `request`. kCancelled when `stop` came in time.
base::Result<std::shared_ptr<Session>> load_session(OrtLibrary& library, const CompileRequest& request,
                                                    const SessionSetup& setup, std::stop_token stop);

/// The outputs' shapes that follow from the model's input shapes; a load on the CPU finds them.
base::Result<std::vector<PartialShape>> infer_shapes(OrtLibrary& library, const model::Model& model);

/// Writes the optimised graph, weights included. ONNX Runtime gives it only while it loads, so this is another load.
base::Status export_session(OrtLibrary& library, const CompileRequest& request, std::ostream& out);

}  // namespace baton::engine::onnxruntime
