// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Several serving devices on real threads. Run under TSan and ASan.
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <thread>

#include "stress/stress.h"

namespace baton::test {
namespace {

using policy::SchedulePolicy;

constexpr const char* kThreeDevices = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU.0", "kind": "igpu"}, {"name": "GPU.1", "kind": "dgpu"}],
  "engines": [{"name": "C"}, {"name": "G"}],
  "pairs": [
    {"device": "CPU", "engine": "C", "load_ms": 1, "run_ms": 0.3},
    {"device": "GPU.0", "engine": "G", "load_ms": 8, "run_ms": 0.1, "slots": 2, "cpu_heavy_load": false},
    {"device": "GPU.1", "engine": "G", "load_ms": 16, "run_ms": 0.05, "slots": 2, "cpu_heavy_load": false}]})";

autodev::Options by(SchedulePolicy policy) {
  autodev::Options options;
  options.hint = autodev::PerformanceHint::kCumulativeThroughput;
  options.hint_set = true;
  options.schedule_policy = policy;
  return options;
}

TEST(CumulativeStress, B802_B618_requests_of_eight_threads_while_devices_join_complete_exactly_once) {
  const Machine& machine = Machine::make(kThreeDevices);
  for (const auto policy :
       {SchedulePolicy::kEarliestFinish, SchedulePolicy::kDevicePriority, SchedulePolicy::kRoundRobin}) {
    auto model = machine.compile("AUTO", by(policy));
    constexpr int kThreads = 8;
    constexpr int kEach = 60;
    std::atomic<int> completed{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          Request first;
          Request second;
          model->start(first);
          if ((i + t) % 2 == 0) model->infer(second);
          else model->start(second);
          for (Request* request : {&first, &second}) {
            request->done.wait();
            EXPECT_TRUE(request->result.is_ok()) << request->result.message();
            EXPECT_EQ(request->completions, 1);
            ++completed;
          }
        }
      });
    }
    threads.clear();
    EXPECT_EQ(completed, 2 * kThreads * kEach);
    EXPECT_TRUE(model->wait_until_steady(std::chrono::seconds(20)));
    EXPECT_EQ(model->snapshot().execution_devices.size(), 3u);
    model->close();
  }
}

TEST(CumulativeStress, B1510_requests_cancelled_at_random_moments_complete_exactly_once) {
  const Machine& machine = Machine::make(kThreeDevices);
  auto model = machine.compile("AUTO", by(SchedulePolicy::kEarliestFinish));
  std::mt19937 random(seed());
  for (int i = 0; i < 200; ++i) {
    std::vector<std::unique_ptr<Request>> requests;
    for (int r = 0; r < 8; ++r) {
      requests.push_back(std::make_unique<Request>());
      model->start(*requests.back());
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 400));
    for (const auto& request : requests) {
      if (random() % 2) model->cancel(*request);
    }
    for (const auto& request : requests) {
      request->done.wait();
      EXPECT_EQ(request->completions, 1);
      EXPECT_TRUE(request->result.is_ok() || request->result.code() == base::StatusCode::kCancelled)
          << request->result.message();
    }
  }
  model->close();
}

TEST(CumulativeStress, B828_models_closed_at_random_moments) {
  const Machine& machine = Machine::make(kThreeDevices);
  close_at_random_moments(100, 6, 20000, [&](int i) {
    return machine.compile(i % 3 == 0 ? "MULTI:GPU,CPU" : "AUTO", by(SchedulePolicy::kEarliestFinish));
  });
}

TEST(CumulativeStress, B550_ten_threads_compile_and_read_everything) {
  const Machine& machine = Machine::make(kThreeDevices);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 8; ++i) {
        auto model = machine.compile("AUTO", by(SchedulePolicy::kRoundRobin));
        Request request;
        model->infer(request);
        const autodev::Snapshot snapshot = model->snapshot();
        EXPECT_FALSE(snapshot.execution_devices.empty());
        EXPECT_GE(snapshot.optimal_requests, 1u);
        EXPECT_FALSE(model->report().candidates.empty());
        model->statistics();
        (void)model->executable_property("NUM_STREAMS", "CPU");
        model->close();
      }
    });
  }
  threads.clear();
  EXPECT_TRUE(machine.environment.shared->registrations().empty()) << "B-418";
}

TEST(CumulativeStress, B819_bound_requests_of_many_threads) {
  const Machine& machine = Machine::make(kThreeDevices);
  autodev::Options options = by(SchedulePolicy::kDevicePriority);
  options.bind_buffer = true;
  auto model = machine.compile("AUTO", options);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 5; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        auto request = std::make_unique<Request>();
        ASSERT_TRUE(model->bind(*request).is_ok());
        model->infer(*request);
        EXPECT_TRUE(request->result.is_ok()) << request->result.message();
        model->unbind(*request);
      }
    });
  }
  threads.clear();
  model->close();
}

}  // namespace
}  // namespace baton::test
