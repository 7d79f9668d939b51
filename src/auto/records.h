// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Between a compile and the store of measured records (B-425).
#pragma once

#include <utility>
#include <vector>

#include "auto/auto_model.h"
#include "auto/selection.h"
#include "base/mutex.h"
#include "policy/plan.h"
#include "policy/records.h"

namespace baton::autodev {

/// What earlier processes measured of this model, for a plan; null when nothing is known. Reads the store, if there is
/// one: a millisecond. The version of an engine is asked for only when there is a record of it.
policy::RecordLookup look_up_records(const Environment& environment, const CompileSpec& spec,
                                     const Selection& selection);

/// All of a record's key but the model, which only a look into the file can name.
policy::RecordKey record_key(const Environment& environment, const CompileSpec& spec, const Selection& selection,
                             const policy::Pair& pair, engine::Hint hint);

/// Collects what one compiled model measures and hands it to the store in the background.
/// Thread-safety: safe. Ownership: borrows `spec` and `selection`; what was handed on outlives this.
class RecordKeeper {
 public:
  RecordKeeper(const Environment& environment, const CompileSpec& spec, const Selection& selection)
      : environment_(environment), spec_(spec), selection_(selection) {}

  void note(const policy::RungSpec& rung, const policy::Observation& seen);
  /// Not on the way to a first answer: writing needs a processor for some milliseconds.
  void save();

 private:
  struct Noted {
    policy::RungSpec rung;
    policy::Observation seen;
  };

  const Environment& environment_;
  const CompileSpec& spec_;
  const Selection& selection_;
  base::Mutex mu_;
  std::vector<Noted> noted_ BATON_GUARDED_BY(mu_);
};

}  // namespace baton::autodev
