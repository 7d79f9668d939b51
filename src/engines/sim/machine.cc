// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/machine.h"

#include <algorithm>
#include <utility>

namespace baton::sim {

using base::Status;
using base::StatusCode;
using base::TimePoint;

Machine::Machine(Script script, base::Executor& executor, std::shared_ptr<Recorder> recorder)
    : script_(std::move(script)),
      executor_(executor),
      recorder_(std::move(recorder)),
      start_(executor.now()),
      uses_(script_.pairs.size()),
      memory_used_(script_.devices.size()) {}

const Pair* Machine::find_pair(std::size_t engine, const std::string& device, engine::Profile profile) const {
  for (const auto& pair : script_.pairs) {
    const bool same_device = script_.devices[pair.device].report.name == device;
    if (pair.engine == engine && pair.profile == profile && same_device) return &pair;
  }
  return nullptr;
}

bool Machine::is_gone(std::size_t device) const {
  const double now = base::to_ms(executor_.now() - start_);
  const auto& gone = script_.devices[device].gone;
  return std::any_of(gone.begin(), gone.end(), [&](const Window& w) { return w.from_ms <= now && now < w.to_ms; });
}

void Machine::record_probe(std::size_t engine) {
  Entry probe;
  probe.at_ms = base::to_ms(executor_.now() - start_);
  probe.what = Entry::What::kProbe;
  probe.engine = script_.engines[engine].name;
  recorder_->add(std::move(probe));
}

void Machine::record_cancel(std::size_t pair, engine::Precision precision, std::uint64_t number) {
  recorder_->add(entry(Entry::What::kCancelAsked, pair, precision, number));
}

Course Machine::begin_load(std::size_t index, const engine::CompileRequest& request, std::uint64_t& number) {
  const Pair& pair = script_.pairs[index];
  const DeviceScript& device = script_.devices[pair.device];
  Course course;
  {
    base::MutexLock lock(mutex_);
    number = ++loads_;
    Use& use = uses_[index];
    const Behaviour& behaviour = pair.behaviour(request.precision);
    const bool cached = request.blob && behaviour.cached_load_ms >= 0;
    const double ms = (cached ? behaviour.cached_load_ms : behaviour.load_ms) * slowdown(index);
    course.end = executor_.now() + base::from_ms(ms);
    const auto limit = device.report.memory_bytes;
    if (limit != 0 && memory_used_[pair.device] + pair.memory_bytes > limit) {
      course.outcome = Status(StatusCode::kResourceExhausted, "device memory is used up");
    }
    if (request.blob) apply_failure(pair.import_failures, ++use.imports, course);
    else apply_failure(pair.load_failures, ++use.loads, course);
    apply_loss(index, executor_.now(), course);
    ++use.loading;
    if (course.outcome.is_ok()) memory_used_[pair.device] += pair.memory_bytes;
  }
  Entry started = entry(Entry::What::kLoadStarted, index, request.precision, number);
  started.hint = request.hint;
  started.num_requests = request.num_requests;
  started.background = request.background;
  started.from_blob = request.blob != nullptr;
  started.cache_folder = request.cache_folder.string();
  started.properties = request.properties;
  started.input_shapes = request.model.input_shapes;
  recorder_->add(std::move(started));
  return course;
}

std::unique_ptr<Loaded> Machine::end_load(std::size_t index, engine::Precision precision, std::uint64_t number,
                                          const Course& course, const Status& status) {
  const Pair& pair = script_.pairs[index];
  {
    base::MutexLock lock(mutex_);
    --uses_[index].loading;
    // The memory was taken when the load began; one that ends differently gives it back.
    if (course.outcome.is_ok() && !status.is_ok()) memory_used_[pair.device] -= pair.memory_bytes;
  }
  Entry ended = entry(Entry::What::kLoadEnded, index, precision, number);
  ended.code = status.code();
  recorder_->add(std::move(ended));
  if (!status.is_ok()) return nullptr;
  auto loaded = std::make_unique<Loaded>();
  loaded->pair = index;
  loaded->precision = precision;
  loaded->number = number;
  loaded->since = executor_.now();
  loaded->slot_free.assign(pair.slots, loaded->since);
  return loaded;
}

base::Result<std::string> Machine::exported(std::size_t index, engine::Precision precision,
                                            const model::Model& model) const {
  const Pair& pair = script_.pairs[index];
  const DeviceScript& device = script_.devices[pair.device];
  const EngineScript& engine = script_.engines[pair.engine];
  const auto& words = pair.capabilities.empty() ? device.report.capabilities : pair.capabilities;
  if (std::find(words.begin(), words.end(), "EXPORT_IMPORT") == words.end()) {
    return Status::unsupported("engine " + engine.name + " exports nothing on device " + device.report.name);
  }
  std::string shapes;
  for (const PartialShape& shape : model.input_shapes) shapes += " " + shape.to_string();
  return "simulated executable of " + engine.name + " " + engine.version + " on " + device.report.name + ", " +
         std::string(engine::to_string(pair.profile)) + ", " + std::string(engine::to_string(precision)) + shapes;
}

void Machine::record(Entry::What what, const Loaded& loaded) {
  recorder_->add(entry(what, loaded.pair, loaded.precision, loaded.number));
}

void Machine::keep_hanging(std::uint64_t number, std::shared_ptr<void> load) {
  base::MutexLock lock(mutex_);
  hanging_.emplace(number, std::move(load));
}

void Machine::drop_hanging(std::uint64_t number) {
  decltype(hanging_)::node_type dropped;  // destroyed after the lock is
  base::MutexLock lock(mutex_);
  dropped = hanging_.extract(number);
}

void Machine::drop_all_hanging() {
  decltype(hanging_) dropped;
  base::MutexLock lock(mutex_);
  dropped.swap(hanging_);
}

void Machine::release(const Loaded& loaded) {
  const Pair& pair = script_.pairs[loaded.pair];
  {
    base::MutexLock lock(mutex_);
    memory_used_[pair.device] -= pair.memory_bytes;
  }
  record(Entry::What::kReleased, loaded);
}

Course Machine::begin_run(Loaded& loaded, std::size_t items, const std::string& shapes) {
  const Pair& pair = script_.pairs[loaded.pair];
  Course course;
  bool overlap = false;
  {
    base::MutexLock lock(mutex_);
    overlap = overlaps(loaded);
    Use& use = uses_[loaded.pair];
    const auto slot = std::min_element(loaded.slot_free.begin(), loaded.slot_free.end());
    course.slot = static_cast<std::size_t>(slot - loaded.slot_free.begin());
    if (*slot != TimePoint::max()) {  // else all workers hang, and so does this run
      const auto begin = std::max(executor_.now(), *slot);
      if (pair.forgets_shapes && !loaded.shapes.contains(shapes)) loaded.shapes.clear();
      const bool compiles = !shapes.empty() && loaded.shapes.insert(shapes).second;
      const double ms = run_ms(loaded, items) + (compiles ? pair.shape_compile_ms : 0);
      course.end = begin + base::from_ms(ms * slowdown(loaded.pair));
    }
    apply_failure(pair.run_failures, ++use.runs, course);
    apply_loss(loaded.pair, loaded.since, course);
    *slot = course.end.value_or(TimePoint::max());
    ++loaded.runs;
    ++loaded.active;
    ++use.running;
  }
  record(Entry::What::kRunStarted, loaded);
  if (overlap) record(Entry::What::kOverlap, loaded);
  return course;
}

void Machine::end_run(Loaded& loaded, const Course& course, const Status& status) {
  {
    base::MutexLock lock(mutex_);
    --loaded.active;
    --uses_[loaded.pair].running;
    // A run that was stopped early frees its worker, unless more work was given to that worker since.
    TimePoint& free = loaded.slot_free[course.slot];
    if (free == course.end.value_or(TimePoint::max())) free = std::min(free, executor_.now());
  }
  Entry ended = entry(Entry::What::kRunEnded, loaded.pair, loaded.precision, loaded.number);
  ended.code = status.code();
  recorder_->add(std::move(ended));
}

Entry Machine::entry(Entry::What what, std::size_t index, engine::Precision precision, std::uint64_t number) const {
  const Pair& pair = script_.pairs[index];
  Entry entry;
  entry.at_ms = base::to_ms(executor_.now() - start_);
  entry.what = what;
  entry.device = script_.devices[pair.device].report.name;
  entry.engine = script_.engines[pair.engine].name;
  entry.profile = pair.profile;
  entry.precision = precision;
  entry.executable = number;
  return entry;
}

double Machine::slowdown(std::size_t index) const {
  const Pair& slowed = script_.pairs[index];
  const std::string& device = script_.devices[slowed.device].report.name;
  const std::string& engine = script_.engines[slowed.engine].name;
  double factor = 1;
  for (std::size_t other = 0; other < script_.pairs.size(); ++other) {
    if (other == index) continue;
    for (const Slowdown& slow : script_.pairs[other].slows) {
      const bool meant = slow.device == device && (slow.engine.empty() || slow.engine == engine);
      const bool busy =
          (slow.while_loading && uses_[other].loading > 0) || (slow.while_running && uses_[other].running > 0);
      if (meant && busy) factor *= slow.factor;
    }
  }
  return factor;
}

void Machine::apply_failure(const std::vector<Failure>& failures, std::uint32_t count, Course& course) const {
  for (const Failure& failure : failures) {
    if (count < failure.from || count > failure.to) continue;
    course.outcome = Status(failure.code, failure.message);
    if (failure.hang) course.end.reset();
    return;
  }
}

/// A device that was away since `since`, or that goes away before the end, ends everything it was given.
void Machine::apply_loss(std::size_t index, TimePoint since, Course& course) const {
  const DeviceScript& device = script_.devices[script_.pairs[index].device];
  const TimePoint now = executor_.now();
  for (const Window& gone : device.gone) {
    const TimePoint from = start_ + base::from_ms(gone.from_ms);
    const bool is_away = from <= now && base::to_ms(now - start_) < gone.to_ms;
    const bool was_away = from > since && from <= now;
    const bool goes_away = from > now && (!course.end || from <= *course.end);
    if (!is_away && !was_away && !goes_away) continue;
    course.end = std::max(from, now);
    course.outcome = Status(StatusCode::kDeviceLost, "device " + device.report.name + " is lost");
  }
}

bool Machine::overlaps(const Loaded& loaded) const {
  const std::size_t engine = script_.pairs[loaded.pair].engine;
  const std::string& group = script_.engines[engine].serial_group;
  for (std::size_t i = 0; i < script_.pairs.size() && !group.empty(); ++i) {
    if (script_.engines[script_.pairs[i].engine].serial_group == group && uses_[i].running > 0) return true;
  }
  switch (script_.engines[engine].concurrency) {
    case engine::Concurrency::kParallel: return false;
    case engine::Concurrency::kSerialPerExecutable: return loaded.active > 0;
    case engine::Concurrency::kSerialPerEngine: break;
  }
  for (std::size_t i = 0; i < script_.pairs.size(); ++i) {
    if (script_.pairs[i].engine == engine && uses_[i].running > 0) return true;
  }
  return false;
}

double Machine::run_ms(const Loaded& loaded, std::size_t items) const {
  const Behaviour& behaviour = script_.pairs[loaded.pair].behaviour(loaded.precision);
  const bool has_first = behaviour.first_run_ms >= 0;
  double ms = behaviour.first_run_ms;
  if (!has_first || loaded.runs > 0) {
    const std::size_t run = loaded.runs - (has_first ? 1 : 0);
    ms = behaviour.run_ms[std::min(run, behaviour.run_ms.size() - 1)];
  }
  const double further = behaviour.batch_item_ms >= 0 ? behaviour.batch_item_ms : ms;
  return ms + further * static_cast<double>(items - 1);
}

}  // namespace baton::sim
