// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "scenario/scenario.h"

#include <gtest/gtest.h>

#include <cstring>

#include "policy/device_string.h"
#include "sim/simulation.h"

namespace baton::test {

Request::Request(float value, std::size_t rows) : values_(4 * rows, value), shape_{rows, 4} {
  input_ = {element::f32, shape_, values_.data(), values_.size() * sizeof(float)};
  inputs = std::span(&input_, 1);
  outputs = std::span(&sink_, 1);
}

void Request::on_done(const base::Status& result, const autodev::RunInfo& run) noexcept {
  ++completions;
  status = result;
  if (run.device) device = *run.device;
  if (run.engine) engine = *run.engine;
  generation = run.generation;
  attempts = run.attempts;
  latency_ms = run.latency_ms;
  if (clock) completed_at = clock->now();
  if (then) then(*this);
}

float Request::first_output() const {
  float value = 0;
  std::memcpy(&value, output_.bytes.data(), sizeof(value));
  return value;
}

Machine::Machine(const std::string& script, int cores) {
  engine::RegistryOptions options;
  options.executor = &executor;
  options.log = &log;
  options.os_root = "/nonexistent";
  registry = std::make_unique<engine::Registry>(options);
  auto simulation = sim::make_simulation(script, {.executor = &executor, .log = &log});
  if (!simulation.is_ok()) {
    ADD_FAILURE() << simulation.status().message();
    std::abort();
  }
  recorder = simulation->recorder;
  for (std::size_t i = 0; i < simulation->engines.size(); ++i) {
    registry->add(simulation->machine.manifests[i], std::move(simulation->engines[i]));
  }
  environment = {.executor = &executor, .registry = registry.get(), .shared = &shared, .cores = cores};
}

Machine::~Machine() {
  for (const auto& model : models) model->close();
  models.clear();
  executor.run_all();
}

autodev::CompileSpec Machine::spec(const std::string& device, autodev::Options options, model::Model model) {
  autodev::CompileSpec spec;
  spec.model = std::move(model);
  spec.device = policy::parse_device_string(device).value();
  spec.device_text = device;
  spec.options = std::move(options);
  spec.properties = properties;
  spec.on_event = [this](const policy::Event& event) { events.push_back(event); };
  spec.log = std::shared_ptr<base::LogSink>(&log, [](auto*) {});
  return spec;
}

base::Result<std::shared_ptr<autodev::AutoModel>> Machine::compile(const std::string& device, autodev::Options options,
                                                                   model::Model model) {
  if (const auto parsed = policy::parse_device_string(device); !parsed.is_ok()) return parsed.status();
  auto compiled = autodev::AutoModel::compile(environment, spec(device, std::move(options), std::move(model)));
  if (compiled.is_ok()) models.push_back(compiled.value());
  return compiled;
}

std::shared_ptr<autodev::AutoModel> Machine::model(const std::string& device, autodev::Options options,
                                                   model::Model model) {
  auto compiled = compile(device, std::move(options), std::move(model));
  if (!compiled.is_ok()) {
    ADD_FAILURE() << compiled.status().message();
    std::abort();
  }
  return compiled.value();
}

std::vector<std::unique_ptr<Request>> Machine::infer_until(autodev::AutoModel& model, double end_ms) {
  std::vector<std::unique_ptr<Request>> requests;
  while (now_ms() < end_ms) {
    requests.push_back(std::make_unique<Request>());
    requests.back()->clock = &executor;
    model.infer(*requests.back());
    EXPECT_TRUE(requests.back()->status.is_ok()) << requests.back()->status.message();
    EXPECT_EQ(requests.back()->completions, 1);
  }
  return requests;
}

std::vector<std::string> Machine::event_names() const {
  std::vector<std::string> names;
  for (const policy::Event& event : events) {
    names.push_back(std::string(to_string(event.type)) + (event.device.empty() ? "" : " " + event.device));
  }
  return names;
}

double Machine::time_of(policy::EventType type, const std::string& engine) const {
  for (const policy::Event& event : events) {
    if (event.type == type && event.engine == engine)
      return base::to_ms(event.time - (executor.now() - executor.elapsed()));
  }
  ADD_FAILURE() << "no " << to_string(type) << " of " << engine;
  return 0;
}

namespace {
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}
}  // namespace

std::string execution_devices(const autodev::AutoModel& model) { return joined(model.snapshot().execution_devices); }
std::string execution_engines(const autodev::AutoModel& model) { return joined(model.snapshot().execution_engines); }
std::string phase(const autodev::AutoModel& model) { return std::string(to_string(model.snapshot().phase)); }

const policy::SelectionReport::Entry& pair_in(const policy::SelectionReport& report, const std::string& name) {
  for (const auto& entry : report.pairs) {
    const std::string prefix = entry.device + "/" + entry.engine + "/" + entry.profile;
    if (prefix == name) return entry;
  }
  ADD_FAILURE() << "no pair " << name;
  static const policy::SelectionReport::Entry none;
  return none;
}

}  // namespace baton::test
