// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Every call that a tutorial on OpenVINO's device AUTO shows, as it stands there: `namespace ov`, OpenVINO's names.
// Only the header differs. usage: auto_tutorial MODEL. Needs a CPU and a GPU; without one, let Baton play one:
// BATON_SIM=examples/sim/m3.json auto_tutorial MODEL
#include <atomic>
#include <baton/openvino.hpp>
#include <chrono>
#include <iostream>
#include <stdexcept>

namespace {

using ModelPtr = std::shared_ptr<ov::Model>;

/// A tutorial that is also a test: what the text beside a call claims must be true.
void expect(bool claim, const std::string& what) {
  if (!claim) throw std::runtime_error("expected: " + what);
  std::cout << "  " << what << "\n";
}

std::string devices_of(const ov::CompiledModel& model) {
  std::string text;
  for (const std::string& device : model.get_property(ov::execution_devices))
    text += (text.empty() ? "" : " ") + device;
  return text;
}

void run_once(ov::CompiledModel& model) {
  ov::InferRequest request = model.create_infer_request();
  request.infer();
}

/// A helper that answers for a device still in preparation stands in parentheses; working on ends that.
void work_until_final(ov::CompiledModel& model) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  ov::InferRequest request = model.create_infer_request();
  do {
    request.infer();
  } while (devices_of(model).find('(') != std::string::npos && std::chrono::steady_clock::now() < deadline);
}

/// Compiling without a name is compiling for AUTO.
void ways_to_compile(ov::Core& core, const ModelPtr& model) {
  std::cout << "Ways to name the device\n";
  ov::CompiledModel nameless = core.compile_model(model);
  ov::CompiledModel plain = core.compile_model(model, "AUTO");
  ov::CompiledModel list = core.compile_model(model, "AUTO:GPU,CPU");
  ov::CompiledModel property = core.compile_model(model, "AUTO", ov::device::priorities("GPU,CPU"));
  ov::CompiledModel names = core.compile_model(model, "AUTO", ov::device::priorities("GPU", "CPU"));
  for (ov::CompiledModel* compiled : {&nameless, &plain, &list, &property, &names}) run_once(*compiled);
  expect(list.get_property(ov::device::priorities) == "GPU,CPU", "AUTO:GPU,CPU ranks GPU before CPU");
  expect(names.get_property(ov::device::priorities) == property.get_property(ov::device::priorities),
         "priorities(\"GPU\", \"CPU\") means priorities(\"GPU,CPU\")");

  ov::CompiledModel without = core.compile_model(model, "AUTO:-CPU");
  run_once(without);
  expect(devices_of(without).find("CPU") == std::string::npos, "AUTO:-CPU never uses the CPU");

  core.set_property("AUTO", ov::device::priorities("CPU"));
  ov::CompiledModel preset = core.compile_model(model, "AUTO");
  expect(devices_of(preset) == "CPU", "priorities that were set on AUTO hold for later compiles");
  core.set_property("AUTO", ov::device::priorities(""));
}

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

void model_priorities(ov::Core& core, const ModelPtr& model) {
  std::cout << "Priorities of models\n";
  ov::CompiledModel high = core.compile_model(model, "AUTO", ov::hint::model_priority(ov::hint::Priority::HIGH));
  ov::CompiledModel medium = core.compile_model(model, "AUTO", ov::hint::model_priority(ov::hint::Priority::MEDIUM));
  ov::CompiledModel low = core.compile_model(model, "AUTO", ov::hint::model_priority(ov::hint::Priority::LOW));
  for (ov::CompiledModel* compiled : {&high, &medium, &low}) work_until_final(*compiled);
  expect(devices_of(high) == "GPU", "the model of high priority has the GPU");
  expect(devices_of(low) == "CPU", "the model of low priority leaves it alone");
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

/// The requests that started before the hand-over and those after it complete alike.
void asynchronous_requests(ov::Core& core, const ModelPtr& model) {
  std::cout << "Asynchronous requests\n";
  ov::CompiledModel compiled =
      core.compile_model(model, "AUTO", ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT));
  std::atomic<int> completed = 0;
  std::vector<ov::InferRequest> requests;
  for (unsigned i = 0; i < compiled.get_property(ov::optimal_number_of_infer_requests); ++i) {
    requests.push_back(compiled.create_infer_request());
    requests.back().set_callback([&completed](std::exception_ptr error) {
      if (!error) ++completed;
    });
  }
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    for (ov::InferRequest& request : requests) request.start_async();
    for (ov::InferRequest& request : requests) request.wait();
  }
  expect(completed == kRounds * static_cast<int>(requests.size()), "each start was followed by one callback");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: auto_tutorial MODEL\n";
    return 2;
  }
  try {
    ov::Core core;
    const ModelPtr model = core.read_model(argv[1]);
    ways_to_compile(core, model);
    hints(core, model);
    model_priorities(core, model);
    settings(core, model);
    reading_back(core, model);
    asynchronous_requests(core, model);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  std::cout << "done\n";
  return 0;
}
