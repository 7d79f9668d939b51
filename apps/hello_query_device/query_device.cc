// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "query_device.h"

#include <exception>
#include <ostream>

#include "baton/baton.hpp"
#include "common/text.h"

namespace baton::query {
namespace {

constexpr const char* kDevice = "    ";
constexpr const char* kTitle = "        ";
constexpr const char* kProperty = "            ";

}  // namespace

std::string value_text(const std::string& property, const Any& value) {
  if (value.empty()) return "UNSUPPORTED TYPE";
  // A tuple is a list of numbers on the wire; which properties are tuples is known by name.
  if (property == range_for_streams.name() || property == range_for_async_infer_requests.name()) {
    std::string text;
    for (const auto number : value.as<std::vector<unsigned>>())
      text += (text.empty() ? "{ " : ", ") + std::to_string(number);
    return text + " }";
  }
  const std::string text = value.to_string();
  return text.empty() ? "\"\"" : text;
}

void print_device(const std::string& name, const std::vector<PropertyName>& properties,
                  const std::function<Any(const std::string& property)>& read, std::ostream& out) {
  out << kDevice << "Device: " << name << "\n" << kTitle << "SUPPORTED_PROPERTIES:\n";
  for (const PropertyName& property : properties) {
    if (property == supported_properties.name()) continue;  // the list itself
    out << kProperty << (property.is_mutable() ? "Mutable: " : "Immutable: ") << property << " : ";
    try {
      out << value_text(property, read(property)) << "\n";
    } catch (const std::exception& error) {
      out << "ERROR " << app::first_line(error.what()) << "\n";
    }
  }
}

void print_devices(const Core& core, std::ostream& out) {
  out << "Baton runtime version: " << get_baton_version().buildNumber << "\nAvailable devices:\n";
  for (const std::string& name : core.get_available_devices()) {
    print_device(
        name, core.get_property(name, supported_properties),
        [&](const std::string& property) { return core.get_property(name, property); }, out);
  }
}

}  // namespace baton::query
