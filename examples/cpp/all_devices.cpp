// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// All devices at once: one queue of pictures, every device takes what it can (CUMULATIVE_THROUGHPUT). On a machine of
// simulated devices (docs/simulation.md), or on yours without BATON_SIM:
//   BATON_SIM=examples/sim/m2.json all_devices MODEL.onnx [PICTURES]
#include <baton/baton.hpp>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <mutex>

namespace {

using Clock = std::chrono::steady_clock;

/// Who answered how often.
class Tally {
 public:
  void add(const std::string& device) {
    const std::scoped_lock lock(mutex_);
    ++counts_[device];
  }
  void print() {
    const std::scoped_lock lock(mutex_);
    for (const auto& [device, count] : counts_) std::cout << "  " << device << " answered " << count << "\n";
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

void run(const std::string& path, int pictures) {
  baton::Core core;
  baton::CompiledModel compiled = core.compile_model(
      path, "AUTO", {baton::hint::performance_mode(baton::hint::PerformanceMode::CUMULATIVE_THROUGHPUT)});
  std::cout << "serving already: " << compiled.get_property("EXECUTION_DEVICES").as<std::string>() << "\n";
  compiled.wait_until_steady();  // not necessary: devices join while requests flow
  std::cout << "serving: " << compiled.get_property("EXECUTION_DEVICES").as<std::string>() << ", scheduled by "
            << compiled.get_property("SCHEDULE_POLICY").as<std::string>() << "\n";

  Tally tally;
  // A slow device is used where it gains: when so much waits that the fast ones need longer for it than the slow one
  // for a single picture. So more requests than the optimal number, which only keeps every worker busy.
  baton::AsyncInferQueue queue(compiled, 32);
  queue.set_callback([&](baton::InferRequest& request, const std::any&) { tally.add(request.device()); });
  const auto begin = Clock::now();
  baton::Tensor picture(compiled.input().get_element_type(), compiled.input().get_shape());
  std::memset(picture.data(), 0, picture.get_byte_size());
  for (int i = 0; i < pictures; ++i) queue.start_async(picture);
  queue.wait_all();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::cout << pictures << " pictures, " << static_cast<int>(pictures / seconds) << " per second\n";
  tally.print();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2 && argc != 3) throw std::runtime_error("usage: all_devices MODEL.onnx [PICTURES]");
  run(argv[1], argc == 3 ? std::atoi(argv[2]) : 1000);
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
