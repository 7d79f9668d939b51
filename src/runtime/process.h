// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/shared_state.h"
#include "engine/registry.h"
#include "runtime/log_hub.h"
#include "store/sqlite_store.h"

namespace baton::runtime {

/// What all Core objects of the process share: engines are opened once, whoever asks first, and never closed.
/// Thread-safety: safe. Ownership: made at first need, never destroyed (engines' threads outlive static objects).
class Process {
 public:
  static Process& instance();

  /// Folders that `instance` will look into for engines' libraries; false when it was made already.
  static bool add_library_folders(const std::vector<std::string>& folders);

  engine::Registry& registry() { return registry_; }
  const autodev::Environment& environment() const { return environment_; }

  /// Opens the engine that loads quickest, with its library, in the background: by the time a model is read it is
  /// there. Once per process; returns at once.
  static void warm_up();

 private:
  Process();

  LevelSink log_;
  engine::Registry registry_;
  autodev::SharedState shared_;
  std::optional<store::SqliteStore> records_;  ///< none: BATON_STORE=off, or no place for it
  autodev::Environment environment_;
};

}  // namespace baton::runtime
