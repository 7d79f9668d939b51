// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/rung_loader.h"

#include <malloc.h>

#include <algorithm>
#include <utility>

#include "auto/request_path.h"
#include "auto/shared_state.h"
#include "base/code_pages.h"
#include "base/process_exit.h"
#include "engine/device_table.h"

namespace baton::autodev {
namespace {

using base::EngineCall;
using base::Status;
using base::StatusCode;

/// AddressSanitizer has an allocator of its own, beside which the C library's is not made to be trimmed.
#if defined(__has_feature)
#define BATON_HAS_FEATURE(feature) __has_feature(feature)
#else
#define BATON_HAS_FEATURE(feature) 0
#endif

/// Freed memory goes back to the system where the C library can do that (B-541), and with it the code that read the
/// model, chose and checked: serving needs little of it, and what it needs is in the page cache.
void return_memory() {
  base::return_code_pages("libbaton.so");
  base::return_code_pages("libprotobuf-lite.so");
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !BATON_HAS_FEATURE(address_sanitizer)
  malloc_trim(0);
#endif
}

policy::DeviceAnswers ask(engine::Engine& engine, const std::string& device) {
  const auto number = [&](const char* key) {
    const auto answer = engine.device_property(device, key);
    return answer.is_ok() ? policy::last_number(answer.value()) : std::nullopt;
  };
  return {.optimal_requests = number("OPTIMAL_NUMBER_OF_INFER_REQUESTS"), .streams = number("RANGE_FOR_STREAMS")};
}

}  // namespace

SerialGate& RungLoader::gate(const policy::Pair& pair) const {
  return environment_.shared->gate("compile " + pair.engine + " " + pair.handle);
}

void RungLoader::load(RungLoad order) const {
  auto load = std::make_shared<RungLoad>(std::move(order));
  gate(load->spec.pair).enter([this, load] { environment_.executor->start_job([this, load] { begin(load); }); });
}

void RungLoader::open_engine(const policy::RungSpec& spec, std::stop_token stop,
                             std::shared_ptr<RequestPath> owner) const {
  gate(spec.pair).enter([this, spec, stop, owner] {
    environment_.executor->start_job([this, spec, stop, owner] {
      if (const EngineCall call; call.allowed() && !stop.stop_requested()) {
        auto engine = environment_.registry->engine(spec.pair.engine);
        if (engine.is_ok()) engine.value()->open_parts(spec.pair.handle, spec_.model.facts().format, stop);
      }
      gate(spec.pair).leave();
    });
  });
}

void RungLoader::begin(const std::shared_ptr<RungLoad>& load, bool use_cache) const {
  if (load->stop.stop_requested()) return ended(*load, Status::cancelled("not wanted any more"));
  bool from_cache = use_cache;
  if (load->answered) ask_device(*load);
  if (auto result = compile(load, from_cache)) compiled(load, from_cache, *std::move(result));
}

/// Once: what it says does not change. Each question is an engine call of its own.
void RungLoader::ask_device(RungLoad& load) const {
  const auto answered = std::exchange(load.answered, nullptr);
  policy::DeviceAnswers answers;
  {
    const EngineCall call;
    if (!call.allowed()) return;
    auto engine = environment_.registry->engine(load.spec.pair.engine);
    if (!engine.is_ok()) return;
    answers = ask(*engine.value(), load.spec.pair.handle);
  }
  answers.batch = batches_.choose(load.spec, /*overlap=*/true).size;
  answered(answers);
}

/// Null when the engine goes on by itself. The engine call is over when this returns: `ended` makes one of its own, and
/// one inside another would wait for ever at process exit.
std::optional<engine::Engine::CompileResult> RungLoader::compile(const std::shared_ptr<RungLoad>& load,
                                                                 bool& from_cache) const {
  const bool use_cache = std::exchange(from_cache, false);  // an engine that is not there has refused no entry
  const EngineCall call;
  if (!call.allowed()) return EngineCall::refused();
  auto engine = environment_.registry->engine(load->spec.pair.engine);
  if (!engine.is_ok()) return engine.status();
  const engine::CompileRequest request = compile_request(*load, use_cache);
  from_cache = request.blob != nullptr;
  const bool started = engine.value()->start_compile(
      request, load->stop, [this, load, from_cache = from_cache](engine::Engine::CompileResult result) {
        compiled(load, from_cache, std::move(result));
      });
  if (started) return std::nullopt;
  return engine.value()->compile(request, load->stop);
}

void RungLoader::compiled(const std::shared_ptr<RungLoad>& load, bool from_cache,
                          engine::Engine::CompileResult result) const {
  if (!from_cache || result.is_ok() || !refuses_entry(load, result.status())) return ended(*load, std::move(result));
  cache_.refused(load->spec, result.status());
  if (!load->entry_refused) {
    environment_.executor->start_job([this, load] { begin(load, /*use_cache=*/false); });
    return;
  }
  gate(load->spec.pair).leave();
  load->entry_refused();
}

/// A load that was stopped, or that the device itself failed, says nothing of the entry.
bool RungLoader::refuses_entry(const std::shared_ptr<RungLoad>& load, const Status& status) const {
  return !load->stop.stop_requested() && status.code() != StatusCode::kCancelled &&
         status.code() != StatusCode::kDeviceLost && status.code() != StatusCode::kResourceExhausted;
}

engine::CompileRequest RungLoader::compile_request(const RungLoad& load, bool use_cache) const {
  const policy::RungSpec& spec = load.spec;
  engine::CompileRequest request;
  request.model = spec_.model;
  request.device = spec.pair.handle;
  request.profile = spec.pair.profile;
  request.precision = spec.pair.precision;
  request.hint = spec.hint;
  const engine::DeviceRecord& device = selection_.record(spec.device);
  request.num_requests = requests_cap(spec_, device);
  request.properties = policy::properties_for(spec_.properties, device, spec.pair.engine);
  if (spec_.options.profiling) request.properties["PERF_COUNT"] = "YES";
  request.background = load.in_background();
  if (use_cache) request.blob = cache_.find(spec);
  request.cache_folder = cache_.own_folder(spec);
  return request;
}

/// Whose runs may not overlap with this rung's, in the whole process (B-827).
SerialGate* RungLoader::run_gate(const policy::RungSpec& spec, const engine::Executable& executable) const {
  const engine::DeviceReport* report = engine::report_of(selection_.record(spec.device), spec.pair.engine);
  if (report != nullptr && !report->serial_group.empty())
    return &environment_.shared->gate("run group " + report->serial_group);
  return executable.traits().concurrency == engine::Concurrency::kSerialPerEngine
             ? &environment_.shared->gate("run " + spec.pair.engine)
             : nullptr;
}

/// B-710, and some more where that keeps the device busy, unless runs have a time limit (B-617): waiting inside the
/// engine is part of it. Runs that may not overlap need one worker, unless each request is to have its own (B-819).
Status RungLoader::create_workers(LoadedRung& rung, const RungLoad& load) const {
  const std::uint32_t given = selection_.candidate(load.spec.device).workers;
  const std::uint32_t cap = requests_cap(spec_, selection_.record(load.spec.device));
  const std::uint32_t count = policy::capped(given > 0 ? given : std::max(1u, rung.traits.optimal_requests), cap);
  const bool overlap = !rung.gate || spec_.options.bind_buffer;
  const std::uint32_t workers = overlap ? count : 1;
  rung.optimal_requests = given > 0 ? count : workers;
  const bool exact = given > 0 || !overlap || spec_.options.bind_buffer || load.owner->timed();
  return rung.create_workers(*load.owner, policy::capped(workers + (exact ? 0 : rung.traits.waiting_requests), cap));
}

void RungLoader::ended(const RungLoad& load, engine::Engine::CompileResult result) const {
  const policy::RungSpec& spec = load.spec;
  Status status = result.status();
  std::shared_ptr<LoadedRung> loaded;
  std::shared_ptr<BatchCollector> collector;
  std::stop_token batch_stop;
  if (result.is_ok()) {
    const EngineCall call;
    std::shared_ptr<engine::Executable> executable = std::move(result).value();
    SerialGate* const runs = run_gate(spec, *executable);
    const bool overlap = !runs && executable->traits().concurrency == engine::Concurrency::kParallel;
    if ((collector = batched(load, executable, overlap))) {
      auto batching = std::make_shared<BatchExecutable>(collector);
      batch_stop = batching->stop_token();
      executable = std::move(batching);
    }
    loaded = owned(std::make_shared<LoadedRung>(load.rung, spec.pair, std::move(executable), runs), load.released);
    status = call.allowed() ? create_workers(*loaded, load) : EngineCall::refused();
    if (!status.is_ok()) loaded.reset();
  }
  gate(spec.pair).leave();
  const bool first = environment_.shared->first_load(spec.pair.engine);
  const bool loads_batch = collector && loaded;
  load.done(std::move(status), std::move(loaded), first);
  if (loads_batch) load_batch(load, std::move(batch_stop), collector);
}

/// Null where requests run one by one.
std::shared_ptr<BatchCollector> RungLoader::batched(const RungLoad& load,
                                                    const std::shared_ptr<engine::Executable>& single,
                                                    bool overlap) const {
  const BatchLoader::Choice choice = batches_.choose(load.spec, overlap);
  if (!choice.why_not.empty()) {
    batches_.log_refusal(load.spec, choice);
    if (load.note) load.note("batching: " + choice.why_not);
  }
  if (choice.size <= 1) return nullptr;
  auto made = BatchCollector::create({.executor = environment_.executor,
                                      .single = single,
                                      .model = spec_.model,
                                      .ports = choice.ports,
                                      .size = choice.size,
                                      .settings = load.owner->batch_settings()});
  return made.is_ok() ? std::move(made).value() : nullptr;
}

/// Batch 1 serves meanwhile (B-908).
void RungLoader::load_batch(const RungLoad& load, std::stop_token stop,
                            const std::shared_ptr<BatchCollector>& collector) const {
  BatchLoader::Order order{.rung = load.spec,
                           .request = compile_request(load, /*use_cache=*/false),
                           .collector = collector,
                           .stop = std::move(stop),
                           .alive = load.owner};
  order.request.model = policy::batched(spec_.model, collector->parts().ports, collector->parts().size);
  order.request.background = true;
  batches_.load(std::move(order), gate(load.spec.pair));
}

/// The rung ends with its last owner, which may be a check, on a thread of its own: that may take milliseconds, and
/// trimming takes the allocator's locks. While the process ends it is left alone: its library may be gone already.
std::shared_ptr<LoadedRung> RungLoader::owned(std::shared_ptr<LoadedRung> rung, std::function<void()> released) const {
  LoadedRung* const raw = rung.get();
  auto destroy = [released = std::move(released), &runs = *environment_.executor, data = spec_.model.data,
                  rung = std::move(rung)](LoadedRung*) mutable {
    if (base::process_is_exiting()) {
      base::leave_alone(std::move(rung));
      return;
    }
    runs.start_job([released, data, rung = std::move(rung)]() mutable {
      const EngineCall call;
      if (!call.allowed()) return;
      rung.reset();
      for (const auto& bytes : {data->source().bytes, data->source().weights}) {
        if (bytes) bytes->forget_pages();
      }
      return_memory();
      released();
    });
  };
  std::shared_ptr<LoadedRung> shared(raw, std::move(destroy));
  raw->self = shared;
  return shared;
}

}  // namespace baton::autodev
