// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A GPU that runs out of memory in mid-stream: requests go on, one after another, with inputs that grow, while
// something else takes all the memory of the NVIDIA GPU and gives it back after a while. Prints the events and who
// answered in each phase. Exit status: 0; 1 when a request failed; 2 for a wrong command line; 77 without a GPU.
#include <dlfcn.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <baton/openvino.hpp>
#include <chrono>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "growing_shapes.h"

namespace {

using Clock = std::chrono::steady_clock;

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

/// As much memory of the first GPU as there is, through NVIDIA's driver interface, which this program is not linked
/// with.
class Hog {
 public:
  Hog() : driver_(dlopen("libcuda.so.1", RTLD_NOW)) {
    if (!driver_) throw std::runtime_error("libcuda.so.1 does not load: there is no NVIDIA driver here");
    int device = 0;
    void* context = nullptr;
    check("cuInit", function<int(unsigned)>("cuInit")(0));
    check("cuDeviceGet", function<int(int*, int)>("cuDeviceGet")(&device, 0));
    check("cuDevicePrimaryCtxRetain", function<int(void**, int)>("cuDevicePrimaryCtxRetain")(&context, device));
    check("cuCtxSetCurrent", function<int(void*)>("cuCtxSetCurrent")(context));
  }
  ~Hog() { give_back(); }

  /// Megabytes taken, in ever smaller blocks.
  std::size_t take_all() {
    const auto allocate = function<int(unsigned long long*, std::size_t)>("cuMemAlloc_v2");
    std::size_t taken = 0;
    for (std::size_t megabytes = 8192; megabytes >= 1;) {
      unsigned long long block = 0;
      if (allocate(&block, megabytes << 20) == 0) {
        blocks_.push_back(block);
        taken += megabytes;
      } else {
        megabytes /= 2;
      }
    }
    return taken;
  }

  void give_back() {
    const auto free = function<int(unsigned long long)>("cuMemFree_v2");
    for (const unsigned long long block : blocks_) free(block);
    blocks_.clear();
  }

 private:
  template <typename Signature>
  Signature* function(const char* name) {
    void* const symbol = dlsym(driver_, name);
    if (!symbol) throw std::runtime_error(std::string("libcuda.so.1 has no ") + name);
    return reinterpret_cast<Signature*>(symbol);
  }
  static void check(const char* what, int result) {
    if (result != 0) throw std::runtime_error(std::string(what) + " failed: CUDA error " + std::to_string(result));
  }

  void* const driver_;
  std::vector<unsigned long long> blocks_;
};

constexpr double kSlowMs = 200;

struct Phase {
  int answers = 0;
  int failures = 0;
  int slow = 0;
  double longest_ms = 0;
  std::map<std::string, int> by_device;
};

class Stream {
 public:
  Stream(const std::string& path, const std::string& device, std::size_t step) {
    model_ = core_.read_model(path);
    compiled_ = core_.compile_model(model_, device, {}, [began = Clock::now()](const baton::Event& event) {
      if (event.type == "CANDIDATE_LISTED") return;
      std::printf("  %8.0f ms %s %s %s %s %s\n", ms_between(began, event.time), event.type.c_str(),
                  event.device.c_str(), event.engine.c_str(), event.reason.c_str(), event.text.c_str());
    });
    request_ = compiled_.create_infer_request();
    shapes_ = lifecycle::growing_shapes(model_->input().get_partial_shape(), step, 8);
  }

  Phase run(double seconds, std::size_t largest) {
    Phase phase;
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    while (Clock::now() < end) {
      request_.set_input_tensor(lifecycle::zeros(model_->input().get_element_type(), shapes_[next_++ % largest]));
      const auto began = Clock::now();
      try {
        request_.infer();
        ++phase.answers;
      } catch (const std::exception& error) {
        ++phase.failures;
        std::fprintf(stderr, "a request failed: %s\n", error.what());
      }
      const double ms = ms_between(began, Clock::now());
      phase.longest_ms = std::max(phase.longest_ms, ms);
      phase.slow += ms > kSlowMs ? 1 : 0;
      ++phase.by_device[compiled_.get_property(ov::execution_devices).front()];
    }
    return phase;
  }

 private:
  ov::Core core_;
  std::shared_ptr<ov::Model> model_;
  ov::CompiledModel compiled_;
  ov::InferRequest request_;
  std::vector<ov::Shape> shapes_;
  std::size_t next_ = 0;
};

int print(const char* name, const Phase& phase) {
  std::printf("%-28s %7d answers, %d failures, %d above %.0f ms, longest %7.1f ms, answered by", name, phase.answers,
              phase.failures, phase.slow, kSlowMs, phase.longest_ms);
  for (const auto& [device, count] : phase.by_device) std::printf(" %s %d", device.c_str(), count);
  std::printf("\n");
  std::fflush(stdout);
  return phase.failures;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Takes all memory of an NVIDIA GPU while requests run.");
  std::string model;
  std::string device = "AUTO";
  double seconds = 5;
  std::size_t step = 320;
  app.add_option("--model", model, "an ONNX file with free dimensions")->required()->check(CLI::ExistingFile);
  app.add_option("--device", device, "as for compile_model");
  app.add_option("--seconds", seconds, "length of each phase");
  app.add_option("--step", step, "the free dimensions take multiples of it");
  CLI11_PARSE(app, argc, argv);
  try {
    Stream stream(model, device, step);
    int failures = print("small inputs", stream.run(2 * seconds, 2));
    Hog hog;
    std::printf("%zu MB taken\n", hog.take_all());
    failures += print("no memory, small inputs", stream.run(seconds, 2));
    failures += print("no memory, growing inputs", stream.run(seconds, 8));
    hog.give_back();
    failures += print("memory given back", stream.run(2 * seconds, 8));
    return failures > 0 ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 77;
  }
}
