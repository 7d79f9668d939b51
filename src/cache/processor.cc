// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "cache/processor.h"

#include <fstream>
#include <span>

#include "model/hash.h"

namespace baton::cache {

namespace {

std::string read_features() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("flags") || line.starts_with("Features"))
      return model::hash_of(std::as_bytes(std::span(line)));
  }
  return {};
}

}  // namespace

const std::string& processor_features() {
  static const std::string* const features = new std::string(read_features());
  return *features;
}

}  // namespace baton::cache
