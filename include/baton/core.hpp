// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "baton/any.hpp"
#include "baton/api.hpp"
#include "baton/compiled_model.hpp"
#include "baton/model.hpp"
#include "baton/property.hpp"
#include "baton/report.hpp"
#include "baton/tensor.hpp"
#include "baton/version.hpp"

namespace baton {

using SupportedOpsMap = std::map<std::string, std::string>;

/// Not offered: nothing makes one.
class RemoteContext {
 private:
  RemoteContext() = default;
};

/// An inference library that could be used here.
struct EngineInfo {
  std::string name;
  std::string version;  ///< empty when it is not available
  std::string reason;   ///< why it is not available; empty when it is
  std::string limit;    ///< why it is given one request at a time; empty when it is not known to be
};

/// The way in: reads models, compiles them for a device, keeps properties. The device name AUTO, or none, lets Baton
/// choose.
///
/// Constructing one is cheap; engines are opened when something needs them and shared by the whole process.
/// Errors: baton::Exception with a code. Thread-safety: safe. Blocking: `read_model` and `compile_model`.
/// Ownership: models, compiled models and requests do not need the Core that made them.
class BATON_API Core {
 public:
  Core();
  ~Core();
  Core(const Core&) = default;
  Core& operator=(const Core&) = default;

  /// Reads the structure of an ONNX, OpenVINO IR, PaddlePaddle, TensorFlow or TFLite model; weights are mapped, not
  /// loaded. `weights_path`: for formats with a second file that is not where it is expected.
  std::shared_ptr<Model> read_model(const std::string& path, const std::string& weights_path = {}) const;
  /// A model in memory: ONNX bytes, or the text of an IR with its weights.
  std::shared_ptr<Model> read_model(const std::string& model, const Tensor& weights) const;

  /// Returns when the first executable can serve. Without a device: AUTO.
  CompiledModel compile_model(const std::shared_ptr<const Model>& model, const AnyMap& properties = {});
  CompiledModel compile_model(const std::shared_ptr<const Model>& model, const std::string& device,
                              const AnyMap& properties = {});
  CompiledModel compile_model(const std::string& path, const AnyMap& properties = {});
  CompiledModel compile_model(const std::string& path, const std::string& device, const AnyMap& properties = {});
  CompiledModel compile_model(const std::string& model, const Tensor& weights, const std::string& device,
                              const AnyMap& properties = {});
  /// The same with a listener that hears the events from the start.
  CompiledModel compile_model(const std::shared_ptr<const Model>& model, const std::string& device,
                              const AnyMap& properties, EventCallback on_event);

  template <PropertyValue... P>
  requires(sizeof...(P) > 0) CompiledModel compile_model(const std::shared_ptr<const Model>& model, P&&... properties) {
    return compile_model(model, to_map(std::forward<P>(properties)...));
  }
  template <PropertyValue... P>
  requires(sizeof...(P) > 0) CompiledModel
      compile_model(const std::shared_ptr<const Model>& model, const std::string& device, P&&... properties) {
    return compile_model(model, device, to_map(std::forward<P>(properties)...));
  }
  template <PropertyValue... P>
  requires(sizeof...(P) > 0) CompiledModel compile_model(const std::string& path, P&&... properties) {
    return compile_model(path, to_map(std::forward<P>(properties)...));
  }
  template <PropertyValue... P>
  requires(sizeof...(P) > 0) CompiledModel
      compile_model(const std::string& path, const std::string& device, P&&... properties) {
    return compile_model(path, device, to_map(std::forward<P>(properties)...));
  }
  template <PropertyValue... P>
  requires(sizeof...(P) > 0) CompiledModel
      compile_model(const std::string& model, const Tensor& weights, const std::string& device, P&&... properties) {
    return compile_model(model, weights, device, to_map(std::forward<P>(properties)...));
  }

  /// What `compile_model` would choose, without loading anything.
  SelectionReport explain(const std::shared_ptr<const Model>& model, const std::string& device = "AUTO",
                          const AnyMap& properties = {}) const;

  /// For every later compile on the device ("AUTO", "MULTI", "CPU", ...) by this Core.
  void set_property(const std::string& device, const AnyMap& properties);
  /// For every device: CACHE_DIR.
  void set_property(const AnyMap& properties);
  template <PropertyValue... P>
  requires(sizeof...(P) > 0) void set_property(const std::string& device, P&&... properties) {
    set_property(device, to_map(std::forward<P>(properties)...));
  }
  template <PropertyValue... P>
  requires(sizeof...(P) > 0) void set_property(P&&... properties) {
    set_property(to_map(std::forward<P>(properties)...));
  }

  Any get_property(const std::string& device, const std::string& name) const;
  Any get_property(const std::string& name) const;
  template <typename T, PropertyMutability kMutability>
  T get_property(const std::string& device, const Property<T, kMutability>& property) const {
    return get_property(device, std::string(property.name())).template as<T>();
  }

  /// The hardware that engines reach here: "CPU", "GPU.0", ...
  std::vector<std::string> get_available_devices() const;
  /// Every engine that this installation could use, with the reason where it cannot. Opens all of them.
  std::vector<EngineInfo> get_engines() const;
  /// By device the versions of what serves it; by "AUTO" Baton's own.
  std::map<std::string, Version> get_versions(const std::string& device) const;

  /// Folders where engines' libraries (ONNX Runtime, OpenVINO) are looked for, after BATON_LIBRARY_PATH and before
  /// those of the build. For whoever ships Baton beside its engines. InvalidArgument once the process has a Core.
  static void add_library_folders(const std::vector<std::string>& folders);

  /// Takes the log lines of the whole process instead of stderr; an empty function gives them back to stderr. When this
  /// returns, the callback before is not called any more: a call that goes on is waited for (2 s at most; not from
  /// inside it).
  static void set_log_callback(LogCallback callback);

  /// The model's nodes that the device can run, by name; for AUTO those that every candidate can run that is able to
  /// tell. Throws NotImplemented when none is.
  SupportedOpsMap query_model(const std::shared_ptr<const Model>& model, const std::string& device,
                              const AnyMap& properties = {}) const;

  // Not offered; these throw NotImplemented naming the feature.
  CompiledModel import_model(std::istream& stream, const std::string& device, const AnyMap& properties = {});
  RemoteContext create_context(const std::string& device, const AnyMap& properties);
  RemoteContext get_default_context(const std::string& device);

 private:
  template <PropertyValue... P>
  static AnyMap to_map(P&&... properties) {
    return AnyMap{std::pair<const std::string, Any>(std::pair<std::string, Any>(std::forward<P>(properties)))...};
  }

  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace baton
