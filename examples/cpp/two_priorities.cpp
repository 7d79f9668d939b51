// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Two models, one more important than the other, on a machine with two GPUs. To be tried without them:
//   BATON_SIM=examples/sim/m2.json two_priorities MODEL.onnx
#include <baton/baton.hpp>
#include <iostream>

namespace {

using baton::hint::Priority;

baton::CompiledModel compile(baton::Core& core, const std::string& path, const char* what, Priority priority) {
  baton::CompiledModel model = core.compile_model(path, "AUTO", baton::hint::model_priority(priority));
  model.wait_until_steady();
  std::cout << what << ":";
  for (const std::string& device : model.get_property(baton::execution_devices)) std::cout << " " << device;
  std::cout << "\n";
  return model;
}

void share_devices(const std::string& path) {
  baton::Core core;
  baton::CompiledModel important = compile(core, path, "HIGH", Priority::HIGH);
  // The best device is taken by a more important model: this one gets the next best, and so does the third.
  baton::CompiledModel other = compile(core, path, "MEDIUM beside it", Priority::MEDIUM);
  baton::CompiledModel third = compile(core, path, "LOW beside both", Priority::LOW);

  important.release();  // a model that is gone leaves its device to those compiled later; nobody is moved
  compile(core, path, "MEDIUM after HIGH is gone", Priority::MEDIUM);
  std::cout << "why LOW is where it is:\n" << third.explain().to_text();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: two_priorities MODEL.onnx");
  share_devices(argv[1]);
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
