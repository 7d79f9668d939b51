// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <string_view>

namespace baton::bench {
namespace {

constexpr std::string_view kEnDash = "\u2013";  // what word processors make of a dash
constexpr std::array<std::string_view, 11> kSwitches{"pc",
                                                     "perf_counts",
                                                     "json_stats",
                                                     "inference_only",
                                                     "no_warmup",
                                                     "explain",
                                                     "phases",
                                                     "load_from_file",
                                                     "lfile",
                                                     "pin",
                                                     "infer_threads_pinning"};

bool is_truth_value(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::array<std::string_view, 8> kWords{"true", "false", "yes", "no", "on", "off", "1", "0"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

/// The option's name with what follows it ("niter=5"); empty for anything else.
std::string option_text(std::string_view argument) {
  std::string dashes;
  while (!argument.empty()) {
    if (argument.starts_with('-')) argument.remove_prefix(1);
    else if (argument.starts_with(kEnDash)) argument.remove_prefix(kEnDash.size());
    else break;
    dashes += '-';
  }
  const bool number = dashes == "-" && !argument.empty() && std::isdigit(static_cast<unsigned char>(argument.front()));
  return dashes.empty() || dashes.size() > 2 || number ? std::string() : std::string(argument);
}

/// A number within limits, in words that fit on a line.
CLI::Validator number(double lowest, bool whole, const char* expected) {
  return CLI::Validator(
      [=](const std::string& text) {
        double value = 0;
        const bool good =
            CLI::detail::lexical_cast(text, value) && value >= lowest && (!whole || value == std::floor(value));
        return good ? std::string() : "got '" + text + "', expected " + expected;
      },
      "", "");
}
CLI::Validator count_from_1() { return number(1, true, "a whole number, 1 or more"); }
CLI::Validator count_from_0() { return number(0, true, "a whole number, 0 or more"); }

/// What CLI11 says, with options spelled as people type them.
std::string message_of(const CLI::ParseError& error) {
  std::string text = error.what();
  if (text.starts_with("--")) text.erase(0, 1);
  return text;
}

/// Options are long ones to CLI11; people type them with one dash.
class SingleDashHelp : public CLI::Formatter {
 public:
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    return Formatter::make_option_name(option, is_positional).substr(1);
  }
};

void add_general(CLI::App& app, Options& o) {
  app.add_option("--m,--path_to_model", o.model, "model: ONNX, OpenVINO IR, PaddlePaddle, TensorFlow or TFLite")
      ->required();
  app.add_option("--i,--paths_to_input", o.inputs,
                 "files or folders with pictures (png, jpg, bmp), numpy arrays (npy) or raw data (bin), 'random', or "
                 "name:path for one of several inputs; default: random");
  app.add_option("--d,--target_device", o.device, "device: CPU, GPU.1, AUTO, AUTO:GPU,CPU, ...")->capture_default_str();
  app.add_option("--niter,--number_iterations", o.iterations, "number of inferences")->check(count_from_0());
  app.add_option("--t,--time", o.seconds, "seconds to measure; default without -niter: 60, on AUTO, MULTI, BATCH 120")
      ->check(number(std::numeric_limits<double>::min(), false, "a number of seconds above 0"));
  app.add_option("--max_irate,--maximum_inference_rate", o.max_rate, "most inferences per second; 0: no limit")
      ->check(number(0, false, "a number, 0 or more"));
  app.add_option("--hint,--perf_hint", o.hint, "throughput (tput), latency, cumulative_throughput (ctput), none")
      ->check(CLI::IsMember({"throughput", "tput", "latency", "cumulative_throughput", "ctput", "none"}));
  app.add_option("--api,--api_type", o.api, "sync or async; default: sync with -hint latency, else async")
      ->check(CLI::IsMember({"sync", "async"}));
}

void add_shapes(CLI::App& app, Options& o) {
  app.add_option("--b,--batch_size", o.batch, "batch size")->check(count_from_1())->group("Shapes");
  app.add_option("--shape", o.shape, "shapes to compile for: [1,3,224,224], or x[1,3,?,?],y[1,4]")->group("Shapes");
  app.add_option("--data_shape", o.data_shape,
                 "shapes of the data for inputs that are dynamic, several are used in turn: x[1,64][1,128]")
      ->group("Shapes");
  app.add_option("--layout", o.layout, "what the dimensions mean: [NCHW], or x[NCHW],y[NC]")->group("Shapes");
}

void add_execution(CLI::App& app, Options& o) {
  const std::string group = "Execution";
  app.add_option("--nireq,--number_infer_requests", o.requests, "requests at a time; default: the optimal number")
      ->check(count_from_1())
      ->group(group);
  app.add_option("--nstreams,--number_streams", o.streams, "streams: 4, or CPU:4,GPU:2")->group(group);
  app.add_option("--infer_precision", o.precision, "arithmetic: bf16, or CPU:bf16,GPU:f16")->group(group);
  app.add_option("--nthreads,--number_threads", o.threads, "threads of the CPU device")
      ->check(count_from_0())
      ->group(group);
  app.add_option("--cache_dir,--cdir", o.cache_dir, "folder for compiled models")->group(group);
}

void add_input_data(CLI::App& app, Options& o) {
  const std::string group = "Input data";
  app.add_option("--ip,--input_precision", o.input_precision, "type of the data for all inputs: u8, f32, ...")
      ->group(group);
  app.add_option("--op,--output_precision", o.output_precision, "type of all outputs")->group(group);
  app.add_option("--iop,--input_output_precision", o.port_precision, "the same by name: \"x:f16, y:f32\"")
      ->group(group);
  app.add_option("--mean_values", o.mean_values, "subtracted per channel: [123,117,104], or x[123,117,104]")
      ->group(group);
  app.add_option("--scale_values", o.scale_values, "then divided by")->group(group);
}

void add_reports(CLI::App& app, Options& o, std::string& type) {
  const std::string group = "Reports";
  app.add_option("--latency_percentile", o.percentile, "percentile of the latency to report")
      ->check(CLI::Range(1, 100))
      ->capture_default_str()
      ->group(group);
  app.add_option("--report_type", type, "write benchmark_report.csv: no_counters, average_counters, detailed_counters")
      ->check(CLI::IsMember({"no_counters", "average_counters", "detailed_counters"}))
      ->group(group);
  app.add_option("--report_folder", o.report_folder, "folder for reports; default: the current one")->group(group);
  app.add_option("--json", o.json_file, "write everything that was measured to this file")->group(group);
  app.add_option("--pcsort,--perf_counts_sort", o.sort_counters,
                 "print counters of each node: sort, no_sort, simple_sort")
      ->check(CLI::IsMember({"sort", "no_sort", "simple_sort"}))
      ->group(group);
  app.add_option("--dump_config", o.dump_config, "write the properties that were set to this JSON file")->group(group);
  app.add_option("--load_config", o.load_config,
                 "read properties from a JSON file: {\"CPU\": {\"NUM_STREAMS\": \"2\"}}")
      ->group(group);
}

void add_own(CLI::App& app, Options& o) {
  const std::string group = "Baton";
  app.add_option("--engines", o.engines, "engines by device, best first: CPU:onnxruntime,openvino")->group(group);
  app.add_option("--schedule_policy", o.schedule_policy, "DEVICE_PRIORITY, ROUND_ROBIN, EARLIEST_FINISH")->group(group);
  app.add_option("--startup_device", o.startup_device, "the device that may help at the start")->group(group);
}

/// The switches. A flag alone means yes; what was not given keeps its default.
struct Switches {
  bool inference_only = false, no_warm_up = false, load_from_file = false, pin = false;
  CLI::Option *inference_only_option = nullptr, *pin_option = nullptr;

  void add(CLI::App& app, Options& o) {
    inference_only_option =
        app.add_flag("--inference_only", inference_only,
                     "fill the inputs once (default for static models), or no: before every inference");
    app.add_flag("--no_warmup", no_warm_up, "no inference before the measurement");
    app.add_flag("--load_from_file,--lfile", load_from_file, "compile from the path, without reading the model first");
    pin_option = app.add_flag("--pin,--infer_threads_pinning", pin, "pin threads to cores (YES, NO)");
    app.add_flag("--json_stats", o.json_stats, "write benchmark_report.json instead of .csv");
    app.add_flag("--pc,--perf_counts", o.print_counters, "print counters of each node");
    app.add_flag("--explain", o.explain, "print why the model runs where it runs");
    app.add_flag("--phases", o.phases, "off: hide what is told of start-up and hand-over");
  }

  void apply(Options& o) const {
    if (inference_only_option->count() > 0) o.inference_only = inference_only;
    if (pin_option->count() > 0) o.pin = pin;
    o.warm_up = !no_warm_up;
    o.load_from_file = load_from_file;
  }
};

/// What was typed, name and values, for the reports.
std::vector<std::pair<std::string, std::string>> as_typed(const std::vector<std::string>& arguments) {
  std::vector<std::pair<std::string, std::string>> given;
  for (const std::string& argument : arguments) {
    if (argument.starts_with("--")) {
      const std::size_t sign = argument.find('=');
      given.emplace_back(argument.substr(1, sign == std::string::npos ? sign : sign - 1),
                         sign == std::string::npos ? "" : argument.substr(sign + 1));
    } else if (!given.empty()) {
      given.back().second.append(given.back().second.empty() ? "" : " ").append(argument);
    }
  }
  return given;
}

}  // namespace

std::vector<std::string> normalise_arguments(std::span<const char* const> arguments) {
  std::vector<std::string> result;
  bool after_switch = false;
  for (const std::string argument : arguments) {
    if (after_switch && is_truth_value(argument)) {
      result.back() += "=" + argument;
      after_switch = false;
      continue;
    }
    const std::string option = option_text(argument);
    after_switch = std::find(kSwitches.begin(), kSwitches.end(), option) != kSwitches.end();
    result.push_back(option.empty() ? argument : "--" + option);
  }
  return result;
}

ParsedCommandLine parse_command_line(std::span<const char* const> arguments) {
  ParsedCommandLine parsed;
  Options& options = parsed.options;
  CLI::App app("Measures how fast a model runs.\nExit status: 0 done, 1 failed, 2 wrong command line, 130 interrupted.",
               "benchmark_app");
  app.formatter(std::make_shared<SingleDashHelp>());
  app.set_help_flag("--h,--help", "print this text");
  std::string report_type;
  Switches switches;
  add_general(app, options);
  add_shapes(app, options);
  add_execution(app, options);
  add_input_data(app, options);
  add_reports(app, options, report_type);
  add_own(app, options);
  switches.add(app, options);

  std::vector<std::string> words = normalise_arguments(arguments);
  options.given = as_typed(words);
  std::reverse(words.begin(), words.end());  // what CLI11 takes
  try {
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    return {{}, 0, app.help()};
  } catch (const CLI::ParseError& error) {
    return {{}, kUsageStatus, "benchmark_app: " + message_of(error) + "\n" + kUsageHint + "\n"};
  }
  switches.apply(options);
  options.report = !report_type.empty() || options.json_stats;
  if (report_type == "average_counters") options.counters = Counters::kAverage;
  if (report_type == "detailed_counters") options.counters = Counters::kDetailed;
  return parsed;
}

}  // namespace baton::bench
