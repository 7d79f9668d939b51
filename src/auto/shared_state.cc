// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/shared_state.h"

namespace baton::autodev {

void SerialGate::enter(std::function<void()> go) {
  {
    base::MutexLock lock(mu_);
    if (taken_) {
      waiting_.push_back(std::move(go));
      return;
    }
    taken_ = true;
  }
  go();
}

void SerialGate::leave() {
  std::function<void()> go;
  {
    base::MutexLock lock(mu_);
    if (waiting_.empty()) {
      taken_ = false;
      return;
    }
    go = std::move(waiting_.front());
    waiting_.pop_front();
  }
  go();
}

policy::TargetChoice SharedState::choose_and_register(std::span<const std::string> ranked,
                                                      policy::ModelPriority priority) {
  base::MutexLock lock(mu_);
  policy::TargetChoice choice = policy::choose_target(ranked, registrations_, priority);
  registrations_.add(ranked[choice.index], priority);
  return choice;
}

bool SharedState::held_above(const std::string& identity, policy::ModelPriority priority) const {
  base::MutexLock lock(mu_);
  return registrations_.highest(identity) > priority;
}

bool SharedState::claim(const std::string& identity, policy::ModelPriority priority, bool force) {
  base::MutexLock lock(mu_);
  if (!force && registrations_.highest(identity) > priority) return false;
  registrations_.add(identity, priority);
  return true;
}

void SharedState::unregister(const std::string& identity, policy::ModelPriority priority) {
  base::MutexLock lock(mu_);
  registrations_.remove(identity, priority);
}

policy::Registrations SharedState::registrations() const {
  base::MutexLock lock(mu_);
  return registrations_;
}

bool SharedState::first_load(const std::string& engine) {
  base::MutexLock lock(mu_);
  return loaded_engines_.insert(engine).second;
}

bool SharedState::first_time(const std::string& what) {
  base::MutexLock lock(mu_);
  return said_.insert(what).second;
}

bool SharedState::begin_writing(const std::string& entry) {
  base::MutexLock lock(mu_);
  return written_.insert(entry).second;
}

void SharedState::end_writing(const std::string& entry) {
  base::MutexLock lock(mu_);
  written_.erase(entry);
}

SerialGate& SharedState::gate(const std::string& name) {
  base::MutexLock lock(mu_);
  std::unique_ptr<SerialGate>& gate = gates_[name];
  if (!gate) gate = std::make_unique<SerialGate>();
  return *gate;
}

}  // namespace baton::autodev
