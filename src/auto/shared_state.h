// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What compiled models of one process must agree on: who holds which device, who compiles, who runs.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "policy/occupancy.h"

namespace baton::autodev {

/// Lets one holder at a time in, in order of asking. Used for executables or engines whose runs may not overlap, and
/// for compiles on one device (B-547, B-827). Thread-safety: safe. Blocking: never; `go` runs in `enter` or in another
/// holder's `leave`, without locks.
class SerialGate {
 public:
  void enter(std::function<void()> go);
  void leave();

 private:
  base::Mutex mu_;
  bool taken_ BATON_GUARDED_BY(mu_) = false;
  std::deque<std::function<void()>> waiting_ BATON_GUARDED_BY(mu_);
};

/// Thread-safety: safe. Ownership: one per process, never destroyed; tests make their own.
class SharedState {
 public:
  /// Chooses by B-413 and registers the choice, as one step (B-419). `ranked` holds device identities, best first.
  policy::TargetChoice choose_and_register(std::span<const std::string> ranked, policy::ModelPriority priority);
  /// Whether a model of a strictly higher level holds the device (B-413).
  bool held_above(const std::string& identity, policy::ModelPriority priority) const;
  /// Registers unless a higher level holds the device; `force`: in any case. One step, like the choice.
  bool claim(const std::string& identity, policy::ModelPriority priority, bool force);
  void unregister(const std::string& identity, policy::ModelPriority priority);
  policy::Registrations registrations() const;

  /// True for the first call with this engine: its library and everything in it is new to the process.
  bool first_load(const std::string& engine);

  /// True for the first call with this text: what is to be said once.
  bool first_time(const std::string& what);

  /// False when somebody writes this entry of a cache already; true must be followed by `end_writing`.
  bool begin_writing(const std::string& entry);
  void end_writing(const std::string& entry);

  /// The gate of this name, made at first use: "run onnxruntime.webgpu", "compile openvino CPU".
  SerialGate& gate(const std::string& name);

 private:
  mutable base::Mutex mu_;
  policy::Registrations registrations_ BATON_GUARDED_BY(mu_);
  std::map<std::string, std::unique_ptr<SerialGate>> gates_ BATON_GUARDED_BY(mu_);
  std::set<std::string> loaded_engines_ BATON_GUARDED_BY(mu_);
  std::set<std::string> said_ BATON_GUARDED_BY(mu_);
  std::set<std::string> written_ BATON_GUARDED_BY(mu_);  ///< at this moment
};

}  // namespace baton::autodev
