// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/loaded_rung.h"

#include <set>
#include <string>
#include <utility>

#include "auto/request_path.h"

namespace baton::autodev {
namespace {

/// The process's one copy of a name; there are as many as devices and engines.
const std::string& interned(const std::string& name) {
  static base::Mutex mutex;
  static auto* const names = new std::set<std::string>;
  base::MutexLock lock(mutex);
  return *names->insert(name).first;
}

}  // namespace

Worker::Worker(RequestPath& path_, LoadedRung& rung_, std::size_t index_,
               std::unique_ptr<engine::EngineRequest> request_, bool own_memory, std::shared_ptr<LoadedRung> own_rung_)
    : own_rung(std::move(own_rung_)),
      path(path_),
      rung(rung_),
      index(index_),
      request(std::move(request_)),
      native_done([this](base::Status status) { path.run_ended(*this, std::move(status)); }),
      memory(own_memory ? std::make_unique<RunMemory>() : nullptr) {}

void Worker::run() noexcept { path.run_blocking(*this); }

LoadedRung::LoadedRung(int index_, policy::Pair pair_, std::shared_ptr<engine::Executable> executable_,
                       SerialGate* shared_gate)
    : index(index_),
      pair(std::move(pair_)),
      executable(std::move(executable_)),
      traits(executable->traits()),
      own_gate(!shared_gate && traits.concurrency == engine::Concurrency::kSerialPerExecutable
                   ? std::make_unique<SerialGate>()
                   : nullptr),
      gate(shared_gate ? shared_gate : own_gate.get()),
      device_name(interned(pair.device)),
      engine_name(interned(pair.engine)) {}

LoadedRung::~LoadedRung() = default;

base::Status LoadedRung::create_workers(RequestPath& path, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    auto request = executable->create_request();
    if (!request.is_ok()) return request.status();
    workers.push_back(std::make_unique<Worker>(path, *this, workers.size(), std::move(request).value(), path.timed()));
    add_idle(*workers.back());
  }
  return base::Status::ok();
}

Worker* LoadedRung::take_idle() { return std::exchange(idle, idle->next_idle); }

void LoadedRung::take_idle(Worker& worker) {
  if (worker.own_rung) return;
  Worker** link = &idle;
  while (*link != &worker) link = &(*link)->next_idle;
  *link = worker.next_idle;
}

void LoadedRung::add_idle(Worker& worker) {
  if (worker.own_rung) return;
  worker.next_idle = std::exchange(idle, &worker);
}

}  // namespace baton::autodev
