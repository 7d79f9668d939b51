// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// How long a device that failed is left alone (B-624 to B-627, B-629).
#pragma once

#include <chrono>
#include <optional>

#include "base/executor.h"
#include "policy/failure.h"

namespace baton::policy {

inline constexpr base::Duration kLongestBackoff = std::chrono::seconds(60);  ///< B-626
inline constexpr base::Duration kRelapseWindow = std::chrono::seconds(10);   ///< B-626
inline constexpr base::Duration kDefaultBackoff = std::chrono::seconds(1);   ///< B-228

/// One device as one compiled model sees it: healthy, or suspended with a wait until the next probe. The first wait is
/// RECOVERY_BACKOFF; a bad probe doubles it, and so does a failure soon after a return.
/// Thread-safety: a value; its owner guards it.
class Suspension {
 public:
  /// `backoff` 0: a suspended device is never probed.
  explicit Suspension(base::Duration backoff = kDefaultBackoff) : backoff_(backoff) {}

  bool suspended() const { return suspended_; }
  FailureClass why() const { return why_; }  ///< of the last failure
  /// When a probe is due; nullopt: none is wanted (healthy, a probe is running, or never again).
  std::optional<base::TimePoint> next_probe() const { return next_probe_; }

  /// A run failed. False: the device is suspended already, nothing changes.
  /// REQUIRES: `tried_elsewhere(why)`.
  bool fail(FailureClass why, base::TimePoint now);
  void probe_began(base::TimePoint now);
  /// The probe's load, warm-up or check failed. A load that calls the model bad ends the probes.
  void probe_failed(FailureClass why, base::TimePoint now);
  /// The probe could not begin for a reason that is not the device's: again after the same wait.
  void probe_put_off(base::TimePoint now);
  /// The device works again.
  void recovered(base::TimePoint now);

 private:
  void wait_longer();

  base::Duration backoff_;
  base::Duration wait_{0};
  bool suspended_ = false;
  FailureClass why_ = FailureClass::kEngineError;
  std::optional<base::TimePoint> next_probe_;
  std::optional<base::TimePoint> probe_began_;
  std::optional<base::TimePoint> recovered_at_;
};

}  // namespace baton::policy
