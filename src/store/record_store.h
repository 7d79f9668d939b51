// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <map>
#include <string>

#include "policy/records.h"

namespace baton::store {

/// Where measured records are kept between processes (B-425, B-1017). Nothing fails: a store that cannot be read knows
/// nothing, and what cannot be written is not kept.
/// Thread-safety: safe. Blocking: `find` for about a millisecond, `add` for as long as other processes write.
class RecordStore {
 public:
  virtual ~RecordStore() = default;

  /// False: `find` would find nothing. A look at the file system at most; asked first, because naming a model and
  /// opening the store cost something.
  virtual bool may_know() const = 0;
  /// Everything that is known of the model, with its age now.
  virtual std::map<policy::RecordKey, policy::Record> find(const std::string& model) = 0;
  /// One more observation (policy::observe). Never called on the way of a request.
  virtual void add(const policy::RecordKey& key, const policy::Observation& seen) = 0;
};

}  // namespace baton::store
