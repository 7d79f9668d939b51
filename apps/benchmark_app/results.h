// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "baton/infer_request.hpp"
#include "statistics.h"

namespace baton::bench {

/// A hand-over: who served and who serves since.
struct Switch {
  double ms = 0;  ///< since the compile call
  std::string from_device, from_engine;
  std::string to_device, to_engine;
  bool from_helper = false;
};

/// All that a run found out, as far as it came; the printers show what is there. Times are in ms.
struct Results {
  // What was run.
  std::string topology;
  std::string device;  ///< as typed
  std::string api;
  bool automatic = false;  ///< AUTO, MULTI or BATCH
  bool inference_only = true;
  std::string batch = "1";
  std::optional<std::uint64_t> iterations;  ///< the limit, aligned
  double time_limit_ms = 0;                 ///< 0: none
  std::size_t requests = 0;
  std::string streams;                                          ///< of a device that was given a number of them
  std::vector<std::pair<std::string, std::string>> properties;  ///< of the compiled model

  // What it took.
  std::optional<double> read_ms, reshape_ms, compile_ms, first_inference_ms;
  std::vector<Switch> switches;

  // What was measured.
  std::vector<std::string> execution_devices;
  std::uint64_t count = 0;
  double duration_ms = 0;
  std::optional<LatencyFigures> latency;
  double fps = 0;
  std::vector<GenerationFigures> generations;
  std::vector<GroupFigures> groups;                  ///< more than one set of data shapes
  std::vector<std::vector<ProfilingInfo>> counters;  ///< by request

  bool interrupted = false;
  std::string error;         ///< first line; empty: none
  std::string explain_text;  ///< with -explain
  std::string explain_json;

  /// Compile and first inference: when the first answer was there.
  std::optional<double> first_answer_ms() const {
    if (!compile_ms || !first_inference_ms) return std::nullopt;
    return *compile_ms + *first_inference_ms;
  }
};

}  // namespace baton::bench
