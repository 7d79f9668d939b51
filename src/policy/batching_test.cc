// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/batching.h"

#include <gtest/gtest.h>

namespace baton::policy {
namespace {

using What = BatchOrder::What;

model::Model model_of(const std::vector<PartialShape>& inputs, const std::vector<PartialShape>& outputs,
                      bool stateful = false, element::Type type = element::f32) {
  model::Facts facts;
  for (const auto& shape : inputs) facts.inputs.push_back({{"i" + std::to_string(facts.inputs.size())}, type, shape});
  for (const auto& shape : outputs)
    facts.outputs.push_back({{"o" + std::to_string(facts.outputs.size())}, type, shape});
  facts.stateful = stateful;
  return {std::make_shared<const model::ModelData>(model::Source{}, facts), inputs};
}

TEST(BatchPorts, B904_first_dimension_one_on_an_input_and_an_output) {
  const BatchPorts ports = batch_ports(model_of({{1, 3}, {7}}, {{1, 5}, {2, 2}}));
  EXPECT_EQ(ports.obstacle, "");
  EXPECT_EQ(ports.inputs, (std::vector<bool>{true, false}));
  EXPECT_EQ(ports.outputs, (std::vector<bool>{true, false}));
  EXPECT_NE(batch_ports(model_of({{2, 3}}, {{1, 5}})).obstacle, "");
  EXPECT_NE(batch_ports(model_of({{1, 3}}, {{2, 5}})).obstacle, "");
  EXPECT_NE(batch_ports(model_of({PartialShape{}}, {{1}})).obstacle, "") << "a scalar";
}

TEST(BatchPorts, B904_B1113_neither_stateful_nor_dynamic_models) {
  EXPECT_NE(batch_ports(model_of({{1, 3}}, {{1, 5}}, true)).obstacle, "");
  EXPECT_NE(batch_ports(model_of({{-1, 3}}, {{-1, 5}})).obstacle, "");
  EXPECT_NE(batch_ports(model_of({{1, -1}}, {{1, 5}})).obstacle, "");
  EXPECT_NE(batch_ports(model_of({{1, 3}}, {{1, -1}})).obstacle, "");
}

TEST(BatchPorts, B904_no_models_of_text) {
  EXPECT_EQ(batch_ports(model_of({{1, 3}}, {{1, 5}}, false, element::string)).obstacle, "the port o0 holds texts");
}

TEST(BatchPorts, only_batched_inputs_are_made_larger) {
  const model::Model model = model_of({{1, 3}, {7}}, {{1, 5}});
  const model::Model large = batched(model, batch_ports(model), 8);
  EXPECT_EQ(large.input_shapes[0], (PartialShape{8, 3}));
  EXPECT_EQ(large.input_shapes[1], (PartialShape{7}));
}

std::uint32_t size_of(BatchQuestion question) { return choose_batch_size(question).size; }

TEST(BatchSize, B906_the_number_given_else_the_optimum_capped) {
  const auto explicit_ = BatchTrigger::kExplicit;
  const auto implicit = BatchTrigger::kImplicit;
  EXPECT_EQ(size_of({.trigger = explicit_, .asked = 4, .optimal = 16}), 4u);
  EXPECT_EQ(size_of({.trigger = explicit_, .optimal = 16}), 16u);
  EXPECT_EQ(size_of({.trigger = implicit, .optimal = 16}), 16u);
  EXPECT_EQ(size_of({.trigger = implicit, .optimal = 16, .requests = 6}), 6u);
  EXPECT_EQ(size_of({.trigger = explicit_, .asked = 8, .requests = 20}), 8u);
  EXPECT_EQ(size_of({.trigger = BatchTrigger::kNone, .optimal = 16}), 1u);
}

TEST(BatchSize, B906_more_than_two_implicitly_two_when_asked_for) {
  EXPECT_EQ(size_of({.trigger = BatchTrigger::kImplicit, .optimal = 2}), 1u);
  EXPECT_EQ(size_of({.trigger = BatchTrigger::kImplicit, .optimal = 3}), 3u);
  EXPECT_EQ(size_of({.trigger = BatchTrigger::kExplicit, .asked = 2}), 2u);
  EXPECT_EQ(size_of({.trigger = BatchTrigger::kExplicit, .asked = 1}), 1u);
  EXPECT_NE(choose_batch_size({.trigger = BatchTrigger::kImplicit, .optimal = 2}).why_not, "");
}

TEST(BatchSize, B907_halved_until_it_fits_into_memory) {
  BatchQuestion question{
      .trigger = BatchTrigger::kExplicit, .asked = 16, .weight_bytes = 100, .item_bytes = 50, .memory_bytes = 500};
  EXPECT_EQ(size_of(question), 8u);
  question.memory_bytes = 900;
  EXPECT_EQ(size_of(question), 16u) << "just fits";
  question.memory_bytes = 120;
  EXPECT_EQ(size_of(question), 1u);
  question.memory_bytes = 0;
  EXPECT_EQ(size_of(question), 16u) << "unknown";
}

TEST(BatchSize, B904_an_obstacle_is_the_reason) {
  const BatchSize size = choose_batch_size({.trigger = BatchTrigger::kImplicit, .optimal = 8, .obstacle = "dynamic"});
  EXPECT_EQ(size.size, 1u);
  EXPECT_EQ(size.why_not, "dynamic");
}

TEST(BatchTimes, B912_rounds_of_single_runs) {
  const BatchTimes times{.single_ms = 10, .batch_ms = 25, .slots = 2};
  EXPECT_EQ(times.singles_ms(1), 10);
  EXPECT_EQ(times.singles_ms(4), 20);
  EXPECT_EQ(times.singles_ms(5), 30);
  EXPECT_EQ(times.saving_ms(8), 15);
  EXPECT_EQ(times.saving_ms(4), 0);
  EXPECT_FALSE(BatchTimes{}.saving_ms(4));
}

/// Eight at a time, 10 ms alone, 20 ms together; many requests may come, one each millisecond.
BatchView view_of(std::uint32_t waiting) {
  return {.size = 8,
          .waiting = waiting,
          .living = 100,
          .timeout = std::chrono::milliseconds(1000),
          .gap_ms = 1,
          .times = {.single_ms = 10, .batch_ms = 20}};
}

void expect_order(const BatchView& view, What what, std::uint32_t members) {
  const BatchOrder order = next_batch(view);
  EXPECT_EQ(static_cast<int>(order.what), static_cast<int>(what));
  EXPECT_EQ(order.members, members);
}

TEST(NextBatch, B909_a_full_batch_starts_at_once) {
  expect_order(view_of(8), What::kBatch, 8);
  expect_order(view_of(20), What::kBatch, 8);
  expect_order(view_of(7), What::kWait, 0);
  expect_order(view_of(0), What::kWait, 0);
}

TEST(NextBatch, B909_the_first_never_waits_longer_than_the_timeout) {
  BatchView view = view_of(5);
  view.timeout = std::chrono::milliseconds(30);
  view.oldest = std::chrono::milliseconds(30);
  expect_order(view, What::kBatch, 5);
  view.oldest = std::chrono::milliseconds(10);
  EXPECT_EQ(next_batch(view).recheck, std::chrono::milliseconds(20));
}

TEST(NextBatch, B910_nobody_is_left_who_could_come) {
  BatchView view = view_of(5);
  view.living = 5;
  expect_order(view, What::kBatch, 5);
  view.living = 8;
  view.running = 3;
  expect_order(view, What::kBatch, 5);
  view.running = 2;
  expect_order(view, What::kWait, 0);
  view = view_of(1);
  view.living = 1;
  expect_order(view, What::kSingles, 1);
}

TEST(NextBatch, B911_waiting_longer_than_it_saves_does_not_pay) {
  BatchView view = view_of(4);
  view.gap_ms = 16;  // 64 ms until it is full; a full one saves 60
  expect_order(view, What::kGather, 0);
  view.gathered = true;
  expect_order(view, What::kBatch, 4);
  view.gap_ms = 14;
  expect_order(view, What::kWait, 0);
  EXPECT_EQ(next_batch(view).recheck, std::chrono::milliseconds(60));
  view.oldest = std::chrono::milliseconds(60);
  expect_order(view, What::kBatch, 4);
}

TEST(NextBatch, B912_a_part_is_padded_only_where_that_is_quicker) {
  BatchView view = view_of(3);
  view.living = 3;
  expect_order(view, What::kBatch, 3);  // 20 ms against 30
  view.waiting = view.living = 2;
  expect_order(view, What::kSingles, 2);  // 20 against 20
  view.times = {};
  expect_order(view, What::kBatch, 2);  // not measured
}

TEST(NextBatch, B913_without_timeout_everybody_runs_alone) {
  BatchView view = view_of(8);
  view.timeout = {};
  expect_order(view, What::kSingles, 8);
}

TEST(NextBatch, B908_before_the_batch_is_ready_everybody_runs_alone) {
  BatchView view = view_of(8);
  view.size = 1;
  expect_order(view, What::kSingles, 8);
}

TEST(NextBatch, while_every_batch_request_runs_the_next_batch_grows) {
  BatchView view = view_of(8);
  view.busy = true;
  expect_order(view, What::kWait, 0);
  EXPECT_EQ(next_batch(view).recheck.count(), 0);
}

TEST(NextBatch, where_batching_saves_nothing_nobody_waits) {
  BatchView view = view_of(3);
  view.times.batch_ms = 80;
  expect_order(view, What::kSingles, 3);
  view.waiting = 8;
  expect_order(view, What::kSingles, 8);
}

TEST(NextBatch, B917_before_anything_was_measured_those_of_this_moment_go_together) {
  BatchView view = view_of(3);
  view.gap_ms.reset();
  expect_order(view, What::kGather, 0);
  view.gathered = true;
  expect_order(view, What::kBatch, 3);
}

TEST(NextBatch, B912_now_and_then_a_single_run_shows_what_batches_are_compared_with) {
  BatchView view = view_of(8);
  view.times.batches = kBatchesPerSingle - 1;
  expect_order(view, What::kBatch, 8);
  view.times.note_batch(20);
  expect_order(view, What::kSingles, 1);
  view.times.note_single(10);
  expect_order(view, What::kBatch, 8);
  view.times.batches = kBatchesPerSingle;
  view.waiting = view.living = 3;
  expect_order(view, What::kBatch, 3);  // a part that is worth it
}

TEST(BatchTimes, a_run_measured_beside_others_is_corrected_by_a_quicker_one_and_hardly_by_a_slower_one) {
  BatchTimes times;
  times.note_single(30);
  times.note_single(10);
  EXPECT_EQ(times.single_ms, 10);
  times.note_single(18);
  EXPECT_EQ(times.single_ms, 11);
  times.note_batch(20);
  EXPECT_EQ(times.batch_ms, 20);
  EXPECT_EQ(times.single_ms, 11);
}

TEST(Learn, an_eighth_of_the_new) {
  std::optional<double> average;
  learn(average, 8);
  EXPECT_EQ(average, 8);
  learn(average, 16);
  EXPECT_EQ(average, 9);
}

TEST(BatchSize, B906_one_is_a_number_like_any_other) {
  const auto explicit_ = BatchTrigger::kExplicit;
  EXPECT_EQ(size_of({.trigger = explicit_, .asked = 1, .optimal = 16}), 1u) << "BATCH:GPU(1)";
  EXPECT_EQ(size_of({.trigger = explicit_, .asked = 8, .requests = 1}), 1u);
  EXPECT_EQ(size_of({.trigger = explicit_, .asked = 8, .requests = 2}), 2u);
  EXPECT_EQ(size_of({.trigger = BatchTrigger::kImplicit, .optimal = 8, .requests = 2}), 1u);
}

TEST(BatchSize, B907_a_single_item_is_what_remains_at_least) {
  const BatchQuestion question{
      .trigger = BatchTrigger::kExplicit, .asked = 16, .weight_bytes = 100, .item_bytes = 50, .memory_bytes = 1};
  EXPECT_EQ(size_of(question), 1u);
  EXPECT_EQ(choose_batch_size(question).why_not, "a batch of 1 is all that device, memory and cap leave");
}

TEST(BatchTimes, B912_what_is_not_measured_on_one_side_is_not_compared) {
  EXPECT_FALSE(BatchTimes{.single_ms = 10}.saving_ms(4));
  EXPECT_FALSE(BatchTimes{.batch_ms = 10}.saving_ms(4));
  EXPECT_EQ((BatchTimes{.single_ms = 10, .batch_ms = 30}.saving_ms(4)), 10);
}

TEST(NextBatch, B906_B909_two_are_a_batch) {
  BatchView view = view_of(2);
  view.size = 2;
  view.times = {};
  expect_order(view, What::kBatch, 2);
  view.waiting = 1;
  expect_order(view, What::kWait, 0);
}

TEST(NextBatch, B909_B911_at_the_timeout_nothing_more_is_gathered) {
  BatchView view = view_of(5);
  view.gap_ms.reset();
  view.timeout = std::chrono::milliseconds(30);
  view.oldest = std::chrono::milliseconds(29);
  expect_order(view, What::kGather, 0);
  view.oldest = std::chrono::milliseconds(30);
  expect_order(view, What::kBatch, 5);
  view.oldest = std::chrono::milliseconds(31);
  expect_order(view, What::kBatch, 5);
}

TEST(NextBatch, B913_the_shortest_timeout_is_one) {
  BatchView view = view_of(5);
  view.timeout = base::Duration(1);
  expect_order(view, What::kWait, 0);
  view.timeout = base::Duration(0);
  expect_order(view, What::kSingles, 5);
}

TEST(NextBatch, B911_waiting_for_as_long_as_it_saves_still_pays) {
  BatchView view = view_of(4);
  view.gap_ms = 15;  // 60 ms until it is full; a full one saves 60
  expect_order(view, What::kWait, 0);
  view.gap_ms = 15.001;
  expect_order(view, What::kGather, 0);
}

}  // namespace
}  // namespace baton::policy
