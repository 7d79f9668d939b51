// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 9 of the behaviour specification: automatic batching, in virtual time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "scenario/machines.h"
#include "scenario/scenario.h"
#include "support/ir_model.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

using autodev::AutoModel;
using autodev::Options;
using What = sim::Entry::What;

/// A GPU: alone an item takes 10 ms, eight together take 17.
std::string gpu(const std::string& pair = "", const std::string& words = R"("BATCHED_BLOB", "FP32")",
                const std::string& item_ms = "1") {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu", "capabilities": ["BATCHED_BLOB", "FP32"]},
                {"name": "GPU", "kind": "dgpu", "capabilities": [)" +
         words + R"(]}],
    "pairs": [{"device": "CPU", "engine": "C", "load_ms": 50, "run_ms": 40, "optimal_batch": 8},
              {"device": "GPU", "engine": "G", "load_ms": 100, "run_ms": 10, "optimal_batch": 8,
               "cpu_heavy_load": false, "batch_item_ms": )" +
         item_ms + (pair.empty() ? "" : ", " + pair) + "}]}";
}

Options throughput(std::uint32_t timeout_ms = 1000) {
  Options options;
  options.hint = autodev::PerformanceHint::kThroughput;
  options.batch_timeout_ms = timeout_ms;
  return options;
}

/// Requests that the model knows of, as those of an application are.
class Clients {
 public:
  Clients(Machine& machine, AutoModel& model, std::size_t count) : machine_(machine), model_(model) {
    for (std::size_t i = 0; i < count; ++i) {
      requests_.push_back(std::make_unique<Request>(static_cast<float>(i)));
      requests_.back()->clock = &machine.executor;
      model.batch_settings()->request_made();
    }
  }
  ~Clients() {
    for (const auto& request : requests_) {
      (void)request;
      model_.batch_settings()->request_gone();
    }
  }

  Request& operator[](std::size_t i) { return *requests_[i]; }
  std::size_t size() const { return requests_.size(); }
  void start(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) model_.start(*requests_[i]);
  }
  void start_all() { start(0, requests_.size()); }
  bool all_done() const {
    return std::all_of(requests_.begin(), requests_.end(),
                       [](const auto& r) { return r->done() && r->status.is_ok(); });
  }

  /// Every client starts again as soon as it is answered; answers per second over `ms`.
  double rate(double ms) {
    std::size_t answers = 0;
    for (const auto& request : requests_) {
      request->then = [&](Request& r) {
        if (!stopped_) {
          ++answers;
          model_.start(r);
        }
      };
    }
    start_all();
    machine_.run_ms(ms);
    const double result = static_cast<double>(answers) * 1000 / ms;
    stopped_ = true;
    machine_.run_ms(5000);
    return result;
  }

 private:
  Machine& machine_;
  AutoModel& model_;
  std::vector<std::unique_ptr<Request>> requests_;
  bool stopped_ = false;
};

/// Runs of the GPU since `before`.
std::size_t runs(const Machine& machine) { return machine.recorder->count(What::kRunStarted, "GPU"); }

/// A model on the GPU whose batch is loaded and tried.
std::shared_ptr<AutoModel> batching_model(Machine& machine, Options options = throughput(),
                                          const std::string& device = "AUTO:GPU") {
  auto model = machine.model(device, std::move(options));
  machine.run_ms(1000);
  return model;
}

TEST(Batching, B901_B909_B916_eight_requests_are_one_run) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  EXPECT_EQ(model->snapshot().optimal_requests, 8u);
  EXPECT_EQ(model->executable_property("BATCH_SIZE").value(), "8");
  const auto before = runs(machine);
  Clients clients(machine, *model, 20);
  clients.start(0, 8);
  machine.run_ms(17);
  EXPECT_EQ(runs(machine), before + 1);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_TRUE(clients[i].done());
}

TEST(Batching, B915_items_come_out_as_they_do_alone) {
  Machine machine(gpu());
  auto plain = machine.model("GPU");
  auto model = batching_model(machine);
  Clients together(machine, *model, 8);
  together.start_all();
  machine.run_ms(100);
  for (std::size_t i = 0; i < together.size(); ++i) {
    Request alone(static_cast<float>(i));
    plain->infer(alone);
    EXPECT_EQ(together[i].first_output(), alone.first_output()) << i;
  }
}

TEST(Batching, B901_never_on_the_cpu_nor_for_a_direct_device_nor_without_the_capability) {
  for (const auto& [script, device] :
       {std::pair{gpu(), "AUTO:CPU"}, {gpu(), "GPU"}, {gpu("", R"("FP32")"), "AUTO:GPU"}}) {
    Machine machine(script);
    auto model = batching_model(machine, throughput(), device);
    EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u) << device;
    EXPECT_EQ(model->snapshot().optimal_requests, 1u);
  }
}

TEST(Batching, B902_not_for_latency_and_not_when_it_is_not_allowed) {
  Machine machine(gpu());
  auto latency = batching_model(machine, {});
  Options off = throughput();
  off.allow_auto_batching = false;
  auto forbidden = batching_model(machine, off);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 2u);
}

TEST(Batching, B904_B906_the_report_says_why_not) {
  Machine machine(gpu(R"("optimal_batch": 2)").replace(0, 0, ""));
  Options capped = throughput();
  capped.num_requests = 2;
  auto model = batching_model(machine, capped);
  EXPECT_THAT(model->report().notes, testing::Contains(testing::StartsWith("batching: ")));
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u);
}

TEST(Batching, B901_B904_B915_an_ir_is_followed_as_an_onnx_model_is) {
  IrGraph graph;
  graph.parameter("x", {1, 4}).weights("w", {4, 4}).layer("MatMul", "y", {"x", "w"}, {1, 4}).result("y");
  Machine machine(gpu());
  auto plain = machine.model("GPU", {}, ir_model(graph));
  auto model = machine.model("AUTO:GPU", throughput(), ir_model(graph));
  machine.run_ms(1000);
  EXPECT_EQ(model->executable_property("BATCH_SIZE").value(), "8");
  const auto before = runs(machine);
  Clients together(machine, *model, 8);
  together.start_all();
  machine.run_ms(17);
  EXPECT_EQ(runs(machine), before + 1);
  for (std::size_t i = 0; i < together.size(); ++i) {
    Request alone(static_cast<float>(i));
    plain->infer(alone);
    EXPECT_EQ(together[i].first_output(), alone.first_output()) << i;
  }
}

TEST(Batching, B904_an_ir_whose_items_meet_runs_one_by_one_and_the_report_names_the_layer) {
  IrGraph graph;
  graph.parameter("x", {1, 4}).layer("NonMaxSuppression", "boxes", {"x"}, {1, 4}).result("boxes");
  Machine machine(gpu());
  auto model = machine.model("AUTO:GPU", throughput(), ir_model(graph));
  machine.run_ms(1000);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u);
  EXPECT_THAT(model->report().notes, testing::Contains(testing::AllOf(testing::StartsWith("batching: "),
                                                                      testing::HasSubstr("NonMaxSuppression"),
                                                                      testing::HasSubstr("'boxes'"))));
}

TEST(Batching, B902_B904_no_graph_is_looked_at_where_nothing_would_be_batched) {
  model::Model broken = ir_model(IrGraph().parameter("x", {1, 4}).layer("ReLU", "y", {"x"}, {1, 4}).result("y"));
  model::Source source = broken.data->source();
  source.bytes = model::Bytes::own("<net");
  broken.data = std::make_shared<const model::ModelData>(std::move(source), broken.facts());
  const auto notes = [&broken](const std::string& script, Options options, const std::string& device) {
    Machine machine(script);
    auto model = machine.model(device, std::move(options), broken);
    machine.run_ms(1000);
    return model->report().notes;
  };
  const auto looked = testing::Contains(testing::HasSubstr("XML cannot be read"));
  EXPECT_THAT(notes(gpu(), throughput(), "AUTO:GPU"), looked);
  EXPECT_THAT(notes(gpu(), {}, "AUTO:GPU"), testing::Not(looked));
  EXPECT_THAT(notes(gpu(), throughput(), "AUTO:CPU"), testing::Not(looked));
  Options two = throughput();
  two.num_requests = 2;
  EXPECT_THAT(notes(gpu(), two, "AUTO:GPU"), testing::Not(looked));
  EXPECT_THAT(notes(gpu(), {}, "BATCH:GPU"), testing::Not(looked)) << "at the user's risk (B-905)";
}

TEST(Batching, B905_B906_B919_asked_for_by_name) {
  Machine machine(gpu());
  auto model = batching_model(machine, {}, "BATCH:GPU(4)");
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(model->executable_property("BATCH_SIZE").value(), "4");
  EXPECT_EQ(model->snapshot().optimal_requests, 4u);
  auto own = batching_model(machine, {}, "BATCH:GPU");
  EXPECT_EQ(own->executable_property("BATCH_SIZE").value(), "8");
  auto cpu = batching_model(machine, {}, "BATCH:CPU(2)");
  EXPECT_EQ(cpu->executable_property("BATCH_SIZE").value(), "2");
  EXPECT_EQ(execution_devices(*cpu), "CPU");
}

TEST(Batching, B908_batch_1_serves_until_the_batch_is_ready_and_when_it_cannot_be_loaded) {
  Machine machine(gpu());
  auto model = machine.model("AUTO:GPU", throughput());
  EXPECT_NEAR(machine.now_ms(), 100, 1);
  Clients clients(machine, *model, 8);
  clients.start(0, 3);
  machine.run_ms(35);
  EXPECT_TRUE(clients[0].done() && clients[1].done() && clients[2].done()) << "10 ms each";
  const auto loads = machine.recorder->entries(What::kLoadStarted);
  ASSERT_EQ(loads.size(), 2u);
  EXPECT_EQ(loads[0].input_shapes[0], (PartialShape{1, 4}));
  EXPECT_EQ(loads[1].input_shapes[0], (PartialShape{8, 4}));

  Machine failing(gpu(R"("load_failures": [{"from": 2}])"));
  auto alone = batching_model(failing);
  EXPECT_EQ(alone->executable_property("BATCH_SIZE").value(), "1");
  Clients others(failing, *alone, 8);
  others.start_all();
  failing.run_ms(80);
  EXPECT_TRUE(others.all_done());
}

TEST(Batching, B909_the_first_waits_no_longer_than_the_timeout) {
  Machine machine(gpu());
  auto model = batching_model(machine, throughput(20));
  Clients clients(machine, *model, 100);
  for (std::size_t i = 0; i < 40; i += 8) {  // arrivals are known to come quickly
    clients.start(i, i + 8);
    machine.run_ms(20);
  }
  clients.start(40, 43);
  machine.run_ms(19);
  EXPECT_FALSE(clients[40].done());
  machine.run_ms(1 + 17);
  EXPECT_TRUE(clients[40].done() && clients[42].done());
}

TEST(Batching, B910_one_request_in_a_loop_is_never_delayed) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients clients(machine, *model, 1);
  for (int i = 0; i < 50; ++i) {
    clients[0].completions = 0;
    const double before = machine.now_ms();
    model->infer(clients[0]);
    EXPECT_EQ(machine.now_ms() - before, 10);
  }
}

TEST(Batching, B910_all_that_live_are_collected) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients clients(machine, *model, 5);
  clients.start_all();
  machine.run_ms(17);
  EXPECT_TRUE(clients.all_done()) << "five of five: nobody is waited for";
}

TEST(Batching, B910_a_request_that_goes_ends_the_wait) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients warm(machine, *model, 16);
  warm.start(0, 8);
  machine.run_ms(17);
  warm.start(8, 16);
  machine.run_ms(30);
  warm[0].completions = 0;
  model->start(warm[0]);
  for (int i = 0; i < 15; ++i) model->batch_settings()->request_gone();
  machine.run_ms(10);
  EXPECT_TRUE(warm[0].done());
  for (int i = 0; i < 15; ++i) model->batch_settings()->request_made();
}

TEST(Batching, B912_few_run_singly_where_padding_is_slower) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients clients(machine, *model, 1);
  const auto before = runs(machine);
  clients.start_all();
  machine.run_ms(10);
  EXPECT_TRUE(clients.all_done());
  EXPECT_EQ(runs(machine), before + 1);
}

TEST(Batching, B913_without_timeout_nothing_is_collected_also_when_it_is_set_later) {
  Machine machine(gpu());
  auto model = batching_model(machine, throughput(0));
  auto before = runs(machine);
  Clients clients(machine, *model, 8);
  clients.start_all();
  machine.run_ms(80);
  EXPECT_TRUE(clients.all_done());
  EXPECT_EQ(runs(machine), before + 8);
  model->batch_settings()->set_timeout_ms(1000);
  before = runs(machine);
  for (std::size_t i = 0; i < 8; ++i) clients[i].completions = 0;
  clients.start_all();
  machine.run_ms(17);
  EXPECT_TRUE(clients.all_done());
  EXPECT_EQ(runs(machine), before + 1);
}

/// Loads and the four runs of the check come first; the fifth run is the first batch of a user.
TEST(Batching, B914_bad_input_is_sorted_out_singly) {
  Machine machine(gpu(R"("run_failures": [{"from": 5, "to": 5, "class": "INVALID_ARGUMENT"}])"));
  auto model = batching_model(machine);
  Clients clients(machine, *model, 8);
  clients.start_all();
  machine.run_ms(17 + 80);
  EXPECT_TRUE(clients.all_done()) << "the batch failed, each alone did not";
}

TEST(Batching, B914_a_failing_device_fails_every_member_with_one_error) {
  Machine machine(gpu(R"("run_failures": [{"from": 5, "class": "ENGINE_ERROR", "message": "broken"}])"));
  Options options = throughput();
  options.runtime_fallback = false;
  auto model = batching_model(machine, options);
  Clients clients(machine, *model, 8);
  clients.start_all();
  machine.run_ms(2000);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(clients[i].completions, 1);
    EXPECT_THAT(clients[i].status.message(), testing::HasSubstr("broken"));
    EXPECT_EQ(clients[i].status.message(), clients[0].status.message());
  }
}

TEST(Batching, B917_what_waits_at_the_switch_is_collected_at_once) {
  Machine machine(gpu());
  Options options = throughput();
  options.handover_hold = true;
  auto model = machine.model("AUTO:GPU,CPU", options);
  machine.run_ms(20000);
  ASSERT_EQ(phase(*model), "HELPER");
  Clients clients(machine, *model, 40);
  clients.start(0, 6);
  machine.run_ms(1);
  const double before = machine.now_ms();
  model->set_handover_hold(false);
  while (!clients[5].done()) machine.run_ms(1);
  EXPECT_LE(machine.now_ms() - before, 18) << "five in one batch, without the timeout";
  machine.run_ms(100);
}

TEST(Batching, B918_a_collected_request_leaves_the_batch) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients clients(machine, *model, 16);
  clients.start(0, 8);
  machine.run_ms(17);
  clients[0].completions = 0;
  for (std::size_t i = 8; i < 12; ++i) model->start(clients[i]);
  model->cancel(clients[9]);
  machine.run_ms(0);
  EXPECT_EQ(clients[9].completions, 1);
  EXPECT_EQ(clients[9].status.code(), base::StatusCode::kCancelled);
  machine.run_ms(1100);
  for (const std::size_t i : {8, 10, 11}) EXPECT_TRUE(clients[i].done() && clients[i].status.is_ok()) << i;
}

TEST(Batching, B918_cancelling_in_a_running_batch_does_not_touch_the_others) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients clients(machine, *model, 8);
  clients.start_all();
  machine.run_ms(5);
  model->cancel(clients[3]);
  machine.run_ms(12);
  EXPECT_TRUE(clients.all_done());
}

TEST(Batching, B920_requests_that_are_collected_when_the_model_goes_complete) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients clients(machine, *model, 16);
  clients.start(0, 8);
  machine.run_ms(17);
  clients.start(8, 11);
  for (std::size_t i = 8; i < 11; ++i) model->cancel(clients[i]);  // what the end of a request does
  model->close();
  machine.run_ms(1);
  for (std::size_t i = 8; i < 11; ++i) EXPECT_EQ(clients[i].completions, 1);
}

TEST(Batching, B827_runs_that_may_not_overlap_do_not) {
  const std::string script = gpu();
  Machine machine(
      R"({"only": true, "engines": [{"name": "C"}, {"name": "G", "concurrency": "serial_per_executable"}],)" +
      script.substr(script.find("\"devices\"")));
  auto model = batching_model(machine);
  Clients clients(machine, *model, 30);
  clients.rate(500);
  EXPECT_EQ(machine.recorder->count(What::kOverlap), 0u);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "GPU"), 1u) << "no batches: trying them would overlap";
}

TEST(Batching, a_batch_whose_items_come_out_differently_is_not_used) {
  // The third run is the batch's first; from there on values are wrong.
  Machine machine(gpu(R"("output_error": {"nan": true})"));
  auto model = batching_model(machine);
  EXPECT_EQ(model->executable_property("BATCH_SIZE").value(), "1") << "the last item has no NaN, alone it has one";
}

TEST(Batching, B1014_two_entries_in_the_cache) {
  const TemporaryFolder folder;
  Options options = throughput();
  options.cache_dir = folder.path().string();
  const std::string script = gpu(R"("cached_load_ms": 5)", R"("BATCHED_BLOB", "EXPORT_IMPORT", "FP32")");
  const auto entries = [&] {
    return std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator());
  };
  {
    Machine machine(script);
    batching_model(machine, options);
    EXPECT_EQ(entries(), 2);
  }
  Machine machine(script);
  auto model = batching_model(machine, options);
  for (const auto& load : machine.recorder->entries(What::kLoadStarted)) EXPECT_TRUE(load.from_blob);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 2u);
  EXPECT_EQ(model->executable_property("BATCH_SIZE").value(), "8");
  EXPECT_EQ(entries(), 2);
}

// Figures of the task: gain, loss and latency, in virtual time.

double rate_of(const std::string& script, bool batching, std::size_t clients) {
  Machine machine(script);
  Options options = throughput();
  options.allow_auto_batching = batching;
  auto model = batching_model(machine, options);
  return Clients(machine, *model, clients).rate(20000);
}

TEST(Batching, the_gain_where_batches_pay) {
  for (const std::size_t clients : {8U, 16U, 32U}) {
    const double gain = rate_of(gpu(), true, clients) / rate_of(gpu(), false, clients);
    RecordProperty("gain_" + std::to_string(clients), std::to_string(gain));
    EXPECT_GE(gain, 4.0) << clients << " clients; eight in 17 ms instead of 80 are 4.7";
  }
  EXPECT_GE(rate_of(gpu(), true, 4) / rate_of(gpu(), false, 4), 2.2) << "four in 17 ms instead of 40 are 2.35";
}

TEST(Batching, the_loss_where_batches_do_not_pay) {
  for (const std::string item_ms : {"10", "12"}) {
    for (const std::size_t clients : {1U, 3U, 8U, 20U}) {
      const std::string script = gpu("", R"("BATCHED_BLOB", "FP32")", item_ms);
      EXPECT_GE(rate_of(script, true, clients), 0.98 * rate_of(script, false, clients)) << clients << ", " << item_ms;
    }
  }
}

TEST(Batching, p99_of_a_single_client_is_that_without_batching) {
  Machine machine(gpu());
  auto model = batching_model(machine);
  Clients clients(machine, *model, 1);
  std::vector<double> latencies;
  for (int i = 0; i < 200; ++i) {
    clients[0].completions = 0;
    model->infer(clients[0]);
    latencies.push_back(clients[0].latency_ms);
    machine.run_ms(i % 7);
  }
  std::sort(latencies.begin(), latencies.end());
  EXPECT_EQ(latencies[197], 10);
}

}  // namespace
}  // namespace baton::test
