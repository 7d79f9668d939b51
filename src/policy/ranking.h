// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/device.h"
#include "policy/candidates.h"

namespace baton::policy {

/// What a valid record says: one device lost the speed check against another (B-431). Devices are named by
/// DeviceRecord::identity.
struct LostSpeedCheck {
  std::string loser;
  std::string winner;
  std::string text;  ///< the figures, "9.1 ms against 4.0 ms"
};

/// Indices of the accepted candidates, best first: list order for an explicit list (B-411), else by device kind (B-410)
/// with losers behind winners, which are marked SLOWER_ON_RECORD. The result does not depend on the devices' order
/// (B-426).
std::vector<int> rank(CandidateList& list, std::span<const engine::DeviceRecord> devices,
                      std::span<const LostSpeedCheck> lost);

}  // namespace baton::policy
