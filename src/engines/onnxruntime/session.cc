// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "session.h"

#include <onnxruntime_session_options_config_keys.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "element_types.h"
#include "errors.h"
#include "file_weights.h"
#include "memory_file.h"
#include "model/onnx_reshape.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
using base::StatusCode;
namespace fs = std::filesystem;

Status set_config(const OrtApi& api, OrtSessionOptions& options, const std::string& key, const std::string& value) {
  return to_status(api, api.AddSessionConfigEntry(&options, key.c_str(), value.c_str()), "cannot set " + key);
}

/// What was measured to give the earliest first answer (kFast) and the best steady speed (kFull).
Status apply_profile(const OrtApi& api, OrtSessionOptions& options, const CompileRequest& request,
                     YieldingThreads& yielding) {
  // An exported graph is optimised already: what is left to a load is mapping and packing of weights.
  if (request.blob) {
    BATON_ORT_RETURN_IF_ERROR(api, api.SetSessionGraphOptimizationLevel(&options, ORT_DISABLE_ALL),
                              "cannot disable optimisation");
  }
  if (request.profile == Profile::kFull) {
    // Threads spin while a run lasts and sleep between runs: not spinning at all costs 22 to 34 % on small models.
    return set_config(api, options, kOrtSessionOptionsConfigForceSpinningStop, "1");
  }
  BATON_RETURN_IF_ERROR(set_config(api, options, kOrtSessionOptionsConfigAllowIntraOpSpinning, "0"));
  BATON_RETURN_IF_ERROR(yielding.use(api, options));
  // Quantised models start soonest optimised: unfused, every operator is surrounded by conversions.
  if (is_quantised(request.model.facts())) return Status::ok();
  BATON_RETURN_IF_ERROR(set_config(api, options, kOrtSessionOptionsConfigDisablePrepacking, "1"));
  return to_status(api, api.SetSessionGraphOptimizationLevel(&options, ORT_DISABLE_ALL), "cannot disable optimisation");
}

/// "INFERENCE_NUM_THREADS" or a configuration key of ONNX Runtime, which all have a dot.
Status apply_property(const OrtApi& api, OrtSessionOptions& options, const std::string& key, const std::string& value) {
  if (key.find('.') != std::string::npos) return set_config(api, options, key, value);
  if (key != "INFERENCE_NUM_THREADS") return Status::unsupported("engine onnxruntime has no property " + key);
  int threads = -1;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), threads);
  if (error != std::errc() || end != value.data() + value.size() || threads < 0) {
    return Status::invalid_argument("INFERENCE_NUM_THREADS: got '" + value + "', expected a number from 0 on");
  }
  return to_status(api, api.SetIntraOpNumThreads(&options, threads), "cannot set INFERENCE_NUM_THREADS");
}

/// Options are made anew for every session: ONNX Runtime writes into them while it loads.
Result<SessionOptionsHandle> make_options(const OrtApi& api, const CompileRequest& request, const SessionSetup& setup,
                                          YieldingThreads& yielding) {
  OrtSessionOptions* raw = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.CreateSessionOptions(&raw), "cannot create session options");
  SessionOptionsHandle options(raw, {&api});
  BATON_RETURN_IF_ERROR(apply_profile(api, *raw, request, yielding));
  if (setup.threads.intra_op_threads > 0) {
    BATON_ORT_RETURN_IF_ERROR(api, api.SetIntraOpNumThreads(raw, static_cast<int>(setup.threads.intra_op_threads)),
                              "cannot set the number of threads");
  }
  for (const auto& [key, value] : request.properties) BATON_RETURN_IF_ERROR(apply_property(api, *raw, key, value));
  if (setup.add_provider) BATON_RETURN_IF_ERROR(setup.add_provider(api, *raw));
  return options;
}

/// What a session is made from; `storage` owns the bytes unless the model's source does.
struct SessionInput {
  std::string storage;
  model::ByteSpan bytes;
  fs::path folder;  ///< of external data, absolute; empty for a model in memory
};

/// `bytes` with the weights left in the file that they are mapped from; none when that cannot be done.
std::optional<SessionInput> skeleton_of(model::ByteSpan bytes) {
  const auto file = mapped_file(bytes.data());
  auto text = file ? weights_as_external(bytes, file->path.filename().string(), file->offset) : std::nullopt;
  if (!text) return std::nullopt;
  return SessionInput{std::move(*text), {}, file->path.parent_path()};
}

/// `skeleton`: weights are left in the model's file; none when that cannot be done.
Result<std::optional<SessionInput>> session_input(const model::Model& model, bool skeleton) {
  const model::Source& source = model.data->source();
  SessionInput input{{}, source.bytes->span(), {}};
  std::error_code ignored;
  if (!source.path.empty()) input.folder = fs::absolute(source.path, ignored).parent_path();
  std::shared_ptr<const model::ModelData> data = model.data;
  if (skeleton) {
    auto stripped = source.path.empty() ? std::nullopt : skeleton_of(input.bytes);
    if (!stripped) return std::optional<SessionInput>();
    input = *std::move(stripped);
  }
  if (model.is_reshaped()) {
    if (skeleton) {
      model::Source edited = source;
      edited.bytes = model::Bytes::own(std::move(input.storage));
      data = std::make_shared<const model::ModelData>(std::move(edited), model.facts());
    }
    auto reshaped = model::with_input_shapes(*data, model.input_shapes);
    if (!reshaped.is_ok()) return reshaped.status();
    input.storage = std::move(reshaped).value();
  }
  return std::optional(std::move(input));
}

/// The same for what was exported; its shapes are those of the request.
std::optional<SessionInput> blob_input(const model::Bytes& blob, bool skeleton) {
  if (skeleton) return skeleton_of(blob.span());
  return SessionInput{{}, blob.span(), {}};
}

/// `optimised`: a file that the optimised graph is written to; null: none.
Result<SessionHandle> create_session(OrtLibrary& library, const SessionInput& input, const CompileRequest& request,
                                     const SessionSetup& setup, YieldingThreads& yielding, const std::stop_token& stop,
                                     const char* optimised = nullptr) {
  const OrtApi& api = library.api();
  auto env = library.env();
  if (!env.is_ok()) return env.status();
  auto options = make_options(api, request, setup, yielding);
  if (!options.is_ok()) return options.status();
  OrtSessionOptions* raw_options = options.value().get();
  if (!input.folder.empty()) {
    BATON_RETURN_IF_ERROR(set_config(api, *raw_options, kOrtSessionOptionsModelExternalInitializersFileFolderPath,
                                     input.folder.string()));
  }
  if (optimised != nullptr) {
    BATON_RETURN_IF_ERROR(set_config(api, *raw_options, kOrtSessionOptionsConfigDisablePrepacking, "1"));
    BATON_ORT_RETURN_IF_ERROR(api, api.SetOptimizedModelFilePath(raw_options, optimised), "cannot export");
  }
  const model::ByteSpan bytes = input.storage.empty() ? input.bytes : model::as_span(input.storage);

  OrtSession* session = nullptr;
  OrtStatus* failure = nullptr;
  {
    const std::stop_callback cancel(stop, [&api, raw_options] {
      const StatusHandle unused(api.SessionOptionsSetLoadCancellationFlag(raw_options, true), {&api});
    });
    failure = api.CreateSessionFromArray(env.value(), bytes.data(), bytes.size(), raw_options, &session);
  }
  SessionHandle handle(session, {&api});
  const std::string name = request.model.data->source().display_name();
  const Status status = to_status(api, failure, "cannot load " + name);
  if (stop.stop_requested()) return Status::cancelled("the load of " + name + " was cancelled");
  if (!status.is_ok()) return status;
  return handle;
}

Result<SessionPort> read_port(const OrtApi& api, const OrtTypeInfo& type, const model::Port& declared) {
  SessionPort port;
  const OrtTensorTypeAndShapeInfo* info = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.CastTypeInfoToTensorInfo(&type, &info), "cannot read a port's type");
  if (info == nullptr) {
    return Status::unsupported("port '" + declared.any_name() +
                               "' is no tensor, which the engine onnxruntime cannot exchange");
  }
  BATON_ORT_RETURN_IF_ERROR(api, api.GetTensorElementType(info, &port.ort_type), "cannot read a port's type");
  port.type = from_ort(port.ort_type);
  if (port.type.is_dynamic()) {
    return Status::unsupported("port '" + declared.any_name() + "' has element type " + declared.type.to_string() +
                               ", which the engine onnxruntime cannot exchange");
  }
  std::size_t rank = 0;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetDimensionsCount(info, &rank), "cannot read a port's shape");
  std::vector<Dimension::value_type> dims(rank);
  BATON_ORT_RETURN_IF_ERROR(api, api.GetDimensions(info, dims.data(), rank), "cannot read a port's shape");
  // Rank 0 is ONNX Runtime's answer for an unknown rank too.
  const bool scalar = rank == 0 && declared.shape.rank_is_static() && declared.shape.size() == 0;
  port.shape = rank == 0 && !scalar ? PartialShape::dynamic() : PartialShape(dims);
  // Texts lie in memory of ONNX Runtime's own and are copied: as those of an output whose shape is not known.
  port.is_static = port.shape.is_static() && port.type != element::string;
  if (port.is_static) port.static_shape = Shape(std::vector<std::size_t>(dims.begin(), dims.end()));
  return port;
}

/// The C API's functions for one direction.
struct PortCalls {
  const char* word;
  decltype(OrtApi::SessionGetInputCount) count;
  decltype(OrtApi::SessionGetInputName) name;
  decltype(OrtApi::SessionGetInputTypeInfo) type;
};

/// The session's ports in the order of `declared`, matched by name.
Result<std::vector<SessionPort>> read_ports(const OrtApi& api, const OrtSession& session, const PortCalls& calls,
                                            const std::vector<model::Port>& declared) {
  std::size_t count = 0;
  BATON_ORT_RETURN_IF_ERROR(api, calls.count(&session, &count), "cannot count the ports");
  OrtAllocator* allocator = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetAllocatorWithDefaultOptions(&allocator), "cannot read the ports");
  std::vector<std::optional<SessionPort>> ports(declared.size());
  for (std::size_t i = 0; i < count; ++i) {
    char* raw = nullptr;
    BATON_ORT_RETURN_IF_ERROR(api, calls.name(&session, i, allocator, &raw), "cannot read a port's name");
    const std::string name = raw;
    allocator->Free(allocator, raw);
    const auto match = std::find_if(declared.begin(), declared.end(), [&](const auto& p) { return p.has_name(name); });
    if (match == declared.end()) {
      return Status::internal(std::string("ONNX Runtime has an ") + calls.word + " '" + name + "', the model has not");
    }
    OrtTypeInfo* type = nullptr;
    BATON_ORT_RETURN_IF_ERROR(api, calls.type(&session, i, &type), "cannot read a port's type");
    const TypeInfoHandle type_owner(type, {&api});
    auto port = read_port(api, *type, *match);
    if (!port.is_ok()) return port.status();
    port->name = name;
    ports[static_cast<std::size_t>(match - declared.begin())] = std::move(port).value();
  }
  std::vector<SessionPort> found;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (!ports[i]) {
      return Status::internal(std::string("ONNX Runtime has no ") + calls.word + " '" + declared[i].any_name() + "'");
    }
    found.push_back(*std::move(ports[i]));
  }
  return found;
}

Result<std::shared_ptr<Session>> describe(OrtLibrary& library, std::unique_ptr<YieldingThreads> yielding,
                                          SessionHandle handle, const CompileRequest& request) {
  const OrtApi& api = library.api();
  auto session = std::make_shared<Session>(library);
  if (request.profile == Profile::kFast) session->yielding = std::move(yielding);
  session->display_name = request.model.data->source().display_name() + " on " + request.device;
  OrtMemoryInfo* memory = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory),
                            "cannot describe memory");
  session->cpu_memory = MemoryInfoHandle(memory, {&api});
  const model::Facts& facts = request.model.facts();
  auto inputs = read_ports(api, *handle,
                           {"input", api.SessionGetInputCount, api.SessionGetInputName, api.SessionGetInputTypeInfo},
                           facts.inputs);
  if (!inputs.is_ok()) return inputs.status();
  auto outputs = read_ports(
      api, *handle, {"output", api.SessionGetOutputCount, api.SessionGetOutputName, api.SessionGetOutputTypeInfo},
      facts.outputs);
  if (!outputs.is_ok()) return outputs.status();
  session->inputs = std::move(inputs).value();
  session->outputs = std::move(outputs).value();
  session->handle = std::move(handle);
  return session;
}

}  // namespace

/// The end of a session touches what the provider's other sessions use; nobody waits here for their runs.
Session::~Session() {
  if (turns == nullptr) {
    handle.reset();
  } else {
    // Its threads outlive it.
    turns->do_in_turn([threads = std::shared_ptr<YieldingThreads>(std::move(yielding)),
                       session = std::make_shared<SessionHandle>(std::move(handle))] { session->reset(); });
  }
  library.session_gone();
}

ThreadPlan plan_threads(Hint hint, std::uint32_t num_requests, std::uint32_t cores) {
  if (hint != Hint::kThroughput) return {};
  cores = std::max(cores, 1u);
  const std::uint32_t requests = num_requests == 0 ? cores : std::min(num_requests, cores);
  return {cores / requests, requests};
}

bool is_quantised(const model::Facts& facts) { return facts.label.name == "INT8"; }

std::string obstacle(const model::Model& model) {
  const model::Facts& facts = model.facts();
  if (facts.format != model::Format::kOnnx) {
    return "engine onnxruntime reads ONNX models only, this one is " + std::string(model::to_string(facts.format));
  }
  return {};
}

Result<std::shared_ptr<Session>> load_session(OrtLibrary& library, const CompileRequest& request,
                                              const SessionSetup& setup, std::stop_token stop) {
  if (stop.stop_requested()) {
    return Status::cancelled("the load of " + request.model.data->source().display_name() + " was cancelled");
  }
  const auto stopped = [&stop] { return stop.stop_requested(); };
  const std::stop_callback wake(stop, [&setup] {
    if (setup.turns != nullptr) setup.turns->wake();
  });
  const Turn turn(setup.turns, stopped);
  if (!turn.granted())
    return Status::cancelled("the load of " + request.model.data->source().display_name() + " was cancelled");
  for (const bool skeleton : {true, false}) {
    auto input = request.blob ? Result<std::optional<SessionInput>>(blob_input(*request.blob, skeleton))
                              : session_input(request.model, skeleton);
    if (!input.is_ok()) return input.status();
    if (!input.value()) continue;
    auto yielding = std::make_unique<YieldingThreads>();
    auto handle = create_session(library, *input.value(), request, setup, *yielding, stop);
    if (handle.is_ok()) {
      auto session = describe(library, std::move(yielding), std::move(handle).value(), request);
      if (session.is_ok()) session.value()->turns = setup.turns;
      if (session.is_ok()) session.value()->memory_use = setup.memory_use;
      return session;
    }
    // A model that fails as it is fails again below, with an error that speaks of the model itself.
    if (!skeleton || handle.status().code() == StatusCode::kCancelled) return handle.status();
  }
  return Status::internal("no way to load the model was tried");
}

Result<std::vector<PartialShape>> infer_shapes(OrtLibrary& library, const model::Model& model) {
  if (std::string reason = obstacle(model); !reason.empty()) return Status::unsupported(std::move(reason));
  CompileRequest request;
  request.model = model;
  request.device = "CPU";
  request.profile = Profile::kFast;
  // Nothing runs, so the session needs no threads.
  auto session = load_session(library, request, {{.intra_op_threads = 1}, {}}, {});
  if (!session.is_ok()) return session.status();
  std::vector<PartialShape> shapes;
  for (const auto& port : session.value()->outputs) shapes.push_back(port.shape);
  return shapes;
}

Status export_session(OrtLibrary& library, const CompileRequest& request, std::ostream& out) {
  if (request.profile == Profile::kFast && !is_quantised(request.model.facts())) {
    return Status::unsupported("the profile fast optimises nothing that could be kept");
  }
  if (!request.model.data->source().external_files.empty()) {
    return Status::unsupported("the export would point to the weights beside the model");
  }
  // Weights inside the bytes: those of a skeleton would stay references to the model's file.
  auto input = session_input(request.model, /*skeleton=*/false);
  if (!input.is_ok()) return input.status();
  const MemoryFile file;
  YieldingThreads yielding;  // before the session, which ends first
  auto session = create_session(library, *input.value(), request, {{.intra_op_threads = 1}, {}}, yielding, {},
                                file.path().c_str());
  if (!session.is_ok()) return session.status();
  return file.copy_to(out);
}

}  // namespace baton::engine::onnxruntime
