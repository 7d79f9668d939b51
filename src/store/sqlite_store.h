// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "store/database.h"
#include "store/record_store.h"

namespace baton::store {

/// A file that several processes may use at once. Each call opens it, works in one short transaction and closes it, so
/// nothing is held between calls, over a fork, or at exit. A file that is no store is moved aside (`<file>.broken`) and
/// written anew; a database of another program is left alone; deleting the file is harmless.
/// Thread-safety: safe; no member changes. Ownership: a value.
class SqliteStore final : public RecordStore {
 public:
  using Seconds = std::chrono::seconds;
  /// `clock` gives the time of day since 1970; null: the system's.
  explicit SqliteStore(std::filesystem::path file, std::function<Seconds()> clock = {});

  bool may_know() const override;
  std::map<policy::RecordKey, policy::Record> find(const std::string& model) override;
  void add(const policy::RecordKey& key, const policy::Observation& seen) override;

 private:
  Outcome try_add(const policy::RecordKey& key, const policy::Observation& seen) const;

  const std::filesystem::path file_;
  const std::function<Seconds()> clock_;
};

}  // namespace baton::store
