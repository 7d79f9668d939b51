// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/core.hpp"

#include <ostream>
#include <utility>

#include "auto/auto_model.h"
#include "base/mutex.h"
#include "policy/candidates.h"
#include "policy/device_string.h"
#include "runtime/compiled_handle.h"
#include "runtime/config.h"
#include "runtime/device_properties.h"
#include "runtime/errors.h"
#include "runtime/event_hub.h"
#include "runtime/model_query.h"
#include "runtime/model_reader.h"
#include "runtime/process.h"
#include "runtime/property_table.h"
#include "runtime/public_report.h"

namespace baton {
namespace {

using Kind = policy::DeviceString::Kind;
using runtime::check;
using runtime::Process;
using runtime::value_or_throw;

std::shared_ptr<Model> make_model(base::Result<std::shared_ptr<Port::Table>> table) {
  return std::make_shared<Model>(value_or_throw(std::move(table)));
}

/// The name of a device whose properties are read or set: a list after it would be ignored, so it is refused.
policy::DeviceString property_device(const std::string& text) {
  policy::DeviceString device = value_or_throw(policy::parse_device_string(text));
  if (device.has_list() || device.kind == Kind::kBatch || device.count != 0) {
    throw Exception(ErrorCode::InvalidArgument,
                    "properties belong to AUTO, MULTI or a device such as CPU, not to '" + text + "'");
  }
  return device;
}

}  // namespace

/// The properties that this Core was given (B-264).
class Core::Impl {
 public:
  runtime::StoredProperties stored() const {
    base::MutexLock lock(mu_);
    return stored_;
  }
  template <typename Change>
  void change(const Change& change) {
    base::MutexLock lock(mu_);
    change(stored_);
  }

  autodev::CompileSpec spec(const std::shared_ptr<const Model>& model, const std::string& device,
                            const AnyMap& properties, runtime::Config& config) const;

 private:
  mutable base::Mutex mu_;
  runtime::StoredProperties stored_ BATON_GUARDED_BY(mu_);
};

autodev::CompileSpec Core::Impl::spec(const std::shared_ptr<const Model>& model, const std::string& device,
                                      const AnyMap& properties, runtime::Config& config) const {
  if (!model) throw Exception(ErrorCode::InvalidArgument, "empty model: read one with Core::read_model first");
  autodev::CompileSpec spec;
  spec.device = value_or_throw(policy::parse_device_string(device));
  config = value_or_throw(runtime::make_config(spec.device, properties, stored(), runtime::default_log_level()));
  spec.model = model->table()->model();
  spec.device_text = device;
  spec.priorities = config.priorities;
  spec.priorities_source = config.priorities_source;
  spec.options = config.options;
  spec.properties = config.properties;
  spec.log = std::make_shared<runtime::LevelSink>(config.log_level);
  return spec;
}

Core::Core() : impl_(std::make_shared<Impl>()) { Process::warm_up(); }
Core::~Core() = default;

std::shared_ptr<Model> Core::read_model(const std::string& path, const std::string& weights_path) const {
  return make_model(runtime::read_model(Process::instance().registry(), path, weights_path));
}

std::shared_ptr<Model> Core::read_model(const std::string& model, const Tensor& weights) const {
  return make_model(runtime::read_model(Process::instance().registry(), model, weights));
}

CompiledModel Core::compile_model(const std::shared_ptr<const Model>& model, const std::string& device,
                                  const AnyMap& properties, EventCallback on_event) {
  runtime::Config config;
  autodev::CompileSpec spec = impl_->spec(model, device, properties, config);
  auto events = std::make_shared<runtime::EventHub>(spec.log, runtime::tag_of(spec.device));
  events->set_callback(std::move(on_event));
  spec.on_event = [events](const policy::Event& event) { events->handle(event); };
  const std::shared_ptr<base::LogSink> log = spec.log;
  const std::string tag = runtime::tag_of(spec.device);
  const autodev::Environment& environment = Process::instance().environment();
  auto compiled = autodev::AutoModel::compile(environment, std::move(spec));
  if (!compiled.is_ok()) {
    events->set_callback(nullptr);  // what it refers to may go
    BATON_LOG(*log, base::LogLevel::kError, tag, compiled.status().message());
    check(compiled.status());
  }
  return CompiledModel(
      std::make_shared<CompiledModel::Handle>(CompiledModel::Handle::Parts{.model = std::move(compiled).value(),
                                                                           .ports = model->table()->clone(),
                                                                           .executor = environment.executor,
                                                                           .events = std::move(events),
                                                                           .properties = std::move(config.values)}));
}

CompiledModel Core::compile_model(const std::shared_ptr<const Model>& model, const AnyMap& properties) {
  return compile_model(model, "AUTO", properties, {});
}
CompiledModel Core::compile_model(const std::shared_ptr<const Model>& model, const std::string& device,
                                  const AnyMap& properties) {
  return compile_model(model, device, properties, {});
}
CompiledModel Core::compile_model(const std::string& path, const AnyMap& properties) {
  return compile_model(read_model(path), "AUTO", properties, {});
}
CompiledModel Core::compile_model(const std::string& path, const std::string& device, const AnyMap& properties) {
  return compile_model(read_model(path), device, properties, {});
}
CompiledModel Core::compile_model(const std::string& model, const Tensor& weights, const std::string& device,
                                  const AnyMap& properties) {
  return compile_model(read_model(model, weights), device, properties, {});
}

SelectionReport Core::explain(const std::shared_ptr<const Model>& model, const std::string& device,
                              const AnyMap& properties) const {
  runtime::Config config;
  const autodev::CompileSpec spec = impl_->spec(model, device, properties, config);
  return runtime::public_report(value_or_throw(autodev::AutoModel::explain(Process::instance().environment(), spec)));
}

void Core::set_property(const std::string& device, const AnyMap& properties) {
  const policy::DeviceString parsed = property_device(device);
  if (parsed.kind != Kind::kDirect) {
    const engine::Properties kept = value_or_throw(runtime::check_auto_properties(parsed.kind, properties));
    impl_->change([&](runtime::StoredProperties& stored) {
      engine::Properties& target = parsed.kind == Kind::kMulti ? stored.multi : stored.automatic;
      for (const auto& [key, value] : kept) target[key] = value;
    });
    return;
  }
  engine::Properties kept;
  for (const auto& [key, value] : properties) {
    const runtime::PropertySpec* spec = runtime::find_property(key);
    kept[key] = spec != nullptr ? value_or_throw(runtime::canonical_value(*spec, value)) : value.to_string();
  }
  const auto record = runtime::find_record(Process::instance().registry(), parsed.name);
  if (!record.is_ok()) {
    runtime::LevelSink log(runtime::default_log_level());
    BATON_LOG(log, base::LogLevel::kWarning, parsed.name, "properties are kept for a device that is not here");
  }
  for (const auto& [key, value] : kept) {
    if (!record.is_ok() || policy::knows_property(record.value(), key)) continue;
    throw Exception(ErrorCode::InvalidArgument, "[" + parsed.name + "] no engine of this device knows the property " +
                                                    key + "; SUPPORTED_PROPERTIES lists what there is");
  }
  impl_->change([&](runtime::StoredProperties& stored) {
    for (const auto& [key, value] : kept) stored.devices[parsed.name][key] = value;
  });
}

void Core::set_property(const AnyMap& properties) {
  engine::Properties kept;
  for (const auto& [key, value] : properties) {
    if (key != cache_dir.name()) {
      throw Exception(ErrorCode::InvalidArgument,
                      "property " + key + " cannot be set for all devices at once; name the device (AUTO, CPU, ...)");
    }
    kept[key] = value_or_throw(runtime::canonical_value(*runtime::find_property(key), value));
  }
  impl_->change([&](runtime::StoredProperties& stored) {
    for (const auto& [key, value] : kept) stored.everywhere[key] = value;
  });
}

Any Core::get_property(const std::string& device, const std::string& name) const {
  const policy::DeviceString parsed = property_device(device);
  const runtime::StoredProperties stored = impl_->stored();
  engine::Registry& registry = Process::instance().registry();
  if (parsed.kind == Kind::kDirect)
    return value_or_throw(runtime::device_property(registry, parsed.name, stored, name));
  engine::Properties set = parsed.kind == Kind::kMulti ? stored.multi : stored.automatic;
  set.insert(stored.everywhere.begin(), stored.everywhere.end());
  return value_or_throw(runtime::auto_property(registry, parsed.kind, set, name));
}

Any Core::get_property(const std::string& name) const {
  if (name != cache_dir.name()) {
    throw Exception(ErrorCode::InvalidArgument,
                    "there is no property " + name + " of all devices; name the device (AUTO, CPU, ...)");
  }
  const engine::Properties everywhere = impl_->stored().everywhere;
  const auto found = everywhere.find(name);
  return found == everywhere.end() ? std::string() : found->second;
}

std::vector<std::string> Core::get_available_devices() const {
  std::vector<std::string> names;
  for (const engine::DeviceRecord& record : Process::instance().registry().devices({}).devices)
    names.push_back(record.name);
  return names;
}

std::vector<EngineInfo> Core::get_engines() const {
  engine::Registry& registry = Process::instance().registry();
  std::vector<EngineInfo> infos;
  for (const engine::EngineManifest& manifest : registry.manifests()) {
    if (!registry.has_hardware(manifest)) continue;
    const auto engine = registry.engine(manifest.name);
    const base::Status status = engine.is_ok() ? engine.value()->usable() : engine.status();
    if (status.is_ok())
      infos.push_back({manifest.name, engine.value()->version(), {}, registry.why_serial(manifest.name)});
    else infos.push_back({manifest.name, {}, status.message(), {}});
  }
  return infos;
}

std::map<std::string, Version> Core::get_versions(const std::string& device) const {
  const policy::DeviceString parsed = property_device(device);
  if (parsed.kind != Kind::kDirect) return {{policy::to_string(parsed.kind), get_baton_version()}};
  engine::Registry& registry = Process::instance().registry();
  const engine::DeviceRecord record = value_or_throw(runtime::find_record(registry, parsed.name));
  Version version;
  for (const engine::EngineOnDevice& way : record.engines) {
    const auto engine = registry.engine(way.engine);
    if (!engine.is_ok()) continue;
    version.buildNumber.append(version.buildNumber.empty() ? "" : " ").append(engine.value()->version());
    version.description.append(version.description.empty() ? "" : " ").append(way.engine);
  }
  return {{record.name, version}};
}

void Core::add_library_folders(const std::vector<std::string>& folders) {
  if (Process::add_library_folders(folders)) return;
  throw Exception(ErrorCode::InvalidArgument, "library folders must be given before the first Core is made");
}

void Core::set_log_callback(LogCallback callback) { runtime::LogHub::instance().set_callback(std::move(callback)); }

SupportedOpsMap Core::query_model(const std::shared_ptr<const Model>& model, const std::string& device,
                                  const AnyMap& properties) const {
  runtime::Config config;
  const autodev::CompileSpec spec = impl_->spec(model, device, properties, config);
  const Process& process = Process::instance();
  const auto report = value_or_throw(autodev::AutoModel::explain(process.environment(), spec));
  const bool direct = spec.device.kind == Kind::kDirect;
  SupportedOpsMap supported;
  for (const std::string& node :
       value_or_throw(runtime::supported_nodes(Process::instance().registry(), report.ranking, spec.model)))
    supported[node] = direct ? report.ranking.front() : policy::to_string(spec.device.kind);
  return supported;
}

namespace {
constexpr std::string_view kHostMemory = "tensors are in host memory: use baton::Tensor";
}

CompiledModel Core::import_model(std::istream&, const std::string&, const AnyMap&) {
  runtime::throw_not_implemented("import_model", runtime::kUseTheCache);
}
RemoteContext Core::create_context(const std::string&, const AnyMap&) {
  runtime::throw_not_implemented("create_context (remote contexts)", kHostMemory);
}
RemoteContext Core::get_default_context(const std::string&) {
  runtime::throw_not_implemented("get_default_context (remote contexts)", kHostMemory);
}

Version get_baton_version() { return {BATON_VERSION, "Baton"}; }
Version get_openvino_version() { return get_baton_version(); }

std::ostream& operator<<(std::ostream& out, const Version& version) {
  return out << version.description << " version " << version.buildNumber;
}

}  // namespace baton
