// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/suspension.h"

#include <algorithm>

namespace baton::policy {

/// A RECOVERY_BACKOFF above the limit stays what the user said.
void Suspension::wait_longer() { wait_ = std::min(wait_ * 2, std::max(kLongestBackoff, backoff_)); }

bool Suspension::fail(FailureClass why, base::TimePoint now) {
  if (suspended_) return false;
  suspended_ = true;
  why_ = why;
  const bool relapse = recovered_at_ && now - *recovered_at_ <= kRelapseWindow;
  if (relapse) wait_longer();
  else wait_ = backoff_;
  if (backoff_.count() > 0) next_probe_ = now + wait_;
  return true;
}

void Suspension::probe_began(base::TimePoint now) {
  probe_began_ = now;
  next_probe_.reset();
}

/// Waits count from probe to probe (B-627), but a probe that took long leaves the device a pause of its own.
void Suspension::probe_failed(FailureClass why, base::TimePoint now) {
  if (!suspended_) return;
  why_ = tried_elsewhere(why) ? why : why_;
  wait_longer();
  next_probe_.reset();
  if (why != FailureClass::kInvalidArgument)
    next_probe_ = std::max(probe_began_.value_or(now) + wait_, now + std::min(wait_, backoff_));
}

void Suspension::probe_put_off(base::TimePoint now) {
  if (suspended_) next_probe_ = now + wait_;
}

void Suspension::recovered(base::TimePoint now) {
  suspended_ = false;
  recovered_at_ = now;
  next_probe_.reset();
}

}  // namespace baton::policy
