// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "benchmark_run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "common/text.h"
#include "counters.h"
#include "interrupt.h"
#include "report.h"

namespace baton::bench {
namespace {

using app::first_line;
using app::format;
using app::two_decimals;

constexpr int kFailed = 1;
constexpr int kInterrupted = 130;
constexpr double kSecondsOnOneDevice = 60, kSecondsOnVirtual = 120;  // B-1603

class Stopwatch {
 public:
  double ms() const { return std::chrono::duration<double, std::milli>(Clock::now() - begin_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin_ = Clock::now();
};

void write_file(const std::filesystem::path& path, const std::string& text) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  if (!(file << text).flush())
    throw std::runtime_error(path.string() + ": cannot be written; check the folder and its free space");
}

std::string port_line(const Port& port, element::Type type, const std::string& layout) {
  const auto unordered = port.get_names();
  std::vector<std::string> names(unordered.begin(), unordered.end());
  std::sort(names.begin(), names.end());
  return "    " + (names.empty() ? "***NO_NAME***" : app::joined(names, " , ")) + " (node: " + port.get_any_name() +
         ") : " + type.to_string() + " / " + layout + " / " + port.get_partial_shape().to_string();
}

std::string layout_of(const std::vector<InputPlan>& plans, const Port& port) {
  return port.get_index() < plans.size() ? plans[port.get_index()].layout.to_string() : Layout().to_string();
}

void print_ports(const Model& model, const std::vector<InputPlan>& plans,
                 const std::vector<element::Type>& output_types, Console& console) {
  console.info("Model inputs:");
  for (const Port& port : std::as_const(model).inputs())
    console.info(port_line(port, port.get_element_type(), layout_of(plans, port)));
  console.info("Model outputs:");
  for (const Port& port : std::as_const(model).outputs()) {
    const bool planned = port.get_index() < output_types.size();
    console.info(
        port_line(port, planned ? output_types[port.get_index()] : port.get_element_type(), Layout().to_string()));
  }
}

void print_build(const Version& version, Console& console) {
  console.info("Build ................................. " + version.buildNumber);
}

std::vector<ModelOutput> outputs_of(const Model& model) {
  std::vector<ModelOutput> outputs;
  for (const Port& port : model.outputs()) {
    const auto names = port.get_names();
    outputs.push_back({{names.begin(), names.end()}, port.get_element_type()});
  }
  return outputs;
}

std::vector<ModelInput> inputs_of(const std::vector<Output<const Node>>& ports) {
  std::vector<ModelInput> inputs;
  for (const Port& port : ports) {
    const auto names = port.get_names();
    inputs.push_back(
        {port.get_any_name(), {names.begin(), names.end()}, port.get_element_type(), port.get_partial_shape()});
  }
  return inputs;
}

}  // namespace

BenchmarkRun::BenchmarkRun(const Options& options, Console& console) : options_(options), console_(console) {
  results_.device = options.device;
  results_.api = options.is_async() ? "async" : "sync";
  results_.automatic = is_virtual(options.device);
}

int BenchmarkRun::run() {
  try {
    console_.step(1);
    console_.info("Parsing input parameters");
    if (!options_.load_config.empty()) loaded_config_ = parse_config(read_bytes(options_.load_config));
    load_runtime();
    configure();
    read_model();
    resize_model();
    describe_inputs();
    compile();
    query_properties();
    prepare_requests();
    measure_performance();
    report();
  } catch (const UsageError& error) {
    fail(std::string(error.what()) + " (" + kUsageHint + ")");
    return kUsageStatus;
  } catch (const std::exception& error) {
    fail(first_line(error.what()));
    return kFailed;
  }
  return results_.interrupted ? kInterrupted : 0;
}

void BenchmarkRun::fail(const std::string& what) {
  results_.error = what;
  console_.error(what);
  try {
    write_reports();
  } catch (const std::exception& error) {
    console_.error(first_line(error.what()));
  }
}

void BenchmarkRun::load_runtime() {
  console_.step(2);
  console_.info("Baton:");
  print_build(get_baton_version(), console_);
  console_.info("");
  console_.info("Device info:");
  for (const auto& [device, version] : core_.get_versions(target_of(options_.device))) {
    console_.info(device);
    print_build(version, console_);
  }
  console_.info("");
  console_.info("");
}

void BenchmarkRun::configure() {
  console_.step(3);
  config_ = effective_config(options_, loaded_config_);
  for (const std::string& warning : config_.warnings) console_.warning(warning);
  if (!options_.cache_dir.empty()) core_.set_property(cache_dir(options_.cache_dir));
  limits_ = {options_.iterations, options_.seconds, options_.max_rate};
  if (!limits_.iterations && !limits_.seconds)
    limits_.seconds = results_.automatic ? kSecondsOnVirtual : kSecondsOnOneDevice;
}

void BenchmarkRun::skip(int step, const std::string& why) {
  console_.step(step);
  console_.info("Skipping the step for " + why);
}

void BenchmarkRun::read_model() {
  if (options_.load_from_file) return skip(4, "loading model from file");
  console_.step(4);
  console_.info("Loading model files");
  const Stopwatch watch;
  model_ = core_.read_model(options_.model);
  results_.read_ms = watch.ms();
  results_.topology = model_->get_friendly_name();
  console_.info("Read model took " + two_decimals(*results_.read_ms) + " ms");
  console_.info("Original model I/O parameters:");
  print_ports(*model_, {}, {}, console_);
}

void BenchmarkRun::plan(const std::vector<Output<const Node>>& ports) {
  plans_ = plan_inputs(options_, inputs_of(ports));
  for (const std::string& warning : plans_.warnings) console_.warning(warning);
  results_.batch = batch_of(plans_.inputs).to_string();
}

void BenchmarkRun::resize_model() {
  if (options_.load_from_file) return skip(5, "loading model from file");
  console_.step(5);
  plan(std::as_const(*model_).inputs());
  console_.info("Model batch size: " + results_.batch);
  if (!plans_.reshape) return;
  std::map<std::string, PartialShape> shapes;
  std::string text;
  for (const InputPlan& input : plans_.inputs) {
    shapes[input.name] = input.shape;
    text += (text.empty() ? "'" : ", '") + input.name + "': " + input.shape.to_string();
  }
  console_.info("Reshaping model: " + text);
  const Stopwatch watch;
  model_->reshape(shapes);
  results_.reshape_ms = watch.ms();
  console_.info("Reshape model took " + two_decimals(*results_.reshape_ms) + " ms");
}

void BenchmarkRun::describe_inputs() {
  if (options_.load_from_file) return skip(6, "loading model from file");
  console_.step(6);
  output_types_ = plan_outputs(options_, outputs_of(*model_));
  print_ports(*model_, plans_.inputs, output_types_, console_);
  for (const InputPlan& input : plans_.inputs) {
    if (input.data_type != input.type) {
      console_.info("Data of input '" + input.name + "' are " + input.data_type.to_string() +
                    ", converted when it is filled");
    }
  }
  for (const Port& port : std::as_const(*model_).outputs()) {
    if (port.get_element_type() != output_types_[port.get_index()])
      console_.info("Output '" + port.get_any_name() + "' is converted after each inference");
  }
}

void BenchmarkRun::compile() {
  console_.step(7);
  const Stopwatch watch;
  if (options_.load_from_file) model_ = core_.read_model(options_.model);
  const auto listener = [handovers = handovers_](const Event& event) { handovers->note(event); };
  compiled_ = core_.compile_model(model_, options_.device, config_.properties, listener);
  results_.compile_ms = watch.ms();
  console_.info("Compile model took " + two_decimals(*results_.compile_ms) + " ms");
  if (!options_.load_from_file) return;
  results_.topology = model_->get_friendly_name();
  plan(compiled_.inputs());
  if (plans_.reshape)
    throw std::runtime_error("-load_from_file compiles the shapes of the file; leave out -shape and -b, or it");
}

void BenchmarkRun::query_properties() {
  console_.step(8);
  console_.info("Model:");
  for (const PropertyName& key : compiled_.get_property(supported_properties)) {
    // The list itself says nothing here, and -explain prints the selection in a form for people.
    if (key == supported_properties.name() || key == auto_device::selection_report.name()) continue;
    const Any value = compiled_.get_property(std::string(key));
    results_.properties.emplace_back(key, value.to_string());
    // What it was asked for and what it has may differ; a virtual device has none itself.
    if (key == num_streams.name() && !options_.streams.empty() && !results_.automatic)
      results_.streams = value.to_string();
    if (key != device::properties.name()) {
      console_.info("  " + key + ": " + value.to_string());
      continue;
    }
    for (const auto& [device, properties] : value.as<AnyMap>()) {
      console_.info("  " + device + ":");
      for (const auto& [name, own] : properties.as<AnyMap>()) console_.info("    " + name + ": " + own.to_string());
    }
  }
}

/// B-1601: inputs are filled once where one set of data shapes is all there is, unless the user says otherwise.
bool BenchmarkRun::fills_once() const {
  const auto is_static = [](const InputPlan& input) { return input.is_static(); };
  const bool one_shape = group_count(plans_.inputs) == 1;
  const bool once =
      options_.inference_only.value_or(std::all_of(plans_.inputs.begin(), plans_.inputs.end(), is_static));
  if (once && !one_shape)
    throw std::runtime_error("-inference_only measures one set of shapes; leave it out, or give one -data_shape");
  return once;
}

std::shared_ptr<OutputConverter> BenchmarkRun::output_converter() const {
  const std::vector<ModelOutput> outputs = outputs_of(*model_);
  const auto types = plan_outputs(options_, outputs);
  const bool same = std::equal(types.begin(), types.end(), outputs.begin(),
                               [](element::Type type, const ModelOutput& output) { return type == output.type; });
  return same ? nullptr : std::make_shared<OutputConverter>(types);
}

void BenchmarkRun::prepare_requests() {
  console_.step(9);
  std::vector<std::string> names;
  for (const InputPlan& input : plans_.inputs) names.push_back(input.name);
  const InputMapping mapping = map_input_files(options_.inputs, names);
  for (const std::string& warning : mapping.warnings) console_.warning(warning);
  data_ = std::make_unique<InputData>(
      make_input_data(plans_.inputs, mapping,
                      {.info = [this](const std::string& text) { console_.info(text); },
                       .warning = [this](const std::string& text) { console_.warning(text); }}));
  results_.inference_only = fills_once();

  RunnerOptions runner{.async = options_.is_async(),
                       .requests = static_cast<int>(options_.requests),
                       .fill_once = results_.inference_only,
                       .frames = {},
                       .outputs = output_converter()};
  const std::size_t groups = group_count(plans_.inputs);
  for (std::size_t i = 0; i < groups; ++i) runner.frames.push_back(batch_of_group(plans_.inputs, i));
  if (!plans_.inputs.empty() && batch_of(plans_.inputs).is_dynamic()) results_.batch = std::to_string(runner.frames[0]);
  runner_ = make_runner(compiled_, runner, *data_, recorder_);
  results_.requests = runner_->requests();

  if (options_.is_async() && limits_.iterations) {
    const std::uint64_t aligned = aligned_iterations(*limits_.iterations, results_.requests, groups);
    if (aligned != *limits_.iterations) {
      console_.warning("Number of iterations was aligned by request number from " +
                       std::to_string(*limits_.iterations) + " to " + std::to_string(aligned) +
                       " using number of requests " + std::to_string(results_.requests));
    }
    limits_.iterations = aligned;
  }
  results_.iterations = limits_.iterations;
  results_.time_limit_ms = limits_.seconds.value_or(0) * 1000;
}

void BenchmarkRun::measure_performance() {
  console_.step(10, start_text(results_));
  console_.info(results_.inference_only
                    ? "Benchmarking in inference only mode (inputs filling are not included in measurement loop)."
                    : "Benchmarking in full mode (inputs filling are included in measurement loop).");
  if (options_.warm_up && !InterruptGuard::interrupted()) {
    results_.first_inference_ms = runner_->first_inference();
    console_.info("First inference took " + two_decimals(*results_.first_inference_ms) + " ms");
  } else if (!options_.warm_up) {
    console_.info("Skipping warmup inference due to -no_warmup flag");
  }
  measure(*runner_, recorder_, limits_, batch_of_group(plans_.inputs, 0), InterruptGuard::interrupted,
          [this](double share) { console_.progress(share); });
  results_.interrupted = InterruptGuard::interrupted();
  summarise_samples();
}

void BenchmarkRun::summarise_samples() {
  const std::vector<Sample> samples = recorder_.samples();
  results_.execution_devices = compiled_.get_property(execution_devices);
  results_.switches = handovers_->switches();
  if (options_.explain) {
    const SelectionReport selection = compiled_.explain();
    results_.explain_text = selection.to_text();
    results_.explain_json = selection.to_json();
  }
  if (samples.empty()) {
    if (results_.interrupted) return;
    throw std::runtime_error("no latency was measured (0 iterations); give -niter 1 or more, or -t SECONDS");
  }
  if (!results_.first_inference_ms) results_.first_inference_ms = samples.front().latency_ms;
  std::vector<double> latencies;
  for (const Sample& sample : samples) latencies.push_back(sample.latency_ms);
  results_.count = samples.size();
  results_.latency = bench::summarise(std::move(latencies), options_.percentile);
  results_.duration_ms = bench::duration_ms(samples);
  results_.fps = frames_per_second(samples);
  results_.generations = by_generation(samples, recorder_.servers(), options_.percentile);
  if (const std::size_t groups = group_count(plans_.inputs); groups > 1) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < groups; ++i) names.push_back(group_name(plans_.inputs, i));
    results_.groups = by_group(samples, names, options_.percentile);
  }
}

void BenchmarkRun::print_counters() {
  if (!options_.wants_counters()) return;
  try {
    results_.counters = runner_->counters();
  } catch (const Exception& error) {
    if (error.code() != ErrorCode::NotImplemented) throw;
    console_.warning("No counters: " + first_line(error.what()));
    return;
  }
  if (!options_.print_counters && options_.sort_counters.empty()) return;
  for (std::size_t i = 0; i < results_.counters.size(); ++i) {
    console_.info("Performance counts for " + std::to_string(i) + "-th infer request");
    console_.plain(counters_table(results_.counters[i], options_.sort_counters));
  }
}

void BenchmarkRun::report() {
  console_.step(11);
  if (results_.interrupted) console_.warning("Interrupted: the report covers what was measured until then");
  if (results_.latency) print_counters();
  write_reports();
  for (const std::string& line : report_lines(results_, options_.percentile, options_.phases)) console_.info(line);
  if (!results_.explain_text.empty()) console_.plain(results_.explain_text);
}

void BenchmarkRun::write_reports() {
  if (!options_.dump_config.empty()) {
    write_file(options_.dump_config, config_text({{config_.target, config_.properties}}));
    console_.info("Configuration settings were dumped to " + options_.dump_config);
  }
  if (options_.report) {
    const auto path = std::filesystem::path(options_.report_folder) /
                      (options_.json_stats ? "benchmark_report.json" : "benchmark_report.csv");
    write_file(path, options_.json_stats ? report_json_stats(options_, results_) : report_csv(options_, results_));
    console_.info("Statistics report is stored to " + path.string());
  }
  if (!results_.counters.empty() && options_.counters != Counters::kNone) write_counters();
  if (!options_.json_file.empty()) {
    write_file(options_.json_file, report_json(options_, results_));
    console_.info("Results are stored to " + options_.json_file);
  }
}

void BenchmarkRun::write_counters() const {
  const bool average = options_.counters == Counters::kAverage;
  const auto path = std::filesystem::path(options_.report_folder) /
                    (average ? "benchmark_average_counters_report.csv" : "benchmark_detailed_counters_report.csv");
  std::string text;
  if (average) text = counters_csv(average_counters(results_.counters));
  else
    for (const NodeCounters& nodes : results_.counters) text += counters_csv(nodes) + "\n";
  write_file(path, text);
  console_.info("Performance counters report is stored to " + path.string());
}

}  // namespace baton::bench
