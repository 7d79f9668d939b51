// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 7 of the behaviour specification: hints and numbers of requests where one device serves at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using autodev::PerformanceHint;
using engine::Hint;
using ::testing::ElementsAre;
using ::testing::Pair;
using What = sim::Entry::What;

/// A CPU with one worker, and a GPU with five that says it has up to three streams.
std::string machine(const std::string& gpu_properties = R"("RANGE_FOR_STREAMS": "1 3")",
                    const std::string& gpu_extra = "") {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"},
                {"name": "GPU", "kind": "dgpu", "properties": {)" +
         gpu_properties + R"(}}, {"name": "NPU", "kind": "accelerator"}],
    "pairs": [{"device": "CPU", "engine": "C", "load_ms": 20, "run_ms": 10},
              {"device": "GPU", "engine": "G", "load_ms": 500, "run_ms": 1, "slots": 5, "cpu_heavy_load": false)" +
         gpu_extra + R"(},
              {"device": "NPU", "engine": "N", "load_ms": 500, "run_ms": 1, "slots": 6, "cpu_heavy_load": false}]})";
}

Options hinted(PerformanceHint hint) {
  Options options;
  options.hint = hint;
  options.hint_set = true;
  return options;
}

/// The hint of each device's last load.
std::map<std::string, Hint> told(const Machine& machine) {
  std::map<std::string, Hint> hints;
  for (const sim::Entry& load : machine.recorder->entries(What::kLoadStarted)) hints[load.device] = load.hint;
  return hints;
}

TEST(Hints, B701_without_a_hint_every_device_is_told_latency_but_those_with_an_entry) {
  Machine plain(machine());
  plain.model("AUTO:GPU,CPU");
  EXPECT_THAT(told(plain), ElementsAre(Pair("CPU", Hint::kLatency), Pair("GPU", Hint::kLatency)));

  Machine tuned(machine());
  tuned.properties.devices["GPU"]["QUEUE"] = "2";
  tuned.model("AUTO:GPU,CPU");
  EXPECT_THAT(told(tuned), ElementsAre(Pair("CPU", Hint::kLatency), Pair("GPU", Hint::kNone)));
}

TEST(Hints, B702_the_users_hint_reaches_every_device_and_one_for_the_device_wins) {
  Machine throughput(machine());
  throughput.properties.devices["NPU"]["QUEUE"] = "2";
  throughput.model("AUTO:NPU,CPU", hinted(PerformanceHint::kThroughput));
  EXPECT_EQ(told(throughput).at("NPU"), Hint::kThroughput);
  EXPECT_EQ(told(throughput).at("CPU"), Hint::kLatency) << "it helps (B-513)";

  Machine own(machine());
  own.properties.devices["GPU"]["PERFORMANCE_HINT"] = "LATENCY";
  own.model("AUTO:GPU,CPU", hinted(PerformanceHint::kThroughput));
  EXPECT_EQ(told(own).at("GPU"), Hint::kLatency);
}

TEST(Hints, B704_multi_tells_nothing_to_a_device_that_the_user_tunes) {
  const auto hints = [](policy::GivenProperties given, Options options = {}) {
    Machine m(machine());
    m.properties = std::move(given);
    m.model("MULTI:GPU,CPU", std::move(options));
    return told(m);
  };
  EXPECT_THAT(hints({}), ElementsAre(Pair("CPU", Hint::kThroughput), Pair("GPU", Hint::kThroughput)));
  EXPECT_THAT(hints({.devices = {{"GPU", {{"QUEUE", "2"}}}}}),
              ElementsAre(Pair("CPU", Hint::kThroughput), Pair("GPU", Hint::kNone)));
  EXPECT_THAT(hints({.everywhere = {{"NUM_STREAMS", "2"}}}),
              ElementsAre(Pair("CPU", Hint::kNone), Pair("GPU", Hint::kNone)));
  EXPECT_THAT(hints({.everywhere = {{"INFERENCE_NUM_THREADS", "2"}}}),
              ElementsAre(Pair("CPU", Hint::kNone), Pair("GPU", Hint::kNone)));
  EXPECT_THAT(hints({.everywhere = {{"NUM_STREAMS", "2"}}}, hinted(PerformanceHint::kThroughput)),
              ElementsAre(Pair("CPU", Hint::kThroughput), Pair("GPU", Hint::kThroughput)));
}

TEST(Hints, B705_the_hint_does_not_change_the_device) {
  for (const auto hint : {PerformanceHint::kLatency, PerformanceHint::kThroughput}) {
    Machine m(machine());
    auto model = m.model("AUTO", hinted(hint));
    m.infer_until(*model, 3000);
    EXPECT_EQ(execution_devices(*model), "GPU");
  }
}

TEST(Hints, B709_B712_B716_the_prediction_is_replaced_by_the_targets_own_number) {
  Machine m(machine());
  auto model = m.model("AUTO:GPU,CPU", hinted(PerformanceHint::kThroughput));
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  EXPECT_EQ(model->snapshot().optimal_requests, 6u) << "twice its streams";
  m.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(model->snapshot().optimal_requests, 5u) << "its own";
}

/// The GPU gains from batches of eight.
std::string batching_machine() {
  return machine(R"("RANGE_FOR_STREAMS": "1 3")",
                 R"(, "capabilities": ["BATCHED_BLOB", "FP32"], "optimal_batch": 8, "batch_item_ms": 0.1)");
}

TEST(Hints, B712_B714_where_requests_will_be_batched_the_batch_counts) {
  const auto predicted = [](const Options& options, const model::Model& given = tiny_model()) {
    Machine m(batching_machine());
    auto model = m.model("AUTO:GPU,CPU", options, given);
    EXPECT_EQ(execution_devices(*model), "(CPU)");
    return model->snapshot().optimal_requests;
  };
  Options options = hinted(PerformanceHint::kThroughput);
  EXPECT_EQ(predicted(options), 48u) << "8 items, 3 streams, twice";
  options.num_requests = 6;
  EXPECT_EQ(predicted(options), 6u) << "B-713";
  options.num_requests = 0;
  EXPECT_EQ(predicted(options, dynamic_model()), 6u) << "it cannot be batched (B-904)";
  options.allow_auto_batching = false;
  EXPECT_EQ(predicted(options), 6u) << "B-902";
  EXPECT_EQ(predicted(hinted(PerformanceHint::kLatency)), 1u);
}

TEST(Hints, B712_B718_also_among_several_devices) {
  Machine m(batching_machine());
  auto model = m.model("AUTO:GPU,CPU", hinted(PerformanceHint::kCumulativeThroughput));
  ASSERT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(model->snapshot().optimal_requests, 49u);
}

TEST(Hints, B716_B916_the_switch_tells_the_prediction_and_what_came) {
  for (const bool batched : {false, true}) {
    Machine m(batched ? batching_machine() : machine());
    auto model = m.model("AUTO:GPU,CPU", hinted(PerformanceHint::kThroughput));
    const double predicted = model->snapshot().optimal_requests;
    m.infer_until(*model, 3000);
    ASSERT_EQ(execution_devices(*model), "GPU");
    const auto switched = std::find_if(m.events.begin(), m.events.end(), [](const policy::Event& event) {
      return event.type == policy::EventType::kSwitched;
    });
    ASSERT_NE(switched, m.events.end());
    EXPECT_EQ(switched->values.at("predicted_requests"), predicted);
    EXPECT_EQ(switched->values.at("optimal_requests"), model->snapshot().optimal_requests);
    EXPECT_NE(switched->values.at("optimal_requests"), predicted) << "they need not agree";
  }
}

TEST(Hints, B712_row_by_row_in_the_helper_phase) {
  const auto predicted = [](const std::string& script, const std::string& device, PerformanceHint hint) {
    Machine m(script);
    auto model = m.model(device, hinted(hint));
    EXPECT_EQ(execution_devices(*model), "(CPU)");
    return model->snapshot().optimal_requests;
  };
  const auto throughput = PerformanceHint::kThroughput;
  EXPECT_EQ(predicted(machine(), "AUTO:GPU(7),CPU", throughput), 7u);
  EXPECT_EQ(predicted(machine(R"("OPTIMAL_NUMBER_OF_INFER_REQUESTS": "9")"), "AUTO:GPU,CPU", throughput), 9u);
  EXPECT_EQ(predicted(machine(), "AUTO:GPU,CPU", PerformanceHint::kLatency), 1u);
  EXPECT_EQ(predicted(machine(), "AUTO:NPU,CPU", throughput), 8u);
  EXPECT_EQ(predicted(machine(""), "AUTO:GPU,CPU", throughput), 4u);
}

TEST(Hints, B713_B707_the_cap_holds_before_and_after_the_hand_over) {
  Options options = hinted(PerformanceHint::kThroughput);
  options.num_requests = 2;
  Machine m(machine());
  auto model = m.model("AUTO:GPU,CPU", options);
  EXPECT_EQ(model->snapshot().optimal_requests, 2u);
  for (const sim::Entry& load : m.recorder->entries(What::kLoadStarted))
    EXPECT_EQ(load.num_requests, 2u) << "forwarded";
  m.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(model->snapshot().optimal_requests, 2u);
}

TEST(Hints, B715_the_prediction_follows_the_targets_hint) {
  Machine m(machine());
  m.properties.devices["GPU"]["PERFORMANCE_HINT"] = "THROUGHPUT";
  auto model = m.model("AUTO:GPU,CPU");
  EXPECT_EQ(model->snapshot().optimal_requests, 6u);
  Machine other(machine());
  other.properties.devices["GPU"]["PERFORMANCE_HINT"] = "LATENCY";
  auto latency = other.model("AUTO:GPU,CPU", hinted(PerformanceHint::kThroughput));
  EXPECT_EQ(latency->snapshot().optimal_requests, 1u);
}

TEST(Hints, B710_workers_of_the_list_also_on_a_single_target) {
  Machine m(machine());
  auto model = m.model("AUTO:GPU(3)", hinted(PerformanceHint::kThroughput));
  EXPECT_EQ(model->snapshot().optimal_requests, 3u);
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 4; ++i) {
    requests.push_back(std::make_unique<Request>());
    model->start(*requests.back());
  }
  EXPECT_EQ(model->statistics().queued, 1u);
  m.run_ms(10);
  for (const auto& request : requests) EXPECT_TRUE(request->done());
}

TEST(Hints, B711_B717_more_requests_than_workers_wait_and_none_is_refused) {
  Machine m(machine());
  auto model = m.model("AUTO:GPU,CPU", hinted(PerformanceHint::kThroughput));
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 20; ++i) {
    requests.push_back(std::make_unique<Request>());
    model->start(*requests.back());
  }
  EXPECT_EQ(model->statistics().queued, 19u) << "the helper has one worker";
  m.run_ms(3000);
  for (const auto& request : requests) EXPECT_TRUE(request->done() && request->status.is_ok());
}

}  // namespace
}  // namespace baton::test
