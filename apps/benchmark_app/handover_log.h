// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "baton/report.hpp"
#include "results.h"

namespace baton::bench {

/// Notes who serves, from a model's events. Thread-safety: safe.
class HandoverLog {
 public:
  void note(const Event& event);
  std::vector<Switch> switches() const;

 private:
  mutable std::mutex mutex_;
  std::string device_, engine_;   // who serves; guarded by mutex_
  bool helper_ = false;           // guarded by mutex_
  std::vector<Switch> switches_;  // guarded by mutex_
};

}  // namespace baton::bench
