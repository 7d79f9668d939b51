// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Batches on real threads: collecting, cancelling, a batch that arrives late, requests that come and go. Run under TSan
// and ASan.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <random>
#include <thread>

#include "auto/batch_executable.h"
#include "auto/sample.h"
#include "base/executor.h"
#include "sim/simulation.h"
#include "support/tiny_model.h"

namespace baton::test {
namespace {

constexpr const char* kScript = R"({"only": true,
  "devices": [{"name": "GPU", "kind": "dgpu", "capabilities": ["BATCHED_BLOB", "FP32"]}],
  "pairs": [{"device": "GPU", "engine": "G", "load_ms": 1, "run_ms": 0.2, "batch_item_ms": 0.02, "slots": 2}]})";

/// One inference on memory of its own.
struct Inference {
  explicit Inference(float value) : values(4, value) {}
  std::vector<float> values;
  std::vector<std::size_t> shape{1, 4};
  engine::TensorView input{element::f32, shape, values.data(), 16};
  autodev::Buffer output;
  engine::OutputSink* sink = &output;
};

TEST(Stress, B914_B918_batched_requests_of_eight_threads_all_complete_exactly_once) {
  static NoLog log;
  base::Executor& executor = base::thread_executor();
  auto simulation = sim::make_simulation(kScript, {.executor = &executor, .log = &log});
  ASSERT_TRUE(simulation.is_ok());
  engine::CompileRequest request;
  request.model = tiny_model();
  request.device = "GPU";
  const auto ports = policy::batch_ports(request.model);
  std::shared_ptr<engine::Executable> single = simulation->engines[0]->compile(request, {}).value();
  const auto settings = std::make_shared<autodev::BatchSettings>();
  settings->set_timeout_ms(5);
  auto collector = autodev::BatchCollector::create({.executor = &executor,
                                                    .single = single,
                                                    .model = request.model,
                                                    .ports = ports,
                                                    .size = 4,
                                                    .settings = settings});
  ASSERT_TRUE(collector.is_ok());
  auto executable = std::make_unique<autodev::BatchExecutable>(collector.value());
  std::atomic<int> answered{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        std::mt19937 random(static_cast<unsigned>(t));
        settings->request_made();
        auto worker = executable->create_request().value();
        for (int i = 0; i < 150; ++i) {
          Inference inference(static_cast<float>(t));
          base::Status status;
          if (random() % 2 == 0) {
            status = worker->run({&inference.input, 1}, {&inference.sink, 1});
          } else {
            std::latch done(1);
            std::atomic<int> completions{0};
            worker->start({&inference.input, 1}, {&inference.sink, 1}, [&](base::Status s) {
              status = std::move(s);
              if (completions.fetch_add(1) == 0) done.count_down();
            });
            if (random() % 4 == 0) worker->cancel();
            done.wait();
            EXPECT_EQ(completions, 1);
          }
          EXPECT_TRUE(status.is_ok() || status.code() == base::StatusCode::kCancelled) << status.message();
          if (status.is_ok()) ++answered;
        }
        settings->request_gone();
      });
    }
    request.model = policy::batched(request.model, ports, 4);
    const auto added = collector.value()->add_batch(simulation->engines[0]->compile(request, {}).value());
    EXPECT_TRUE(added.is_ok()) << added.message();
  }
  EXPECT_GE(answered, 8 * 150 / 2);
  collector = base::Status::cancelled("gone");
  executable.reset();
}

}  // namespace
}  // namespace baton::test
