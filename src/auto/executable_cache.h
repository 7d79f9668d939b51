// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Between the loads of one compiled model and the entries of CACHE_DIR (section 10 of the behaviour specification).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "auto/auto_model.h"
#include "auto/selection.h"
#include "model/bytes.h"
#include "policy/cache_key.h"
#include "policy/plan.h"

namespace baton::cache {
class EntryFolder;
}

namespace baton::autodev {

/// Thread-safety: safe. Ownership: borrows what it is made with; a save that goes on keeps what it needs.
class ExecutableCache {
 public:
  ExecutableCache(const Environment& environment, const CompileSpec& spec, const Selection& selection)
      : environment_(environment), spec_(spec), selection_(selection) {}

  /// kInvalidArgument when a CACHE_DIR is a file; a warning, once, when nothing can be written there (B-1006).
  base::Status check() const;

  /// An entry for the rung is there, as far as its head tells (B-1012). Reads the model once, to name it.
  bool has(const policy::RungSpec& rung) const;
  /// What was exported for the rung; null: nothing. A damaged entry is removed.
  /// `reshaped`: the executable is of this model, not of the compile's own (a batch).
  std::shared_ptr<const model::Bytes> find(const policy::RungSpec& rung, const model::Model* reshaped = nullptr) const;
  /// The engine does not take the rung's entry.
  void refused(const policy::RungSpec& rung, const base::Status& why, const model::Model* reshaped = nullptr) const;

  /// Whether the rung's executable is to be saved; `helper`: only where its device was given a cache (B-513).
  bool wants(const policy::RungSpec& rung, bool helper) const;
  /// Exports and writes in the background, unless the entry is there or somebody is at it.
  void save(const policy::RungSpec& rung, std::shared_ptr<engine::Executable> executable,
            const model::Model* reshaped = nullptr) const;

  /// For caches of the engine's own (B-1018); empty: none.
  std::filesystem::path own_folder(const policy::RungSpec& rung) const;

 private:
  policy::CacheFolder folder_of(const policy::RungSpec& rung) const;
  bool is_cached(const policy::RungSpec& rung) const;
  /// Without the model's hash, which `save` takes on a thread of its own.
  policy::CacheKey key_of(const policy::RungSpec& rung, const model::Model* reshaped) const;
  /// The whole key. Reads the model once.
  std::string key_text(const policy::RungSpec& rung, const model::Model* reshaped = nullptr) const;

  const Environment& environment_;
  const CompileSpec& spec_;
  const Selection& selection_;
};

}  // namespace baton::autodev
