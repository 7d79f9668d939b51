// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// MODEL_PRIORITY: which device a model takes when others are registered already (B-413 to B-418).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton::policy {

enum class ModelPriority { kLow, kMedium, kHigh };

std::string_view to_string(ModelPriority priority);  ///< "LOW", "MEDIUM", "HIGH"

/// How many live models hold which hardware at which level. Hardware is named by DeviceRecord::identity, not by its
/// spelling (B-416).
/// Thread-safety: a value; whoever shares one guards it.
class Registrations {
 public:
  void add(std::string_view identity, ModelPriority level);
  /// False when there is no such registration.
  bool remove(std::string_view identity, ModelPriority level);

  /// The highest level registered on a device; nullopt when it is free.
  std::optional<ModelPriority> highest(std::string_view identity) const;
  bool empty() const { return levels_.empty(); }
  bool operator==(const Registrations&) const = default;

 private:
  using Counts = std::array<std::uint32_t, 3>;  // by level
  std::map<std::string, Counts, std::less<>> levels_;
};

struct TargetChoice {
  std::size_t index = 0;                ///< into the ranking
  std::vector<ModelPriority> occupied;  ///< for each device before `index`: the level that holds it
  bool all_occupied = false;            ///< B-414: even the chosen one is held by a higher level
};

/// The first device of the ranking that no higher level holds; when all are held, the last. `ranked` holds identities,
/// best first. REQUIRES: `ranked` is not empty. In multi-device mode there is nothing to choose (B-418).
TargetChoice choose_target(std::span<const std::string> ranked, const Registrations& registrations,
                           ModelPriority priority);

}  // namespace baton::policy
