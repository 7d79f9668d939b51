// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "executable.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include <openvino/runtime/properties.hpp>

#include "convert.h"
#include "errors.h"
#include "graph.h"
#include "request.h"
#include "shared_core.h"

namespace baton::engine::openvino {
namespace {

using base::Result;
using base::Status;
using base::StatusCode;

/// All callbacks of the CPU come from one thread, so a stream that has nothing further to run waits for its turn there:
/// streams of 1.5 ms were idle for 13 to 20 % of the time on 16 cores, for 5 % on two. And where one request takes the
/// place of another there, OpenVINO is given other tensors, which makes that thread busy for half as long again; so as
/// many wait inside as run.
std::uint32_t waiting_requests(std::uint32_t streams) { return streams > 1 ? streams : 0; }

bool exports(const std::string& device) {
  const auto words = shared_core().get_property(device, ov::device::capabilities);
  return std::find(words.begin(), words.end(), ov::device::capability::EXPORT_IMPORT) != words.end();
}

ov::AnyMap compile_config(const CompileRequest& request) {
  ov::AnyMap config;
  if (request.hint != Hint::kNone) {
    config.insert(ov::hint::performance_mode(request.hint == Hint::kLatency ? ov::hint::PerformanceMode::LATENCY
                                                                            : ov::hint::PerformanceMode::THROUGHPUT));
  }
  if (request.num_requests > 0) config.insert(ov::hint::num_requests(request.num_requests));
  // OpenVINO would pin its threads, the caller's included, to fixed cores. Next to one busy thread of another engine on
  // two cores that made a 0.3 ms inference take 6 ms: a pinned thread waits for its core while the other is free.
  if (request.device == "CPU") config.insert(ov::hint::enable_cpu_pinning(false));
  // Baton keeps what a device exports; what another one keeps by itself goes into its own folder (B-1018).
  if (request.device != "CPU" && !request.cache_folder.empty() && !exports(request.device))
    config.insert(ov::cache_dir(request.cache_folder.string()));
  if (request.precision == Precision::kFull) config.insert(ov::hint::inference_precision(ov::element::f32));
  for (const auto& [key, value] : request.properties) config.insert_or_assign(key, value);
  return config;
}

bool supports_property(const ov::CompiledModel& model, const std::string& key) {
  const auto keys = model.get_property(ov::supported_properties);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

ExecutableTraits traits_of(const ov::CompiledModel& model, const std::string& device) {
  ExecutableTraits traits;
  traits.optimal_requests = model.get_property(ov::optimal_number_of_infer_requests);
  if (device == "CPU") traits.waiting_requests = waiting_requests(traits.optimal_requests);
  if (supports_property(model, ov::hint::inference_precision.name())) {
    const ov::element::Type type = model.get_property(ov::hint::inference_precision);
    if (type.is_static()) traits.precision = type.to_string();
  }
  // Asked without a look at the list: OpenVINO's core answers it, and plugins do not list it.
  traits.loaded_from_cache = model.get_property(ov::loaded_from_cache);
  return traits;
}

Result<std::vector<Binding>> bind_ports(std::span<const model::Port> ports,
                                        const std::vector<ov::Output<const ov::Node>>& outputs, bool may_be_dropped) {
  const std::vector<int> matched = match_ports(ports, outputs);
  std::vector<Binding> bindings;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    Binding binding;
    binding.name = ports[i].any_name();
    binding.index = matched[i];
    binding.type = ports[i].type;
    if (matched[i] >= 0) {
      const auto& output = outputs[static_cast<std::size_t>(matched[i])];
      binding.ov_type = output.get_element_type();
      binding.type = from_ov(binding.ov_type);
      binding.accepted = output.get_partial_shape();
      binding.is_static = binding.accepted.is_static();
      if (binding.is_static) binding.static_shape = binding.accepted.to_shape();
    } else if (!may_be_dropped) {
      return Status::unsupported("OpenVINO's conversion lost the output '" + binding.name + "'");
    }
    if (binding.type == element::string) return Status::unsupported(strings_refused(binding.name));
    if (binding.type.is_dynamic()) {
      return Status::unsupported("port '" + binding.name + "' has element type " + binding.type.to_string() +
                                 ", which the engine openvino cannot exchange");
    }
    bindings.push_back(std::move(binding));
  }
  return bindings;
}

}  // namespace

ov::CompiledModel compile_model(const CompileRequest& request, const std::shared_ptr<const ov::Model>& graph) {
  return shared_core().compile_model(graph, request.device, compile_config(request));
}

Result<std::unique_ptr<Executable>> OpenVinoExecutable::create(const CompileRequest& request,
                                                               ov::CompiledModel compiled, base::Executor* executor) {
  auto inputs = bind_ports(request.model.facts().inputs, std::as_const(compiled).inputs(), true);
  if (!inputs.is_ok()) return inputs.status();
  auto outputs = bind_ports(request.model.facts().outputs, std::as_const(compiled).outputs(), false);
  if (!outputs.is_ok()) return outputs.status();
  ExecutableTraits traits = traits_of(compiled, request.device);
  // The first run at new shapes took 2 (GoogLeNet, batch 1 to 12) to 6 times (a small transformer) as long as the next.
  if (request.model.is_dynamic()) traits.shape_compiles = ShapeCompiles::kNewShapes;
  auto shared = std::make_shared<const Compiled>(
      Compiled{std::move(compiled), request.model.data->source().display_name() + " on " + request.device,
               std::move(inputs).value(), std::move(outputs).value(), executor});
  return std::unique_ptr<Executable>(new OpenVinoExecutable(std::move(shared), std::move(traits)));
}

Result<std::unique_ptr<Executable>> OpenVinoExecutable::import(const CompileRequest& request,
                                                               base::Executor* executor) {
  auto executable = create(
      request, shared_core().import_model(as_tensor(request.blob), request.device, compile_config(request)), executor);
  if (executable.is_ok()) {
    auto& imported = static_cast<OpenVinoExecutable&>(*executable.value());
    imported.traits_.loaded_from_cache = true;
    imported.blob_ = request.blob;
  }
  return executable;
}

Status OpenVinoExecutable::export_model(std::ostream& out) const {
  return guarded(StatusCode::kUnsupported, "cannot export " + compiled_->display_name, [&] {
    // OpenVINO exports an imported model in a form that it does not read back.
    if (blob_) out.write(reinterpret_cast<const char*>(blob_->data()), static_cast<std::streamsize>(blob_->size()));
    else ov::CompiledModel(compiled_->model).export_model(out);
    return out.good() ? Status::ok() : Status::unavailable("the export could not be written");
  });
}

Result<std::unique_ptr<EngineRequest>> OpenVinoExecutable::create_request() {
  using Created = Result<std::unique_ptr<EngineRequest>>;
  return guarded(StatusCode::kDeviceFailed, "cannot create a request of " + compiled_->display_name,
                 [&]() -> Created { return std::unique_ptr<EngineRequest>(new OpenVinoRequest(compiled_)); });
}

Result<std::string> OpenVinoExecutable::property(const std::string& key) const {
  return guarded(StatusCode::kNotFound, "cannot read " + key, [&]() -> Result<std::string> {
    if (key != ov::loaded_from_cache.name() && !supports_property(compiled_->model, key)) {
      return Status::not_found("no property " + key + " of " + compiled_->display_name);
    }
    return to_text(compiled_->model.get_property(key));
  });
}

}  // namespace baton::engine::openvino
