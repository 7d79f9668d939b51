// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Machines whose devices fail, for the scenarios of section 6.
#pragma once

#include <memory>
#include <string>

#include "auto/auto_model.h"
#include "support/tiny_model.h"

namespace baton::test {

/// Every run of a pair ends like this.
inline std::string failing(const std::string& name, const std::string& extra = "") {
  return R"("run_failures": [{"class": ")" + name + R"(", "message": "no luck"}])" +
         (extra.empty() ? "" : ", " + extra);
}
inline const std::string kFails = failing("ENGINE_ERROR");

/// The first `good` runs work, and those after number `to` again (0: none).
inline std::string failing_after(unsigned good, const std::string& name = "ENGINE_ERROR", unsigned to = 0) {
  return R"("run_failures": [{"from": )" + std::to_string(good + 1) +
         (to > 0 ? R"(, "to": )" + std::to_string(to) : "") + R"(, "class": ")" + name + R"(", "message": "no luck"}])";
}

/// Three equal devices without a CPU: 100 ms to load, 10 ms to run.
inline std::string abc(const std::string& a = "", const std::string& b = "", const std::string& c = "") {
  const auto pair = [](const char* device, const char* engine, const std::string& extra) {
    return std::string(R"({"device": ")") + device + R"(", "engine": ")" + engine +
           R"(", "load_ms": 100, "run_ms": 10)" + (extra.empty() ? "" : ", " + extra) + "}";
  };
  return R"({"only": true,
    "devices": [{"name": "A", "kind": "accelerator"}, {"name": "B", "kind": "accelerator"},
                {"name": "C", "kind": "accelerator"}],
    "engines": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
    "pairs": [)" +
         pair("A", "a", a) + "," + pair("B", "b", b) + "," + pair("C", "c", c) + "]}";
}

/// GPU.1 loads quickly, GPU.0 slowly, the CPU helps.
inline std::string two_gpus_and_cpu(const std::string& gpu1 = "", const std::string& gpu0 = "") {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU.0", "kind": "igpu"}, {"name": "GPU.1", "kind": "dgpu"}],
    "engines": [{"name": "E1"}, {"name": "H"}, {"name": "G"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 20, "run_ms": 20},
      {"device": "CPU", "engine": "E1", "profile": "full", "load_ms": 40, "run_ms": 16},
      {"device": "GPU.0", "engine": "H", "load_ms": 1000, "run_ms": 4, "cpu_heavy_load": false)" +
         (gpu0.empty() ? "" : ", " + gpu0) + R"(},
      {"device": "GPU.1", "engine": "G", "load_ms": 100, "run_ms": 2, "cpu_heavy_load": false)" +
         (gpu1.empty() ? "" : ", " + gpu1) + R"(}
    ]})";
}

/// One thing at a time: no helper, no second look.
inline autodev::Options plain() {
  autodev::Options options;
  options.startup_fallback = false;
  options.second_look = false;
  return options;
}

}  // namespace baton::test
