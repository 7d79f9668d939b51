// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "program.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "baton/version.hpp"
#include "benchmark.h"
#include "commands.h"
#include "options.h"

namespace baton::tool {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

void add_model_options(CLI::App& command, ModelOptions& options) {
  command.add_option("model", options.model, "ONNX, OpenVINO IR, PaddlePaddle, TensorFlow or TFLite file")
      ->required()
      ->check(CLI::ExistingPath);
  command.add_option("-d,--device", options.device, "device string, for example AUTO:GPU,CPU")->capture_default_str();
  // One value each: with more CLI11 would take the model's path for one, and "[1,3,48,320]" for a list of four.
  command.add_option("-p,--property", options.properties, "property of the compile call: KEY=VALUE, repeatable")
      ->allow_extra_args(false);
  command
      .add_option("--shape", options.shapes,
                  "shapes of inputs: [1,3,48,320], or x[1,3,48,320],y[1,10] when there are several")
      ->allow_extra_args(false);
  command.add_flag("--json", options.json, "print JSON");
}

/// For commands that end well or throw.
std::function<int()> done(const std::function<void()>& command) {
  return [command] {
    command();
    return 0;
  };
}

int run(const std::function<int()>& command) {
  try {
    return command();
  } catch (const bench::UsageError& error) {
    std::cerr << "baton: " << error.what() << "\n";
    return kUsage;
  } catch (const std::exception& error) {
    std::cerr << "baton: " << error.what() << "\n";
    return kFailed;
  }
}

int run_benchmark(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"benchmark"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return bench::benchmark_main(static_cast<int>(argv.size()), argv.data());
}

/// The subcommands; `chosen` is what the parsed command line asks for.
struct CommandLine {
  DemoOptions demo;
  DevicesOptions devices;
  DoctorOptions doctor;
  ExplainOptions explain;
  TraceOptions trace;
  std::function<int()> chosen;

  void add_to(CLI::App& app);
};

void CommandLine::add_to(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("demo", "first answer, hand-over and steady speed, made visible");
  sub->add_option("folder", demo.folder,
                  "folder with a text recognition model (scripts/setup --demo-model); default: a built-in model")
      ->check(CLI::ExistingDirectory);
  sub->add_option("--text", demo.text, "what is written on the picture: A-Z, 0-9, blanks")->capture_default_str();
  sub->add_option("-d,--device", demo.device, "device string")->capture_default_str();
  sub->callback([this] { chosen = done([this] { run_demo(demo, std::cout); }); });

  sub = app.add_subcommand("benchmark", "how fast a model runs: the program benchmark_app; benchmark -h lists options");
  sub->set_help_flag();
  sub->prefix_command();  // its options are none of CLI11's making
  sub->callback([this, sub] { chosen = [sub] { return run_benchmark(sub->remaining()); }; });

  sub = app.add_subcommand("devices", "devices with their engines and capabilities; engines that are missing, and why");
  sub->add_flag("--json", devices.json, "print JSON");
  sub->callback([this] { chosen = done([this] { run_devices(devices, std::cout); }); });

  sub = app.add_subcommand(
      "doctor", "what is found, missing or mismatched here, with the next step; status 1: nothing can serve");
  sub->add_flag("--json", doctor.json, "print JSON");
  sub->callback([this] { chosen = [this] { return run_doctor(doctor, std::cout); }; });

  sub = app.add_subcommand("explain", "what AUTO would choose for a model, and why");
  add_model_options(*sub, explain);
  sub->add_flag("--compile", explain.compile, "compile, wait for the outcome and explain that");
  sub->callback([this] { chosen = done([this] { run_explain(explain, std::cout); }); });

  sub = app.add_subcommand("trace", "start-up of a model as a timeline");
  add_model_options(*sub, trace);
  sub->add_option("-t,--seconds", trace.seconds, "shortest time of answering")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  sub->callback([this] { chosen = done([this] { run_trace(trace, std::cout); }); });
}

}  // namespace

int baton_main(int argc, const char* const* argv) {
  CLI::App app(
      "Shows what the device AUTO does.\nExit status: 0 done, 1 failed (the reason is on stderr), 2 wrong command "
      "line.",
      "baton");
  app.set_version_flag("--version", baton::get_baton_version().buildNumber);
  app.require_subcommand(1);
  CommandLine command_line;
  command_line.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return run(command_line.chosen);
}

}  // namespace baton::tool
