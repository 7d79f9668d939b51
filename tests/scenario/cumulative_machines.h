// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Machines and loads of the scenarios of section 8, CUMULATIVE_THROUGHPUT and MULTI.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenario/scenario.h"

namespace baton::test {

inline autodev::Options cumulative() {
  autodev::Options options;
  options.hint = autodev::PerformanceHint::kCumulativeThroughput;
  options.hint_set = true;
  return options;
}

inline autodev::Options by(policy::SchedulePolicy policy) {
  autodev::Options options = cumulative();
  options.schedule_policy = policy;
  return options;
}

/// One device of a machine: keys of its pair beside "device" and "engine".
inline std::string device(const std::string& name, const std::string& kind) {
  return R"({"name": ")" + name + R"(", "kind": ")" + kind + R"("})";
}
inline std::string pair(const std::string& name, const std::string& extra, const std::string& engine = {}) {
  return R"({"device": ")" + name + R"(", "engine": ")" + (engine.empty() ? "E_" + name.substr(0, 3) : engine) +
         R"(")" + (extra.empty() ? "" : ", " + extra) + "}";
}
inline std::string machine_of(const std::vector<std::string>& devices, const std::vector<std::string>& pairs,
                              const std::string& engines = "") {
  std::string text = R"({"only": true, "devices": [)";
  for (const std::string& d : devices) text += (text.back() == '[' ? "" : ", ") + d;
  text += R"(], "engines": [)" + engines + R"(], "pairs": [)";
  for (const std::string& p : pairs) text += (text.back() == '[' ? "" : ", ") + p;
  return text + "]}";
}

/// M2: a CPU and two GPUs, the better the later they are ready.
inline std::string m2(const std::string& cpu = "", const std::string& gpu0 = "", const std::string& gpu1 = "") {
  const auto and_then = [](const std::string& extra) { return extra.empty() ? "" : ", " + extra; };
  return machine_of({device("CPU", "cpu"), device("GPU.0", "igpu"), device("GPU.1", "dgpu")},
                    {pair("CPU", R"("load_ms": 50, "run_ms": 20)" + and_then(cpu)),
                     pair("GPU.0", R"("load_ms": 300, "run_ms": 5)" + and_then(gpu0)),
                     pair("GPU.1", R"("load_ms": 600, "run_ms": 2)" + and_then(gpu1))});
}

/// Three devices with 1, 3 and 2 workers; all run for 10 ms.
inline std::string machine_of_workers() {
  return machine_of({device("CPU", "cpu"), device("GPU.0", "igpu"), device("GPU.1", "dgpu")},
                    {pair("CPU", R"("run_ms": 10, "slots": 1)"), pair("GPU.0", R"("run_ms": 10, "slots": 3)"),
                     pair("GPU.1", R"("run_ms": 10, "slots": 2)")});
}

/// A GPU whose runs number 4 to `last` fail (two of them are its warm-up), and a CPU.
inline std::string failing_gpu(const std::string& to, const std::string& cpu_extra = "") {
  return machine_of({device("CPU", "cpu"), device("GPU", "dgpu")},
                    {pair("CPU", R"("load_ms": 10, "run_ms": 20)" + cpu_extra),
                     pair("GPU", R"("load_ms": 50, "run_ms": 5, "slots": 2, "run_failures": [{"from": 4, )" + to +
                                     R"("message": "kernel error"}])")});
}

/// Requests that run at once, with the devices they ran on.
class Load {
 public:
  Load(Machine& machine, autodev::AutoModel& model, std::size_t count) : machine_(machine) {
    for (std::size_t i = 0; i < count; ++i) {
      requests.push_back(std::make_unique<Request>(static_cast<float>(i)));
      requests.back()->clock = &machine.executor;
      model.start(*requests.back());
    }
  }
  /// Waits until all are done; milliseconds since the start.
  double finish() {
    while (!all_done()) machine_.run_ms(0.5);
    for (const auto& request : requests) EXPECT_TRUE(request->status.is_ok()) << request->status.message();
    return machine_.now_ms() - began_;
  }
  bool all_done() const {
    return std::all_of(requests.begin(), requests.end(), [](const auto& request) { return request->done(); });
  }
  std::map<std::string, int> by_device() const {
    std::map<std::string, int> counts;
    for (const auto& request : requests) ++counts[request->device];
    return counts;
  }
  std::vector<std::unique_ptr<Request>> requests;

 private:
  Machine& machine_;
  const double began_ = machine_.now_ms();
};

/// Clients that start again as soon as they are answered.
class ClosedLoop {
 public:
  ClosedLoop(Machine& machine, autodev::AutoModel& model, std::size_t count) : machine_(machine) {
    for (std::size_t i = 0; i < count; ++i) {
      clients_.push_back(std::make_unique<Request>(static_cast<float>(i)));
      clients_.back()->then = [this, &model](Request& client) {
        EXPECT_TRUE(client.status.is_ok()) << client.status.message();
        ++answers_;
        if (!stopped_) model.start(client);
      };
    }
    for (const auto& client : clients_) model.start(*client);
  }
  /// Answers per second over the next `ms`.
  double rate(double ms) {
    answers_ = 0;
    machine_.run_ms(ms);
    return answers_ * 1000 / ms;
  }
  void stop() {
    stopped_ = true;
    machine_.run_ms(1000);
  }

 private:
  Machine& machine_;
  std::vector<std::unique_ptr<Request>> clients_;
  int answers_ = 0;
  bool stopped_ = false;
};

/// The devices of the runs that were started since `from`, in order.
inline std::vector<std::string> runs_since(const Machine& machine, std::size_t from) {
  std::vector<std::string> devices;
  for (const sim::Entry& entry : machine.recorder->entries(sim::Entry::What::kRunStarted))
    devices.push_back(entry.device);
  devices.erase(devices.begin(), devices.begin() + static_cast<std::ptrdiff_t>(from));
  return devices;
}

}  // namespace baton::test
