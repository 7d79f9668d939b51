// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The one interface behind which every inference library stands (design.md section 3). An engine is a loadable module;
// what can be said about it without loading it stands in its manifest (engine/manifest.h).
//
// Every method may be called from any thread and may block; Baton never calls one while it holds a lock. Nothing
// throws: an adapter turns its library's exceptions into Status at its own edge.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/log.h"
#include "base/status.h"
#include "engine/device.h"
#include "model/host_memory.h"
#include "model/model.h"

namespace baton::engine {

/// `kFast` loads as quickly as the engine can, `kFull` runs as quickly as it can. A fast executable never serves for
/// good.
enum class Profile { kFast, kFull };

/// `kNative`: the engine's own choice, which may be lower than the model's. `kFull`: f32 arithmetic for f32 models.
enum class Precision { kNative, kFull };

/// `kNone`: the user said other things about the device, so the engine decides (B-701).
enum class Hint { kLatency, kThroughput, kNone };

/// How runs of one engine may overlap. Baton serialises what may not.
enum class Concurrency { kParallel, kSerialPerExecutable, kSerialPerEngine };

std::string_view to_string(Profile profile);
std::string_view to_string(Precision precision);
std::string_view to_string(Hint hint);

/// Properties as they are on the wire: key to value, both text.
using Properties = std::map<std::string, std::string>;

/// Memory of one input for one run.
struct TensorView {
  element::Type type;
  std::span<const std::size_t> shape;
  void* data = nullptr;
  std::size_t bytes = 0;
};

/// Where one output of a run goes.
class OutputSink {
 public:
  /// Memory for an output of `shape`, or null when the caller's own tensor is too small for it (the run then fails with
  /// kInvalidArgument). Called before the run when the engine knows the shape (the engine writes there directly) or
  /// after it; a later call within one run replaces an earlier one. Does not allocate when the shape is that of the run
  /// before.
  virtual void* reserve(element::Type type, std::span<const std::size_t> shape) = 0;

 protected:
  ~OutputSink() = default;
};

/// What one node of the graph did in a run.
struct NodeCounters {
  enum class Status { kNotRun, kOptimizedOut, kExecuted };
  std::string name;
  std::string type;       ///< "Convolution"
  std::string exec_type;  ///< the engine's kernel: "jit_avx512_f32"
  Status status = Status::kNotRun;
  std::chrono::microseconds real_time{0};
  std::chrono::microseconds cpu_time{0};
};

/// A variable that a request of a stateful model keeps from run to run.
/// REQUIRES: no run of the request is going on. Ownership: keeps what it needs of the request alive.
class EngineState {
 public:
  virtual ~EngineState() = default;
  virtual const std::string& name() const = 0;
  virtual base::Status read(OutputSink& to) = 0;
  /// kInvalidArgument: the type or shape is not the variable's.
  virtual base::Status write(const TensorView& value) = 0;
  /// Back to the value before the first run.
  virtual base::Status reset() = 0;
};

/// One request slot of an executable.
/// Thread-safety: one run at a time; `cancel` from any thread. Ownership: keeps its executable alive.
class EngineRequest {
 public:
  /// Called exactly once per accepted start, from any thread, possibly before `start` returns.
  using Completion = std::function<void(base::Status)>;

  virtual ~EngineRequest() = default;

  /// Runs in the caller's thread and blocks until done. Inputs and outputs are in the model's port order, one per port.
  virtual base::Status run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) = 0;

  /// Starts a run where the engine has an asynchronous path of its own. False: it has none, and `done` is untouched;
  /// Baton then calls `run` on one of its threads. The spans and what they point to live until `done`.
  virtual bool start(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs, const Completion& done) {
    (void)inputs, (void)outputs, (void)done;
    return false;
  }

  /// Asks the current run to stop; it then ends with kCancelled, or with its value if that was first. No effect when
  /// idle.
  virtual void cancel() {}

  /// Counters of the last run of an executable that was compiled with PERF_COUNT=YES. An engine that keeps none refuses
  /// that property at compile time (B-216). REQUIRES: no run is going on, or this is called from its completion.
  virtual base::Result<std::vector<NodeCounters>> counters() {
    return base::Status::unsupported("the engine keeps no counters");
  }

  /// The variables of a stateful model; none for others. REQUIRES: no run is going on.
  virtual base::Result<std::vector<std::shared_ptr<EngineState>>> states() {
    return std::vector<std::shared_ptr<EngineState>>();
  }
};

/// Which runs take longer because the executable compiles for their shapes (B-1112).
enum class ShapeCompiles {
  kNever,
  kNewShapes,    ///< the first one at each: its time says nothing of later ones
  kEveryChange,  ///< each at other shapes than the one before: nothing is kept
};

/// What Baton must know of an executable to use it well.
struct ExecutableTraits {
  std::uint32_t optimal_requests = 1;  ///< as many requests in flight as serve the hint best
  /// So many more keep the device busy while others are handed back and given anew: they wait inside the engine.
  std::uint32_t waiting_requests = 0;
  Concurrency concurrency = Concurrency::kParallel;
  std::string precision = "f32";  ///< the arithmetic really used: "f32", "tf32", "bf16", "f16", "i8"
  bool loaded_from_cache = false;
  ShapeCompiles shape_compiles = ShapeCompiles::kNever;
  bool builds_for_minutes = false;        ///< such a compile, in a run, may take that long
  std::optional<double> device_coverage;  ///< share of the operators that run on the device; nullopt: unknown
};

/// A model compiled by one engine for one device.
/// Thread-safety: safe. Ownership: shared by its requests; destroying it may take milliseconds.
class Executable {
 public:
  virtual ~Executable() = default;
  virtual const ExecutableTraits& traits() const = 0;
  virtual base::Result<std::unique_ptr<EngineRequest>> create_request() = 0;
  /// Writes what `CompileRequest::blob` makes the same executable from, for this version of the library, this device
  /// and this configuration. kUnsupported where the engine cannot, or where a load would gain nothing by it. May take
  /// as long as a load.
  virtual base::Status export_model(std::ostream& out) const {
    (void)out;
    return base::Status::unsupported("the engine exports no models");
  }
  /// While `on`, something is being loaded that will replace this executable, on few cores: threads of its own should
  /// keep off one of them. Takes microseconds.
  virtual void leave_a_core(bool on) { (void)on; }
  /// What the engine says of its executable (NUM_STREAMS, ...); kNotFound for a key it does not know.
  virtual base::Result<std::string> property(const std::string& key) const {
    return base::Status::not_found("no property " + key);
  }
};

/// All that one compile depends on.
struct CompileRequest {
  model::Model model;
  std::string device;  ///< the engine's own name of the device (DeviceReport::handle)
  Profile profile = Profile::kFull;
  Precision precision = Precision::kNative;
  Hint hint = Hint::kLatency;
  std::uint32_t num_requests = 0;  ///< cap on requests in flight; 0: none
  bool background = false;         ///< something else is serving: do not take all cores
  Properties properties;           ///< forwarded as they are
  /// What `Executable::export_model` wrote after an equal request. The executable is made from it, and of the model
  /// only ports and label are looked at. An engine that cannot use it fails; it does not compile instead.
  std::shared_ptr<const model::Bytes> blob;
  std::filesystem::path cache_folder;  ///< for caches of the engine's own, made at need; empty: none (B-1018)
};

/// The answer to "would this work?" before any compile.
enum class Support { kYes, kNo, kUnknown };
struct SupportAnswer {
  Support support = Support::kUnknown;
  std::string reason;  ///< for kNo, one sentence
};

class Engine {
 public:
  using CompileResult = base::Result<std::unique_ptr<Executable>>;
  using CompileDone = std::function<void(CompileResult)>;

  virtual ~Engine() = default;

  /// "onnxruntime", "openvino", "onnxruntime.cuda", a name from a simulation script.
  virtual const std::string& name() const = 0;
  /// The library's version, "1.31.1".
  virtual std::string version() const = 0;

  /// Why it reaches no device although its library is there, in one line, or ok. Opens nothing and starts no driver.
  virtual base::Status usable() const { return {}; }

  /// The devices of the families asked for (all when empty). May be slow: never on the way to a first answer on a CPU.
  virtual base::Result<std::vector<DeviceReport>> enumerate(std::span<const std::string> families) = 0;

  /// A quick look at operators and format; kUnknown when only a compile can tell.
  virtual SupportAnswer supports(const DeviceReport& device, const model::Model& model) const = 0;

  /// Opens what `compile` for this device and format will need beside the library itself. Called while another engine
  /// is on its way to the first answer, so it keeps one processor busy at most and returns soon after `stop`. What
  /// fails here fails again in `compile`, which says why.
  virtual void open_parts(const std::string& device, model::Format format, std::stop_token stop) {
    (void)device, (void)format, (void)stop;
  }

  /// Blocks until the executable is ready, or failed, or `stop` was honoured (not every library can).
  virtual CompileResult compile(const CompileRequest& request, std::stop_token stop) = 0;

  /// Starts a compile where the engine needs no thread for it (a simulation). False: Baton calls `compile` in a job.
  virtual bool start_compile(const CompileRequest& request, std::stop_token stop, const CompileDone& done) {
    (void)request, (void)stop, (void)done;
    return false;
  }

  /// Reads a model of a format that Baton does not read itself (all but ONNX); the result may hold a representation.
  virtual base::Result<std::shared_ptr<const model::ModelData>> read(const model::Source& source,
                                                                     model::Format format) {
    (void)source, (void)format;
    return base::Status::unsupported("engine " + name() + " reads no models");
  }

  /// The outputs' shapes that follow from the model's input shapes.
  virtual base::Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) {
    (void)model;
    return base::Status::unsupported("engine " + name() + " does not infer shapes");
  }

  /// The names of the model's nodes that the device can run (B-259); kUnsupported from an engine that cannot tell.
  virtual base::Result<std::vector<std::string>> query(const std::string& device, const model::Model& model) {
    (void)device, (void)model;
    return base::Status::unsupported("engine " + name() + " does not tell what it supports node by node");
  }

  /// What a direct device answers (B-313); kNotFound for a key it does not know.
  virtual base::Result<std::string> device_property(const std::string& device, const std::string& key) {
    (void)device;
    return base::Status::not_found("no property " + key);
  }
};

/// What Baton gives a module when it opens it. Everything in it outlives the module.
struct ModuleContext {
  base::Executor* executor = nullptr;
  base::LogSink* log = nullptr;
  model::HostMemory* memory = nullptr;   ///< where Baton's own tensors lie; null: engines prepare nothing
  std::vector<std::string> search_path;  ///< folders where the module's library may be, best first
  std::string script;                    ///< the simulation script (path or JSON text), for `sim` only
};

/// From the first release on a change of anything above makes a new number; a module of another number is refused with
/// one line.
inline constexpr int kModuleAbi = 1;
inline constexpr const char* kModuleEntry = "baton_engine_module_v1";

/// `extern "C"` entry of a module. Fills `engines` (a module may hold several) or returns why it cannot.
using ModuleEntry = void (*)(const ModuleContext& context, std::vector<std::unique_ptr<Engine>>& engines,
                             base::Status& status) /* noexcept */;

#define BATON_ENGINE_MODULE_ENTRY extern "C" __attribute__((visibility("default"))) void baton_engine_module_v1

}  // namespace baton::engine
