// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What hello_query_device prints (B-314 to B-316). The Python package prints the same lines.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "baton/core.hpp"

namespace baton::query {

/// The version, then every device with the values of its properties.
void print_devices(const Core& core, std::ostream& out);

/// One device: a line for each of `properties`, whose values `read` answers. What `read` throws goes into the line.
void print_device(const std::string& name, const std::vector<PropertyName>& properties,
                  const std::function<Any(const std::string& property)>& read, std::ostream& out);

/// A value as one line: `""` for an empty text, `{ a, b }` for the properties that are tuples, lists joined by blanks;
/// "UNSUPPORTED TYPE" where there is no value.
std::string value_text(const std::string& property, const Any& value);

}  // namespace baton::query
