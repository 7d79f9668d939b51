// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Simulation scripts of the scenarios: the reference machines of the behaviour specification with figures of their own.
#pragma once

#include <string>

namespace baton::test {

/// M1: a CPU with E1, which loads quickly, and E2, which runs quickly (in bf16, within tolerance).
inline std::string m1(const std::string& e2_extra = "") {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}],
    "engines": [{"name": "E1"}, {"name": "E2"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20},
      {"device": "CPU", "engine": "E1", "profile": "full", "load_ms": 80, "run_ms": 16, "run_rank": 20},
      {"device": "CPU", "engine": "E2", "profile": "full", "load_ms": 300, "run_ms": 8, "run_rank": 10)" +
         (e2_extra.empty() ? "" : ", " + e2_extra) + R"(}
    ]})";
}

/// M3: a CPU (one engine, no fast profile) and a discrete GPU.
inline std::string m3(const std::string& gpu_extra = "", const std::string& cpu_extra = "") {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
    "engines": [{"name": "C"}, {"name": "G"}],
    "pairs": [
      {"device": "CPU", "engine": "C", "profile": "full", "load_ms": 50, "run_ms": 20)" +
         (cpu_extra.empty() ? "" : ", " + cpu_extra) + R"(},
      {"device": "GPU", "engine": "G", "profile": "full", "load_ms": 1000, "run_ms": 2, "cpu_heavy_load": false)" +
         (gpu_extra.empty() ? "" : ", " + gpu_extra) + R"(}
    ]})";
}

}  // namespace baton::test
