// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Every property that AUTO, MULTI and BATCH know themselves, in one table (B-202 to B-263): where it may be set, its
// default, and the canonical text of its values. Any other key belongs to a device.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "baton/any.hpp"

namespace baton::runtime {

/// Where a property may be set, and read.
enum PropertyUse : unsigned {
  kSetOnAuto = 1,     ///< Core::set_property("AUTO")
  kInCompile = 2,     ///< compile config
  kAtRunTime = 4,     ///< CompiledModel::set_property
  kOnMulti = 8,       ///< MULTI knows it too (B-250)
  kOnDevice = 16,     ///< a direct device knows it too
  kReadOnModel = 32,  ///< readable on a compiled model (B-241)
};

struct PropertySpec {
  std::string_view key;
  std::string_view default_text;
  unsigned uses;
  /// The canonical text of a value; throws baton::Exception for a bad one.
  std::string (*canonical)(const Any& value);

  bool has(unsigned use) const { return (uses & use) == use; }
};

std::span<const PropertySpec> property_table();

/// Null for a key that is not in the table. Aliases (B-230) are found under their property.
const PropertySpec* find_property(std::string_view key);

/// The value's canonical text; kInvalidArgument "Invalid value for property <key>: <value>" (B-1415).
base::Result<std::string> canonical_value(const PropertySpec& spec, const Any& value);

}  // namespace baton::runtime
