// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/cache_key.h"

#include <algorithm>
#include <string_view>

#include "engine/device_table.h"

namespace baton::policy {

namespace {

/// With its length, so that no value can pass for two.
void add(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(" ").append(std::to_string(value.size())).append(" ").append(value).append("\n");
}

}  // namespace

std::string CacheKey::text() const {
  std::string text;
  add(text, "model", model);
  add(text, "shapes", shapes);
  add(text, "engine", engine);
  add(text, "version", version);
  add(text, "device", device);
  add(text, "driver", driver);
  add(text, "processor", processor);
  add(text, "handle", handle);
  add(text, "profile", profile);
  add(text, "precision", precision);
  add(text, "hint", hint);
  for (const auto& [key, value] : config) {
    add(text, "key", key);
    add(text, "value", value);
  }
  return text;
}

bool can_be_cached(const engine::DeviceRecord& device, const std::string& engine) {
  const engine::DeviceReport* report = engine::report_of(device, engine);
  if (report == nullptr) return false;
  const auto& words = report->capabilities;
  return std::find(words.begin(), words.end(), "EXPORT_IMPORT") != words.end();
}

}  // namespace baton::policy
