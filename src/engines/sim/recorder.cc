// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/recorder.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

namespace baton::sim {

namespace {

const char* word(Entry::What what) {
  switch (what) {
    case Entry::What::kProbe: return "probe";
    case Entry::What::kLoadStarted: return "load started";
    case Entry::What::kLoadEnded: return "load ended";
    case Entry::What::kRunStarted: return "run started";
    case Entry::What::kRunEnded: return "run ended";
    case Entry::What::kCancelAsked: return "cancel asked";
    case Entry::What::kExported: return "exported";
    case Entry::What::kCoreLeft: return "core left";
    case Entry::What::kCoreTaken: return "core taken";
    case Entry::What::kReleased: return "released";
    case Entry::What::kOverlap: return "overlap";
  }
  return "unknown";
}

}  // namespace

std::string Entry::to_string() const {
  std::ostringstream text;
  text << word(what) << ' ' << device << '/' << engine << '/' << engine::to_string(profile);
  if (precision == engine::Precision::kFull) text << "/f32";
  text << " at " << at_ms << " ms";
  if (code != base::StatusCode::kOk) text << ": " << base::to_string(code);
  return text.str();
}

void Recorder::add(Entry entry) {
  base::MutexLock lock(mutex_);
  entries_.push_back(std::move(entry));
}

std::vector<Entry> Recorder::entries() const {
  base::MutexLock lock(mutex_);
  return entries_;
}

std::vector<Entry> Recorder::entries(Entry::What what, const std::string& device, const std::string& engine) const {
  std::vector<Entry> result;
  base::MutexLock lock(mutex_);
  std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(result), [&](const Entry& entry) {
    return entry.what == what && (device.empty() || entry.device == device) &&
           (engine.empty() || entry.engine == engine);
  });
  return result;
}

void Recorder::clear() {
  base::MutexLock lock(mutex_);
  entries_.clear();
}

}  // namespace baton::sim
