// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "startup_recorder.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

namespace baton::tool {
namespace {

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double microseconds_kept(double ms) { return std::round(ms * 1e3) / 1e3; }

}  // namespace

/// Shared with the listener, which may outlive the recorder.
struct StartupRecorder::Journal {
  std::mutex mutex;
  std::vector<Event> events;
};

StartupRecorder::StartupRecorder(const Reader& read, const std::string& device, const AnyMap& properties)
    : journal_(std::make_shared<Journal>()) {
  const auto model = read(core_);
  trace_.read_ms = now_ms();
  model_ = core_.compile_model(model, device, properties, [journal = journal_](const Event& event) {
    const std::lock_guard lock(journal->mutex);
    journal->events.push_back(event);
  });
  trace_.compile_ms = now_ms();
  request_ = model_.create_infer_request();
}

double StartupRecorder::now_ms() const { return ms_between(zero_, Clock::now()); }

void StartupRecorder::infer() {
  request_.infer();
  trace_.answers.push_back({now_ms(), request_.latency(), request_.engine(), request_.generation()});
}

bool StartupRecorder::run(std::chrono::duration<double> shortest, std::chrono::duration<double> longest) {
  const double begin = now_ms();
  const auto elapsed = [&] { return std::chrono::duration<double, std::milli>(now_ms() - begin); };
  const auto is_steady = [&] { return model_.get_property(auto_device::execution_phase) == "STEADY"; };
  do {
    infer();
  } while (elapsed() < shortest);
  bool steady = is_steady();
  for (; !steady && elapsed() < longest; steady = is_steady()) infer();
  return steady;
}

StartupTrace StartupRecorder::trace() const {
  StartupTrace trace = trace_;
  trace.end_ms = now_ms();
  const std::lock_guard lock(journal_->mutex);
  for (const Event& event : journal_->events) trace.events.push_back({ms_between(zero_, event.time), event});
  return trace;
}

std::vector<Stage> stages(const StartupTrace& trace) {
  std::map<std::uint64_t, std::pair<Stage, std::vector<double>>> by_generation;
  for (const Answer& answer : trace.answers) {
    auto& [stage, latencies] = by_generation[answer.generation];
    stage.engine = answer.engine;
    stage.generation = answer.generation;
    stage.last_end_ms = answer.end_ms;
    ++stage.answers;
    latencies.push_back(answer.latency_ms);
  }
  std::vector<Stage> list;
  for (auto& [generation, entry] : by_generation) {
    entry.first.median_ms = median(std::move(entry.second));
    list.push_back(std::move(entry.first));
  }
  return list;
}

nlohmann::ordered_json to_json(const StartupTrace& trace) {
  nlohmann::ordered_json answers = nlohmann::ordered_json::array();
  for (const Answer& answer : trace.answers) {
    answers.push_back({{"end_ms", microseconds_kept(answer.end_ms)},
                       {"latency_ms", microseconds_kept(answer.latency_ms)},
                       {"engine", answer.engine},
                       {"generation", answer.generation}});
  }
  nlohmann::ordered_json events = nlohmann::ordered_json::array();
  for (const TimedEvent& timed : trace.events) {
    const Event& event = timed.event;
    events.push_back({{"ms", microseconds_kept(timed.ms)},
                      {"type", event.type},
                      {"phase", event.phase},
                      {"device", event.device},
                      {"engine", event.engine},
                      {"profile", event.profile},
                      {"generation", event.generation},
                      {"reason", event.reason},
                      {"text", event.text},
                      {"values", event.values}});
  }
  return {{"read_ms", trace.read_ms},
          {"compile_ms", trace.compile_ms},
          {"first_answer_ms", trace.answers.empty() ? 0 : trace.answers.front().end_ms},
          {"end_ms", trace.end_ms},
          {"answers", std::move(answers)},
          {"events", std::move(events)}};
}

}  // namespace baton::tool
