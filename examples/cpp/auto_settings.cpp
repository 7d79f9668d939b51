// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// How AUTO is set up, and what a compiled model tells. See tutorial.h.
#include "tutorial.h"

namespace {

using namespace tutorial;

void hints(ov::Core& core, const ModelPtr& model) {
  std::cout << "Hints\n";
  ov::CompiledModel latency =
      core.compile_model(model, "AUTO", ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY));
  ov::CompiledModel throughput = core.compile_model(
      model, "AUTO", ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT), ov::hint::num_requests(4));
  expect(latency.get_property(ov::hint::performance_mode) == ov::hint::PerformanceMode::LATENCY,
         "the hint LATENCY is read back");
  const auto requests = throughput.get_property(ov::optimal_number_of_infer_requests);
  expect(requests >= 1 && requests <= 4, "num_requests caps the optimal number of requests");
  core.compile_model(model, "AUTO", ov::hint::execution_mode(ov::hint::ExecutionMode::ACCURACY));
}

void settings(ov::Core& core, const ModelPtr& model) {
  std::cout << "Settings of AUTO and of devices\n";
  core.set_property("AUTO", ov::intel_auto::enable_startup_fallback(true));
  core.set_property("AUTO", ov::intel_auto::enable_runtime_fallback(true));
  core.set_property("AUTO", ov::log::level(ov::log::Level::WARNING));
  core.set_property("CPU", ov::AnyMap{});
  expect(core.get_property("AUTO", ov::intel_auto::enable_startup_fallback), "the setting is read back");

  const ov::AnyMap per_device = {
      {ov::device::properties("CPU", ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY))},
      {ov::device::properties("GPU", ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT))}};
  ov::CompiledModel compiled = core.compile_model(model, "AUTO:GPU,CPU", per_device);
  ov::CompiledModel direct = core.compile_model(model, "AUTO:GPU,CPU", ov::intel_auto::enable_startup_fallback(false));
  expect(devices_of(direct) == "GPU", "without the start-up fallback compile_model waits for the GPU");
  run_once(compiled);
}

void reading_back(ov::Core& core, const ModelPtr& model) {
  std::cout << "What a compiled model tells\n";
  ov::CompiledModel compiled = core.compile_model(model, "AUTO");
  run_once(compiled);
  const std::string name = compiled.get_property(ov::model_name);
  expect(name == model->get_friendly_name(), "the name of the model is " + name);
  expect(!devices_of(compiled).empty(), "it runs on " + devices_of(compiled));
  for (const ov::PropertyName& property : compiled.get_property(ov::supported_properties)) {
    if (!property.is_mutable()) compiled.get_property(property);
  }
  expect(core.get_available_devices().size() >= 2, "a GPU is among the available devices");
  for (const std::string& device : core.get_available_devices()) {
    std::cout << "  " << device << ": " << core.get_property(device, ov::device::full_name) << "\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv, [](ov::Core& core, const ModelPtr& model) {
    hints(core, model);
    settings(core, model);
    reading_back(core, model);
  });
}
