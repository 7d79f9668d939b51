// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "baton/any.hpp"

namespace baton {

enum class PropertyMutability { RO, RW, WO };

/// A property's key with the information whether it can be set; an element of `supported_properties`.
class PropertyName : public std::string {
 public:
  PropertyName() = default;
  PropertyName(std::string name, PropertyMutability mutability = PropertyMutability::RW)  // NOLINT: as in OpenVINO
      : std::string(std::move(name)), mutability_(mutability) {}
  bool is_mutable() const { return mutability_ != PropertyMutability::RO; }
  PropertyMutability mutability() const { return mutability_; }

 private:
  PropertyMutability mutability_ = PropertyMutability::RW;
};

template <>
struct AnyText<PropertyName> {
  static std::string text(const PropertyName& value) { return value; }
  static int tag(const PropertyName& value) { return static_cast<int>(value.mutability()); }
  static PropertyName parse(const std::string& text, int tag) { return {text, static_cast<PropertyMutability>(tag)}; }
};

/// A typed key: `core.compile_model(model, "AUTO", hint::num_requests(4))`, `compiled.get_property(model_name)`.
template <typename T, PropertyMutability kMutability = PropertyMutability::RW>
class Property {
 public:
  using value_type = T;
  constexpr explicit Property(const char* name) : name_(name) {}

  constexpr const char* name() const { return name_; }
  static constexpr PropertyMutability mutability() { return kMutability; }
  static constexpr bool is_mutable() { return kMutability != PropertyMutability::RO; }

  /// The key with a value, for a call that takes properties. Read-only properties have none.
  template <typename V>
  requires(is_mutable() && std::is_constructible_v<T, V>) std::pair<std::string, Any>
  operator()(V&& value) const { return {name_, Any(T(std::forward<V>(value)))}; }

  operator PropertyName() const { return {name_, kMutability}; }  // NOLINT(google-explicit-constructor)

 private:
  const char* name_;
};

/// The arguments of a variadic call that are properties.
template <typename T>
concept PropertyValue = std::is_convertible_v<T, std::pair<std::string, Any>>;

}  // namespace baton
