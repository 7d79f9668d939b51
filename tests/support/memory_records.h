// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A store of measured records that outlives machines of one test. Header only: users link baton::store.
#pragma once

#include <map>
#include <string>

#include "base/mutex.h"
#include "store/record_store.h"

namespace baton::test {

/// Thread-safety: safe, but for `pass_time`.
class MemoryRecords final : public store::RecordStore {
 public:
  bool may_know() const override {
    base::MutexLock lock(mu_);
    return !records_.empty();
  }
  std::map<policy::RecordKey, policy::Record> find(const std::string& model) override {
    base::MutexLock lock(mu_);
    std::map<policy::RecordKey, policy::Record> found;
    for (const auto& [key, record] : records_) {
      if (key.model == model) found.emplace(key, record);
    }
    return found;
  }
  void add(const policy::RecordKey& key, const policy::Observation& seen) override {
    base::MutexLock lock(mu_);
    records_[key] = policy::observe(records_[key], seen);
  }

  void pass_time(std::chrono::seconds time) {
    base::MutexLock lock(mu_);
    for (auto& [key, record] : records_) {
      record.load.age += time;
      record.run.age += time;
    }
  }
  std::size_t size() const {
    base::MutexLock lock(mu_);
    return records_.size();
  }

 private:
  mutable base::Mutex mu_;
  std::map<policy::RecordKey, policy::Record> records_ BATON_GUARDED_BY(mu_);
};

}  // namespace baton::test
