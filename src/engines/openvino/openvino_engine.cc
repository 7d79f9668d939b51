// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "openvino_engine.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <openvino/core/version.hpp>
#include <openvino/runtime/properties.hpp>

#include "base/code_pages.h"
#include "convert.h"
#include "devices.h"
#include "errors.h"
#include "executable.h"
#include "facts.h"
#include "graph.h"
#include "shared_core.h"

namespace baton::engine::openvino {
namespace {

using base::Result;
using base::Status;
using base::StatusCode;

/// OpenVINO's build number without its build ("2026.4.1" of "2026.4.1-22982-e213a147257-releases/2026/4").
std::string release_of(std::string_view build_number) {
  return std::string(build_number.substr(0, build_number.find('-')));
}

Status not_direct(const std::string& device) {
  return Status::invalid_argument("engine openvino: '" + device +
                                  "' is no direct device, expected CPU, GPU, GPU.n or NPU");
}

}  // namespace

const std::string& OpenVinoEngine::name() const {
  static const std::string name(kEngineName);
  return name;
}

std::string OpenVinoEngine::version() const { return release_of(ov::get_openvino_version().buildNumber); }

Result<std::vector<DeviceReport>> OpenVinoEngine::enumerate(std::span<const std::string> families) {
  std::vector<DeviceReport> reports;
  Status first_failure;
  for (const std::string_view family : kDirectFamilies) {
    const bool asked = families.empty() || std::find(families.begin(), families.end(), family) != families.end();
    if (!asked) continue;
    const auto add = [&]() -> Status {
      for (DeviceReport& report : report_family(family)) reports.push_back(std::move(report));
      return Status::ok();
    };
    const Status status = guarded(StatusCode::kUnavailable, "asking for " + std::string(family) + " devices", add);
    if (status.is_ok()) continue;
    BATON_LOG(*context_.log, base::LogLevel::kDebug, kEngineName, status.message());
    if (first_failure.is_ok()) first_failure = status;
  }
  if (reports.empty() && !first_failure.is_ok()) return first_failure;
  return reports;
}

SupportAnswer OpenVinoEngine::supports(const DeviceReport& device, const model::Model& model) const {
  if (!is_direct_device(device.handle)) return {Support::kNo, not_direct(device.handle).message()};
  for (const auto* ports : {&model.facts().inputs, &model.facts().outputs}) {
    for (const model::Port& port : *ports) {
      if (port.type == element::string) return {Support::kNo, strings_refused(port.any_name())};
    }
  }
  return {};  // only a conversion can tell
}

void OpenVinoEngine::open_parts(const std::string& device, model::Format format, std::stop_token stop) {
  if (device != "CPU") return;  // other plug-ins look for their hardware
  const Status status = guarded(StatusCode::kUnavailable, "opening OpenVINO's parts", [&] {
    shared_core().get_property(device, ov::supported_properties);
    if (!stop.stop_requested()) open_front_end(format);
    return Status::ok();
  });
  if (!status.is_ok()) BATON_LOG(*context_.log, base::LogLevel::kDebug, kEngineName, status.message());
}

Engine::CompileResult OpenVinoEngine::compile(const CompileRequest& request, std::stop_token stop) {
  if (!is_direct_device(request.device)) return not_direct(request.device);
  const auto& source = request.model.data->source();
  const std::string context = "cannot compile " + source.display_name() + " for " + request.device;
  const auto cancelled = [&]() -> CompileResult {
    return Status::cancelled("compile of " + source.display_name() + " cancelled");
  };
  if (stop.stop_requested()) return cancelled();
  if (request.blob) {
    return guarded(StatusCode::kUnavailable, "cannot import " + source.display_name() + " for " + request.device,
                   [&] { return OpenVinoExecutable::import(request, context_.executor); });
  }

  using Graph = std::shared_ptr<const ov::Model>;
  auto graph = guarded(StatusCode::kUnsupported, context, [&]() -> Result<Graph> { return graph_for(request.model); });
  if (!graph.is_ok()) return graph.status();
  if (stop.stop_requested()) return cancelled();

  return guarded(StatusCode::kDeviceFailed, context, [&]() -> CompileResult {
    ov::CompiledModel compiled = compile_model(request, graph.value());
    base::return_code_pages("_frontend.so");  // 3 MB that served to read the model
    return OpenVinoExecutable::create(request, std::move(compiled), context_.executor);
  });
}

Result<std::shared_ptr<const model::ModelData>> OpenVinoEngine::read(const model::Source& source,
                                                                     model::Format format) {
  using Read = Result<std::shared_ptr<const model::ModelData>>;
  return guarded(StatusCode::kInvalidArgument, "cannot read " + source.display_name(), [&]() -> Read {
    const std::shared_ptr<ov::Model> graph = read_graph(source, format);
    auto data = std::make_shared<const model::ModelData>(source, facts_of(*graph, format));
    data->set_representation(kEngineName, graph);
    return std::shared_ptr<const model::ModelData>(std::move(data));
  });
}

Result<std::vector<PartialShape>> OpenVinoEngine::infer_output_shapes(const model::Model& model) {
  const std::string context = "cannot shape " + model.data->source().display_name();
  return guarded(StatusCode::kInvalidArgument, context, [&]() -> Result<std::vector<PartialShape>> {
    const std::shared_ptr<const ov::Model> graph = graph_for(model);
    const auto outputs = graph->outputs();
    std::vector<PartialShape> shapes;
    for (const int index : match_ports(model.facts().outputs, outputs)) {
      shapes.push_back(index < 0 ? PartialShape::dynamic()
                                 : from_ov(outputs[static_cast<std::size_t>(index)].get_partial_shape()));
    }
    return shapes;
  });
}

Result<std::vector<std::string>> OpenVinoEngine::query(const std::string& device, const model::Model& model) {
  using Names = std::vector<std::string>;
  if (!is_direct_device(device)) return not_direct(device);
  return guarded(StatusCode::kUnsupported, "cannot ask " + device + " about " + model.data->source().display_name(),
                 [&]() -> Result<Names> {
                   Names names;
                   for (const auto& [name, by] : shared_core().query_model(graph_for(model), device))
                     names.push_back(name);
                   return names;
                 });
}

Result<std::string> OpenVinoEngine::device_property(const std::string& device, const std::string& key) {
  if (!is_direct_device(device)) return not_direct(device);
  return guarded(StatusCode::kNotFound, "cannot read " + key + " of " + device,
                 [&]() -> Result<std::string> { return read_device_property(device, key); });
}

}  // namespace baton::engine::openvino
