// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The shell on real threads: hand-over under load, cancellation and destruction at random moments. Run under TSan and
// ASan.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "store/sqlite_store.h"
#include "stress/stress.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

constexpr const char* kQuickMachine = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
  "engines": [{"name": "C"}, {"name": "G"}],
  "pairs": [
    {"device": "CPU", "engine": "C", "load_ms": 2, "run_ms": 0.2},
    {"device": "GPU", "engine": "G", "load_ms": 15, "run_ms": 0.05, "cpu_heavy_load": false}]})";

TEST(Stress, B521_B522_requests_of_eight_threads_over_a_hand_over_all_complete_exactly_once) {
  const Machine& machine = Machine::make(kQuickMachine);
  for (int round = 0; round < 3; ++round) {
    auto model = machine.compile("AUTO:GPU,CPU");
    constexpr int kThreads = 8;
    constexpr int kEach = 60;
    std::atomic<int> completed{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          Request request;
          if ((i + t) % 2 == 0) model->infer(request);
          else model->start(request);
          request.done.wait();
          EXPECT_TRUE(request.result.is_ok()) << request.result.message();
          EXPECT_EQ(request.completions, 1);
          ++completed;
        }
      });
    }
    threads.clear();
    EXPECT_EQ(completed, kThreads * kEach);
    EXPECT_TRUE(model->wait_until_steady(std::chrono::seconds(20)));
    EXPECT_EQ(model->snapshot().generation, 2u);
    model->close();
  }
}

TEST(Stress, B1510_B618_requests_cancelled_at_random_moments_complete_exactly_once) {
  const Machine& machine = Machine::make(kQuickMachine);
  auto model = machine.compile("AUTO:CPU");
  std::mt19937 random(seed());
  int values = 0;
  int cancelled = 0;
  for (int i = 0; i < 400; ++i) {
    Request first;
    Request second;  // waits behind the first
    model->start(first);
    model->start(second);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 400));
    model->cancel(random() % 2 ? first : second);
    first.done.wait();
    second.done.wait();
    for (Request* request : {&first, &second}) {
      EXPECT_EQ(request->completions, 1);
      if (request->result.is_ok()) ++values;
      else ++cancelled;
      EXPECT_TRUE(request->result.is_ok() || request->result.code() == base::StatusCode::kCancelled)
          << request->result.message();
    }
  }
  EXPECT_EQ(values + cancelled, 800);
  EXPECT_GT(cancelled, 0);
  model->close();
}

TEST(Stress, B544_B549_models_closed_at_random_moments) {
  const Machine& machine = Machine::make(kQuickMachine);
  close_at_random_moments(150, 4, 30000,
                          [&](int i) { return machine.compile(i % 3 == 0 ? "AUTO:CPU" : "AUTO:GPU,CPU"); });
}

TEST(Stress, B517_a_target_that_loads_at_once_cancels_a_helper_that_was_not_begun) {
  const Machine& machine = Machine::make(R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
    "engines": [{"name": "C"}, {"name": "G"}],
    "pairs": [{"device": "CPU", "engine": "C", "load_ms": 0, "run_ms": 0.1},
              {"device": "GPU", "engine": "G", "load_ms": 0, "run_ms": 0.1, "load_rank": 99, "cpu_heavy_load": false}]})");
  for (int i = 0; i < 300; ++i) {
    auto model = machine.compile("AUTO:GPU,CPU");
    Request request;
    model->infer(request);
    EXPECT_TRUE(request.result.is_ok()) << request.result.message();
    model->close();
  }
}

TEST(Stress, B1016_models_of_many_threads_share_one_file_of_records) {
  static const auto* const folder = new TemporaryFolder;  // what is being written at the end may still use both
  static auto* const records = new store::SqliteStore(folder->path() / "records.sqlite");
  const Machine& machine = Machine::make(kQuickMachine, records);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        auto model = machine.compile("AUTO");
        while (!model->wait_until_steady(std::chrono::milliseconds(0))) {
          Request request;
          model->infer(request);
          request.done.wait();
        }
        model->report();
        model->close();
      }
    });
  }
  threads.clear();
  EXPECT_TRUE(store::SqliteLibrary::get() == nullptr || records->may_know());
}

TEST(Stress, B550_ten_threads_compile_and_read_everything) {
  const Machine& machine = Machine::make(kQuickMachine);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        auto model = machine.compile("AUTO:GPU,CPU");
        Request request;
        model->infer(request);
        const autodev::Snapshot snapshot = model->snapshot();
        EXPECT_FALSE(snapshot.execution_devices.empty());
        EXPECT_FALSE(model->report().candidates.empty());
        model->statistics();
        model->close();
      }
    });
  }
  threads.clear();
  EXPECT_TRUE(machine.environment.shared->registrations().empty());
}

}  // namespace
}  // namespace baton::test
