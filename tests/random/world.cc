// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "random/world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "policy/device_string.h"
#include "sim/simulation.h"
#include "support/tiny_model.h"

namespace baton::test {
namespace {

constexpr double kLongestWaitMs = 400e3;  ///< nothing takes longer unless it hangs
constexpr std::uint32_t kMostCalls = 60;

std::shared_ptr<const model::ModelData> own_data(bool stateful) {
  static const model::Model tiny = tiny_model();
  model::Facts facts = tiny.facts();
  facts.stateful = stateful;
  return std::make_shared<const model::ModelData>(tiny.data->source(), std::move(facts));
}

void print(const ModelStory& story, const policy::Event& event) {
  std::printf("model %d %10.3f ms %s %s %s %s %s generation %llu %s %s\n", story.number,
              base::to_ms(event.time.time_since_epoch() - std::chrono::hours(1000)),
              std::string(to_string(event.type)).c_str(), std::string(to_string(event.phase)).c_str(),
              event.device.c_str(), event.engine.c_str(), event.profile.c_str(),
              static_cast<unsigned long long>(event.generation), event.reason.c_str(), event.text.c_str());
  std::fflush(stdout);
}

}  // namespace

World::World(std::uint64_t seed, bool told)
    : told_(told),
      random_(seed),
      watch_{.verdict = &verdict_},
      machine_(random_machine(random_)),
      log_(verdict_, random_.chance(30)),
      most_models_(random_.between(1, 3)),
      start_(executor_.now()) {
  engine::RegistryOptions options;
  options.executor = &executor_;
  options.log = &log_;
  options.os_root = "/nonexistent";
  registry_ = std::make_unique<engine::Registry>(options);
  auto simulation = sim::make_simulation(machine_.script, {.executor = &executor_, .log = &log_});
  recorder_ = simulation->recorder;
  for (std::size_t i = 0; i < simulation->engines.size(); ++i)
    registry_->add(simulation->machine.manifests[i], checked(std::move(simulation->engines[i]), watch_));
  environment_ = {.executor = &executor_,
                  .registry = registry_.get(),
                  .shared = shared_.get(),
                  .records = random_.chance(30) ? &records_ : nullptr,
                  .cores = machine_.cores};
}

void World::run() {
  compile();
  plan_acts();
  for (std::uint32_t steps = random_.between(1, 8); steps > 0 && !over(); --steps) step();
  finish();
}

/// Things done at random moments, whatever else is going on: inside a compile or a blocking inference of another
/// thread, as it were.
void World::plan_acts() {
  const double horizon = random_.pick({100.0, 1000.0, 6000.0, 30000.0});
  for (std::uint32_t acts = random_.between(2, 25); acts > 0; --acts) {
    const double ms = horizon * random_.below(1000) / 1000;
    executor_.run_at(executor_.now() + base::from_ms(ms), [this] { act(); });
  }
}

/// What blocks.
void World::step() {
  switch (random_.below(6)) {
    case 0:
    case 1:
      if (stories_.size() < most_models_) return compile();
      [[fallthrough]];
    case 2:
    case 3: return infer_in_turn();
    case 4: {
      ModelStory* const story = living();
      if (story) story->model->wait_until_steady(base::from_ms(random_.pick({0, 100, 5000})));
      return;
    }
    default: return run_ms(random_.pick({1, 30, 300, 3000, 12000}));
  }
}

void World::compile() {
  stories_.push_back(std::make_unique<ModelStory>());
  ModelStory& story = *stories_.back();
  story.number = static_cast<int>(stories_.size());
  story.compile = random_compile(random_, machine_);
  story.data = own_data(story.compile.stateful);
  auto parsed = policy::parse_device_string(story.compile.device);
  if (!parsed.is_ok()) return verdict_.fail("the generator wrote " + story.compile.device);
  autodev::CompileSpec spec;
  spec.model = {story.data, {story.data->facts().inputs[0].shape}};
  spec.device = std::move(parsed).value();
  spec.device_text = story.compile.device;
  spec.options = story.compile.options;
  spec.on_event = [this, &story](const policy::Event& event) {
    verdict_.expect_no_lock("an event's listener");
    story.events.push_back(event);
    if (told_) print(story, event);
  };
  spec.log = std::shared_ptr<base::LogSink>(&log_, [](auto*) {});
  story.multi = is_multi_device(spec);
  const base::TimePoint began = executor_.now();
  auto compiled = autodev::AutoModel::compile(environment_, std::move(spec));
  story.compiled = compiled.status();
  if (base::to_ms(executor_.now() - began) > kLongestWaitMs)
    verdict_.fail("compiling " + story.name() + " took too long");
  if (!compiled.is_ok()) return;
  story.model = std::move(compiled).value();
  story.remains = story.model;
  story.accepted = story.model->snapshot().accepted_devices;
  story.multi = story.multi && story.accepted.size() > 1;
}

/// A model that takes requests; null: none does.
ModelStory* World::living() {
  std::vector<ModelStory*> found;
  for (const auto& story : stories_) {
    if (story->model && !story->ending) found.push_back(story.get());
  }
  return found.empty() ? nullptr : random_.pick(found);
}

Call& World::new_call(ModelStory& story) {
  ++calls_;
  const int repeats = random_.chance(20) ? static_cast<int>(random_.between(1, 4)) : 0;
  const auto value = static_cast<float>(calls_);
  auto call = std::make_unique<Call>(story, executor_, verdict_, value, repeats);
  // A request that gets no worker of its own is never started; it is kept, as one is that was started.
  story.calls.push_back(std::move(call));
  story.model->batch_settings()->request_made();
  return *story.calls.back();
}

void World::infer_in_turn() {
  ModelStory* const story = living();
  if (!story) return;
  for (std::uint32_t i = random_.between(1, 4); i > 0 && !story->ending && !over(); --i) {
    Call& call = new_call(*story);
    if (!story->model->bind(call).is_ok()) return;
    bool too_long = false;
    const auto guard = executor_.run_at(executor_.now() + base::from_ms(kLongestWaitMs), [&] {
      too_long = true;
      if (call.in_flight) call.cancel();
    });
    call.infer();
    executor_.cancel_timer(guard);
    if (too_long && !machine_.run_hangs) verdict_.fail("a blocking inference of " + story->name() + " took too long");
  }
}

void World::act() {
  ModelStory* const story = living();
  if (!story || over()) return;
  const std::uint32_t kind = random_.below(100);
  if (kind < 50) {
    for (std::uint32_t i = random_.between(1, random_.pick({1u, 4u, 12u})); i > 0 && calls_ < kMostCalls; --i) {
      Call& call = new_call(*story);
      if (story->model->bind(call).is_ok()) call.start();
      if (!story->model || story->ending) return;
    }
  } else if (kind < 65) {
    cancel_some(*story);
  } else if (kind < 78) {
    look(*story);
  } else if (kind < 83) {
    story->model->set_handover_hold(random_.chance(30));
  } else if (kind < 86) {
    story->model->batch_settings()->set_timeout_ms(random_.pick({0u, 2u, 500u}));
  } else if (kind < 92) {
    drop_idle_call(*story);
  } else if (kind < 96) {
    end_softly(*story);
  } else {
    close(*story);
  }
}

void World::look(ModelStory& story) {
  const autodev::Snapshot snapshot = story.model->snapshot();
  if (snapshot.generation < story.last_generation) verdict_.fail("the generation of " + story.name() + " went back");
  story.last_generation = snapshot.generation;
  const bool failed = snapshot.phase == policy::Phase::kFailed;
  const bool none = snapshot.execution_devices.empty();
  if (failed ? !none : none && !story.multi)  // B-506, B-804
    verdict_.fail(story.name() + " is in phase " + std::string(to_string(snapshot.phase)) + " with " +
                  std::to_string(snapshot.execution_devices.size()) + " execution devices");
  if (snapshot.optimal_requests == 0) verdict_.fail(story.name() + " has no optimal number of requests");
  if (story.model->report().candidates.empty()) verdict_.fail(story.name() + " reports no candidates");
  story.model->statistics();
  (void)story.model->executable_property("NUM_STREAMS");
}

void World::cancel_some(ModelStory& story) {
  const std::uint32_t percent = random_.pick({30u, 100u});
  for (std::size_t i = 0; i < story.calls.size(); ++i) {  // a completion may start others
    if (story.calls[i]->in_flight && random_.chance(percent)) story.calls[i]->cancel();
    if (!story.model) return;
  }
}

/// As the last request of a program does it: cancel, wait, close.
void World::end_softly(ModelStory& story) {
  story.ending = true;
  for (std::size_t i = 0; i < story.calls.size(); ++i) {
    if (story.calls[i]->in_flight) story.calls[i]->cancel();
  }
}

void World::close(ModelStory& story) {
  story.ending = true;
  if (!story.model || std::exchange(story.closed, true)) return;
  const base::TimePoint before = executor_.now();
  story.model->close();
  if (executor_.now() != before) verdict_.fail("closing " + story.name() + " takes time");  // B-544
}

void World::drop_idle_call(ModelStory& story) {
  for (const auto& call : story.calls) {
    if (call->in_flight || call->starts == 0) continue;
    story.model->unbind(*call);
    return;
  }
}

/// Everything ends one way or the other: what still runs is waited for or cancelled, the models go, then time does.
void World::finish() {
  run_ms(random_.pick({0, 0, 100, 5000, 60000}));
  const bool patient = random_.chance(60);
  if (patient && !over()) {
    run_ms(kLongestWaitMs);
    for (const auto& story : stories_) {
      if (story->model && !story->closed && !story->ending && story->busy() && !machine_.run_hangs)
        verdict_.fail("a request of " + story->name() + " never completes");
    }
  }
  for (const auto& story : stories_) {
    if (!story->model) continue;
    end_softly(*story);
    if (!random_.chance(50)) executor_.run_ready();
    if (!story->busy()) close(*story);
  }
  run_ms(1000);
  for (const auto& story : stories_) {
    if (story->model && story->busy() && !machine_.run_hangs && !machine_.parsed.pairs.empty()) run_ms(kLongestWaitMs);
    close(*story);
  }
  if (!over()) executor_.run_until(start_ + base::from_ms(kEndOfTimeMs + 1000));
  for (const auto& story : stories_) {
    for (const auto& call : story->calls) {
      story->model->unbind(*call);
      story->model->batch_settings()->request_gone();
      story->records.push_back(*call);
    }
    story->calls.clear();  // a request may own what ran it
    story->model.reset();
  }
  executor_.run_all();
  check_remains();
}

void World::check_remains() {
  for (const auto& story : stories_) {
    if (!story->remains.expired()) verdict_.fail(story->name() + " lives on after its last owner");
  }
  if (watch_.executables != 0) verdict_.fail(std::to_string(watch_.executables) + " executables were not freed");
  if (watch_.requests != 0) verdict_.fail(std::to_string(watch_.requests) + " engine requests were not freed");
  if (!shared_->registrations().empty()) verdict_.fail("a device is registered for a model that is gone");
  for (const auto& [name, count] : watch_.loading) {
    if (count != 0) verdict_.fail("a load never ended: " + name);
  }
}

}  // namespace baton::test
