// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The trial on an engine of the test's own. How it ends with libraries that crash or hang: try_provider_test.cc.
#include "overlap_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "trial_models.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
using ::testing::HasSubstr;

/// Computes `chain`, `bend` may spoil an answer or fail.
struct Computer {
  std::function<Status(float& answer)> bend = [](float&) { return Status(); };
  std::function<Status()> load = [] { return Status(); };
  std::atomic<int> loads = 0;
  std::atomic<int> alive = 0;
};

class TestRequest final : public EngineRequest {
 public:
  explicit TestRequest(Computer& computer) : computer_(computer) {}
  Status run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) override {
    float answer = chain_answer(*static_cast<const float*>(inputs[0].data), *static_cast<const float*>(inputs[1].data));
    BATON_RETURN_IF_ERROR(computer_.bend(answer));
    auto* const memory = static_cast<float*>(outputs[0]->reserve(element::f32, inputs[0].shape));
    std::fill(memory, memory + kTrialSide * kTrialSide, answer);
    return {};
  }

 private:
  Computer& computer_;
};

class TestExecutable final : public Executable {
 public:
  explicit TestExecutable(Computer& computer) : computer_(computer) { ++computer_.alive; }
  ~TestExecutable() override { --computer_.alive; }
  const ExecutableTraits& traits() const override { return traits_; }
  Result<std::unique_ptr<EngineRequest>> create_request() override {
    return std::unique_ptr<EngineRequest>(new TestRequest(computer_));
  }

 private:
  Computer& computer_;
  const ExecutableTraits traits_;
};

class TestEngine final : public Engine {
 public:
  explicit TestEngine(Computer& computer) : computer_(computer) {}
  const std::string& name() const override { return name_; }
  std::string version() const override { return "1"; }
  Result<std::vector<DeviceReport>> enumerate(std::span<const std::string>) override {
    return std::vector<DeviceReport>();
  }
  SupportAnswer supports(const DeviceReport&, const model::Model&) const override { return {}; }
  CompileResult compile(const CompileRequest& request, std::stop_token) override {
    EXPECT_EQ(request.device, "7");
    ++computer_.loads;
    BATON_RETURN_IF_ERROR(computer_.load());
    return std::unique_ptr<Executable>(new TestExecutable(computer_));
  }

 private:
  const std::string name_ = "test";
  Computer& computer_;
};

Status trial(Computer& computer, unsigned rounds = 3) {
  TestEngine engine(computer);
  return try_overlap(engine, "7", {.threads = 4, .rounds = rounds, .time = std::chrono::hours(1)});
}

TEST(OverlapTrial, B827_passes_where_every_answer_is_right) {
  Computer computer;
  const Status status = trial(computer);
  EXPECT_TRUE(status.is_ok()) << status.message();
  EXPECT_EQ(computer.loads, 1 + 4 * 3) << "one that all share, and one of each thread and round";
  EXPECT_EQ(computer.alive, 0);
}

TEST(OverlapTrial, B827_threads_load_and_run_at_once) {
  Computer computer;
  std::barrier together(4);
  computer.load = [&] {
    if (computer.loads > 1) together.arrive_and_wait();  // hangs unless four threads come
    return Status();
  };
  computer.bend = [&](float&) {
    together.arrive_and_wait();
    return Status();
  };
  EXPECT_TRUE(trial(computer).is_ok());
}

TEST(OverlapTrial, B827_one_wrong_answer_is_a_failure) {
  Computer computer;
  std::atomic<int> runs = 0;
  computer.bend = [&](float& answer) {
    if (++runs == 40) answer *= 2;
    return Status();
  };
  EXPECT_THAT(trial(computer).message(), HasSubstr("an answer was wrong"));
}

/// That of another thread's run at the same moment, as with a buffer that sessions share.
TEST(OverlapTrial, B827_the_answer_to_another_question_is_a_failure) {
  Computer computer;
  std::atomic<float> last = 0;
  computer.bend = [&](float& answer) {
    if (const float previous = last.exchange(answer); previous > 0) answer = previous;
    return Status();
  };
  EXPECT_THAT(trial(computer).message(), HasSubstr("an answer was wrong"));
}

TEST(OverlapTrial, lowered_precision_is_not_wrong) {
  Computer computer;
  computer.bend = [](float& answer) {
    answer *= 1.01F;
    return Status();
  };
  EXPECT_TRUE(trial(computer).is_ok());
}

TEST(OverlapTrial, B827_an_error_is_a_failure_and_ends_it_early) {
  Computer computer;
  computer.bend = [&](float&) { return computer.alive > 1 ? Status::device_failed("in use") : Status(); };
  EXPECT_EQ(trial(computer, 1000).message(), "in use");
  EXPECT_LT(computer.loads, 100);
  Computer refusing;
  refusing.load = [&] { return refusing.loads > 1 ? Status::unavailable("one model only") : Status(); };
  EXPECT_EQ(trial(refusing).message(), "one model only");
  Computer useless;
  useless.load = [] { return Status::unavailable("no model"); };
  EXPECT_EQ(trial(useless).message(), "no model");
}

TEST(OverlapTrial, no_round_but_the_first_begins_when_the_time_is_over) {
  Computer computer;
  TestEngine engine(computer);
  EXPECT_TRUE(try_overlap(engine, "7", {.threads = 2, .rounds = 1000, .time = std::chrono::milliseconds(-1)}).is_ok());
  EXPECT_EQ(computer.loads, 1 + 2);
}

}  // namespace
}  // namespace baton::engine::onnxruntime
