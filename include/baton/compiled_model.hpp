// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "baton/any.hpp"
#include "baton/api.hpp"
#include "baton/infer_request.hpp"
#include "baton/model.hpp"
#include "baton/port.hpp"
#include "baton/property.hpp"
#include "baton/report.hpp"

namespace baton {

/// A model that is ready to run. On AUTO it may be served by a helper while a better executable is prepared; that
/// changes no answer of this class but those of the properties that say who serves.
///
/// Errors: baton::Exception; an empty handle throws InvalidArgument.
/// Thread-safety: safe. Blocking: only `wait_until_steady`.
/// Ownership: a handle; copies are the same model. It ends with its last handle and request, within milliseconds, at
/// any moment and from any thread.
class BATON_API CompiledModel {
 public:
  CompiledModel() = default;

  explicit operator bool() const noexcept { return handle_ != nullptr; }

  std::vector<Output<const Node>> inputs() const;
  std::vector<Output<const Node>> outputs() const;
  Output<const Node> input() const;  ///< REQUIRES: exactly one input
  Output<const Node> output() const;
  Output<const Node> input(std::size_t index) const;
  Output<const Node> output(std::size_t index) const;
  Output<const Node> input(const std::string& name) const;
  Output<const Node> output(const std::string& name) const;

  /// Any number of requests may be made, at any moment; those beyond what the device takes wait their turn.
  InferRequest create_infer_request();

  /// InvalidArgument for a key that this model does not have.
  Any get_property(const std::string& name) const;
  template <typename T, PropertyMutability kMutability>
  T get_property(const Property<T, kMutability>& property) const {
    return get_property(std::string(property.name())).template as<T>();
  }
  /// NotImplemented for a key that cannot be changed on a compiled model.
  void set_property(const AnyMap& properties);
  template <PropertyValue... P>
  void set_property(P&&... properties) {
    set_property(AnyMap{std::pair<const std::string, Any>(std::pair<std::string, Any>(properties))...});
  }

  /// Why the model runs where it runs, with everything that happened so far.
  SelectionReport explain() const;
  Statistics statistics() const;
  /// True once nothing is left to prepare (or nothing can serve); false when the time passed first.
  bool wait_until_steady(std::optional<std::chrono::milliseconds> timeout = std::nullopt) const;
  /// Replaces the listener that was given before; an empty function removes it.
  void set_event_callback(EventCallback callback);

  /// Gives up this handle's share; the handle is then empty.
  void release() noexcept { handle_.reset(); }

  // Not offered; these throw NotImplemented naming the feature.
  std::shared_ptr<const Model> get_runtime_model() const;
  void export_model(std::ostream& stream) const;

  class Handle;
  /// For Baton's own layers.
  explicit CompiledModel(std::shared_ptr<Handle> handle) : handle_(std::move(handle)) {}
  const std::shared_ptr<Handle>& handle() const { return handle_; }

 private:
  Handle& require_handle() const;
  std::shared_ptr<Handle> handle_;
};

}  // namespace baton
