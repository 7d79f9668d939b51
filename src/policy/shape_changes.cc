// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/shape_changes.h"

#include <utility>

#include "policy/speed_check.h"

namespace baton::policy {

void ShapeTraffic::add(std::uint64_t shapes) {
  const bool changed = last_ && *last_ != shapes;
  last_ = shapes;
  changes_ += changed ? 1 : 0;
  if (++requests_ < kMost) return;
  requests_ /= 2;
  changes_ /= 2;
}

double ShapeTraffic::share() const {
  return changes_ < kEnoughShapeChanges ? 0 : static_cast<double>(changes_) / static_cast<double>(requests_);
}

std::optional<ShapeCosts::Figures> ShapeCosts::add(double run_ms, bool changed) {
  (changed ? changed_ms_ : plain_ms_) += run_ms;
  ++(changed ? changes_ : plain_runs_);
  if (changes_ < kEnoughShapeChanges) return std::nullopt;
  const ShapeCosts past = std::exchange(*this, {});
  Figures figures{.average_ms = (past.changed_ms_ + past.plain_ms_) / (past.changes_ + past.plain_runs_)};
  if (past.plain_runs_ > 0) figures.plain_ms = past.plain_ms_ / past.plain_runs_;
  return figures;
}

bool changes_eat_up(const ShapeCosts::Figures& figures, double ratio, double plain_ms) {
  return figures.average_ms * ratio > figures.plain_ms.value_or(plain_ms) * kOtherDeviceLimit;
}

}  // namespace baton::policy
