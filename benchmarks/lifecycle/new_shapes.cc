// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What an input shape that is new costs: a settled model with free dimensions meets one shape after the other, each
// for several runs. Prints for each shape the first run, the second and the median of the others. With --cycle every
// request has another shape than the one before, from the start on, and each second tells its answers. Exit status: 0;
// 1 when a request failed; 2 for a wrong command line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <baton/openvino.hpp>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "growing_shapes.h"

namespace {

using Clock = std::chrono::steady_clock;

double run_ms(ov::InferRequest& request) {
  const auto began = Clock::now();
  request.infer();
  return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

std::string text_of(const ov::Shape& shape) {
  std::string text;
  for (const std::size_t length : shape) text += (text.empty() ? "" : "x") + std::to_string(length);
  return text;
}

void measure(ov::CompiledModel& compiled, const ov::Shape& shape, std::size_t runs) {
  ov::InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(lifecycle::zeros(compiled.input().get_element_type(), shape));
  const double first = run_ms(request);
  const double second = run_ms(request);
  std::vector<double> others(runs);
  for (double& ms : others) ms = run_ms(request);
  std::nth_element(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(runs / 2), others.end());
  std::printf("%-16s first %8.1f ms, second %8.1f ms, then %8.2f ms on %s\n", text_of(shape).c_str(), first, second,
              others[runs / 2], compiled.get_property(ov::execution_devices).front().c_str());
  std::fflush(stdout);
}

/// A second of requests, each with the next shape.
void cycle(ov::CompiledModel& compiled, const std::vector<ov::Shape>& shapes) {
  ov::InferRequest request = compiled.create_infer_request();
  std::vector<double> times;
  const auto end = Clock::now() + std::chrono::seconds(1);
  while (Clock::now() < end) {
    request.set_input_tensor(
        lifecycle::zeros(compiled.input().get_element_type(), shapes[times.size() % shapes.size()]));
    times.push_back(run_ms(request));
  }
  std::sort(times.begin(), times.end());
  std::printf("%5zu answers, median %7.2f ms, longest %7.1f ms, then served by %s\n", times.size(),
              times[times.size() / 2], times.back(), compiled.get_property(ov::execution_devices).front().c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Meets one new input shape after the other.");
  std::string path;
  std::string device = "AUTO";
  std::size_t step = 160;
  std::size_t count = 6;
  std::size_t runs = 15;
  int seconds = 0;
  std::size_t later = 0;
  std::map<std::string, std::string> properties;
  app.add_option("--model", path, "a file with one input that has free dimensions")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--device", device, "as for compile_model");
  app.add_option("--step", step, "the free dimensions take multiples of it");
  app.add_option("--count", count, "how many shapes");
  app.add_option("--runs", runs, "runs of each shape after the second");
  app.add_option("--cycle", seconds, "another shape at every request, for so many seconds");
  app.add_option("--then", later, "and then so many shapes, for as long again");
  app.add_option("--property", properties, "name and value of a property");
  CLI11_PARSE(app, argc, argv);
  try {
    ov::Core core;
    const auto model = core.read_model(path);
    ov::AnyMap config;
    for (const auto& [key, value] : properties) config.emplace(key, value);
    ov::CompiledModel compiled = core.compile_model(model, device, config, [](const baton::Event& event) {
      if (event.type != "CHECK_DONE" && event.type != "SECOND_LOOK" && event.type != "SWITCHED") return;
      std::printf("  %s %s %s %s %s\n", event.type.c_str(), event.device.c_str(), event.engine.c_str(),
                  event.reason.c_str(), event.text.c_str());
    });
    const auto some_shapes = [&](std::size_t number) {
      return lifecycle::growing_shapes(model->input().get_partial_shape(), step, number);
    };
    const std::vector<ov::Shape> shapes = some_shapes(count);
    for (int second = 0; second < seconds; ++second) cycle(compiled, shapes);
    for (int second = 0; later > 0 && second < seconds; ++second) cycle(compiled, some_shapes(later));
    if (seconds > 0) return 0;
    compiled.wait_until_steady(std::chrono::seconds(15));
    for (const ov::Shape& shape : shapes) measure(compiled, shape, runs);
    for (const ov::Shape& shape : shapes) measure(compiled, shape, runs);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
