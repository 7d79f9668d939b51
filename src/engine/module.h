// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "base/mutex.h"
#include "base/status.h"
#include "engine/engine.h"
#include "engine/foreign_provider.h"
#include "engine/manifest.h"
#include "engine/script.h"

namespace baton::engine {

/// One engine module: opened at first need, exactly once, and never closed, because engines' threads and static objects
/// do not survive that (design.md section 10). What failed stays failed. Thread-safety: safe; a second caller waits for
/// the first. Ownership: owns the engines.
class Module {
 public:
  /// `context` and `trials` outlive the module; `trials` may be filled until it is opened.
  Module(const EngineManifest& manifest, const ModuleContext& context, const std::shared_ptr<ProviderTrials>& trials)
      : path_(manifest.module),
        release_(manifest.version),
        preload_(manifest.preload),
        context_(context),
        trials_(trials) {}

  /// The engine of this name; the error is one line "engine <name>: <what>, searched <where>".
  base::Result<std::shared_ptr<Engine>> engine(const std::string& name);

  /// What the simulation script adds; for a module whose manifest says "scripted".
  base::Result<ScriptedMachine> read_script();

  /// Why the module could not be opened, if that was tried.
  std::optional<base::Status> failure() const;

 private:
  enum class State { kClosed, kOpening, kOpen, kFailed };

  base::Result<void*> open_library() const;
  base::Result<std::vector<std::shared_ptr<Engine>>> open() const;

  const std::filesystem::path path_;
  const std::string release_;  ///< of the library that the module is bound to; empty: it is bound to none
  const std::vector<std::string> preload_;
  const ModuleContext& context_;
  const std::shared_ptr<ProviderTrials>& trials_;  ///< null: no foreign library is here
  mutable base::Mutex mutex_;
  base::CondVar changed_;
  State state_ BATON_GUARDED_BY(mutex_) = State::kClosed;
  base::Status failure_ BATON_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Engine>> engines_ BATON_GUARDED_BY(mutex_);
};

}  // namespace baton::engine
