// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "provider_properties.h"

#include <algorithm>

namespace baton::engine::onnxruntime {
namespace {

constexpr const char* kPrecision = "INFERENCE_PRECISION_HINT";

}  // namespace

bool wants_full_precision(const CompileRequest& request) {
  const auto hint = request.properties.find(kPrecision);
  return request.precision == Precision::kFull || (hint != request.properties.end() && hint->second == "f32");
}

void take_properties(const Properties& properties, const std::string& prefix,
                     std::map<std::string, std::string>& options) {
  for (const auto& [key, value] : properties) {
    if (key.starts_with(prefix)) options[key.substr(prefix.size())] = value;
  }
}

std::string property_prefix(const std::string& engine) { return engine.substr(engine.find('.') + 1) + "."; }

OptionArrays::OptionArrays(const std::map<std::string, std::string>& options) {
  for (const auto& [key, value] : options) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
}

CompileRequest without_properties(CompileRequest request, std::span<const std::string> prefixes) {
  std::erase_if(request.properties, [&](const auto& property) {
    return property.first == kPrecision ||
           std::any_of(prefixes.begin(), prefixes.end(), [&](auto& p) { return property.first.starts_with(p); });
  });
  return request;
}

}  // namespace baton::engine::onnxruntime
