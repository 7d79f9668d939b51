// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/engine.h"

namespace baton::sim {

/// One thing that the simulation was asked for or did (B-003).
struct Entry {
  enum class What {
    kProbe,
    kLoadStarted,
    kLoadEnded,
    kRunStarted,
    kRunEnded,
    kCancelAsked,  ///< of a load or a run
    kExported,
    kCoreLeft,   ///< an executable was asked to keep off one core
    kCoreTaken,  ///< it may use all again
    kReleased,   ///< an executable and all its requests are gone
    kOverlap,    ///< a run started that the declared concurrency forbids
  };

  double at_ms = 0;  ///< since the simulation was made
  What what = What::kProbe;
  std::string device;
  std::string engine;
  engine::Profile profile = engine::Profile::kFull;
  engine::Precision precision = engine::Precision::kNative;
  std::uint64_t executable = 0;                   ///< number of the load that made it, from 1
  base::StatusCode code = base::StatusCode::kOk;  ///< of what ended

  // Of kLoadStarted only: the configuration received.
  engine::Hint hint = engine::Hint::kLatency;
  std::uint32_t num_requests = 0;
  bool background = false;
  bool from_blob = false;    ///< from what was exported
  std::string cache_folder;  ///< given for caches of the engine's own
  engine::Properties properties;
  std::vector<PartialShape> input_shapes;

  /// "load started CPU/E1/fast at 0 ms"; for messages of tests.
  std::string to_string() const;
};

/// What happened, in order. Thread-safety: safe. Ownership: shared by the simulation and whoever reads it.
class Recorder {
 public:
  void add(Entry entry);
  std::vector<Entry> entries() const;
  /// Entries of one kind, of one device and engine when these are not empty.
  std::vector<Entry> entries(Entry::What what, const std::string& device = {}, const std::string& engine = {}) const;
  std::size_t count(Entry::What what, const std::string& device = {}, const std::string& engine = {}) const {
    return entries(what, device, engine).size();
  }
  void clear();

 private:
  mutable base::Mutex mutex_;
  std::vector<Entry> entries_ BATON_GUARDED_BY(mutex_);
};

}  // namespace baton::sim
