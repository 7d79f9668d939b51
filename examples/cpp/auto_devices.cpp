// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Who may serve: ways to name the devices, and models of different priority. See tutorial.h.
#include "tutorial.h"

namespace {

using namespace tutorial;

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

void model_priorities(ov::Core& core, const ModelPtr& model) {
  std::cout << "Priorities of models\n";
  ov::CompiledModel high = core.compile_model(model, "AUTO", ov::hint::model_priority(ov::hint::Priority::HIGH));
  ov::CompiledModel medium = core.compile_model(model, "AUTO", ov::hint::model_priority(ov::hint::Priority::MEDIUM));
  ov::CompiledModel low = core.compile_model(model, "AUTO", ov::hint::model_priority(ov::hint::Priority::LOW));
  for (ov::CompiledModel* compiled : {&high, &medium, &low}) work_until_final(*compiled);
  expect(devices_of(high) == "GPU", "the model of high priority has the GPU");
  expect(devices_of(low) == "CPU", "the model of low priority leaves it alone");
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv, [](ov::Core& core, const ModelPtr& model) {
    ways_to_compile(core, model);
    model_priorities(core, model);
  });
}
