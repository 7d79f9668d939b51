// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The command line of benchmark_app as a struct. Pure: no engine, no file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "baton/exception.hpp"

namespace baton::bench {

enum class Counters { kNone, kAverage, kDetailed };

struct Options {
  // General.
  std::string model;
  std::vector<std::string> inputs;  ///< each: path, folder, "random", "name:path", several joined by commas
  std::string device = "CPU";
  std::optional<std::uint64_t> iterations;
  std::optional<double> seconds;
  double max_rate = 0;  ///< inferences per second; 0: no limit
  std::string hint;     ///< as typed; empty: not given
  std::string api;      ///< "sync", "async"; empty: by the hint

  // Shapes: texts, parsed when the model's inputs are known.
  std::string batch, shape, data_shape, layout;

  // Execution.
  std::uint32_t requests = 0;  ///< 0: the optimal number
  std::string streams;         ///< "4" or "CPU:4,GPU:2"
  std::string precision;       ///< the same form
  std::optional<bool> inference_only;
  bool warm_up = true;
  std::string cache_dir;
  bool load_from_file = false;
  std::optional<std::int32_t> threads;
  std::optional<bool> pin;

  // Input data.
  std::string input_precision, output_precision, port_precision;
  std::string mean_values, scale_values;

  // Reports.
  unsigned percentile = 50;
  bool report = false;  ///< write benchmark_report.csv or .json
  Counters counters = Counters::kNone;
  std::string report_folder;
  bool json_stats = false;
  bool print_counters = false;
  std::string sort_counters;  ///< "sort", "no_sort", "simple_sort"; empty: not asked for
  std::string dump_config, load_config;
  std::string json_file;

  // Baton's own.
  std::string engines;  ///< "CPU:onnxruntime,openvino,GPU:openvino"
  std::string schedule_policy;
  std::string startup_device;
  bool explain = false;
  bool phases = true;

  std::vector<std::pair<std::string, std::string>> given;  ///< as typed, for the reports

  bool is_async() const { return api.empty() ? hint != "latency" : api == "async"; }
  bool wants_counters() const { return print_counters || !sort_counters.empty() || counters != Counters::kNone; }
};

inline constexpr int kUsageStatus = 2;
inline constexpr const char* kUsageHint = "-h lists all options";

/// A value of an option that is malformed, whatever the model: ends like any other wrong command line.
class UsageError : public Exception {
 public:
  explicit UsageError(const std::string& message) : Exception(ErrorCode::InvalidArgument, message) {}
};

/// What a command line leads to: options, or an exit at once with a text (help, or what is wrong).
struct ParsedCommandLine {
  Options options;
  std::optional<int> exit;
  std::string text;
};

/// `-x v`, `-x=v`, `--x v` and the same with an en dash as "--x v" or "--x=v"; negative numbers stay what they are. A
/// truth value that follows a switch is joined to it.
std::vector<std::string> normalise_arguments(std::span<const char* const> arguments);

/// `arguments`: without the program's name.
ParsedCommandLine parse_command_line(std::span<const char* const> arguments);

}  // namespace baton::bench
