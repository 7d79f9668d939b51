// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// How would my application start on a machine that I do not have? The machine is a script (docs/simulation.md), the
// program is the one that will run there:
//   BATON_SIM=examples/sim/m3.json rehearse_machine MODEL.onnx
#include <baton/baton.hpp>
#include <chrono>
#include <iostream>
#include <mutex>

namespace {

using Clock = std::chrono::steady_clock;

/// Prints decisions as they are made, in ms since it was made.
class Journal {
 public:
  void write(const baton::Event& event) {
    const std::scoped_lock lock(mutex_);
    std::cout << std::chrono::duration_cast<std::chrono::milliseconds>(event.time - zero_).count() << " ms  "
              << event.type << " " << event.device << "/" << event.engine << " " << event.reason << "\n";
  }

 private:
  const Clock::time_point zero_ = Clock::now();
  std::mutex mutex_;
};

void rehearse(const std::string& path) {
  baton::Core core;
  std::cout << "devices:";
  for (const std::string& device : core.get_available_devices()) std::cout << " " << device;
  std::cout << "\n";

  const auto model = core.read_model(path);
  std::cout << "prediction:\n" << core.explain(model).to_text();

  Journal journal;
  baton::CompiledModel compiled =
      core.compile_model(model, "AUTO", {}, [&journal](const baton::Event& event) { journal.write(event); });
  baton::InferRequest request = compiled.create_infer_request();
  int answers = 0;
  do {  // the application's work: requests are answered all the time
    request.infer();
    ++answers;
  } while (!compiled.wait_until_steady(std::chrono::milliseconds(0)));
  request.infer();
  std::cout << answers << " answers until steady; now " << request.device() << "/" << request.engine() << ", "
            << request.latency() << " ms each\n";
  compiled.set_event_callback({});  // the journal ends before the model does
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: rehearse_machine MODEL.onnx");
  rehearse(argv[1]);
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
