// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/occupancy.h"

namespace baton::policy {

std::string_view to_string(ModelPriority priority) {
  switch (priority) {
    case ModelPriority::kLow: return "LOW";
    case ModelPriority::kMedium: return "MEDIUM";
    case ModelPriority::kHigh: return "HIGH";
  }
  return "UNKNOWN";
}

void Registrations::add(std::string_view identity, ModelPriority level) {
  ++levels_[std::string(identity)][static_cast<std::size_t>(level)];
}

bool Registrations::remove(std::string_view identity, ModelPriority level) {
  const auto it = levels_.find(identity);
  if (it == levels_.end()) return false;
  std::uint32_t& count = it->second[static_cast<std::size_t>(level)];
  if (count == 0) return false;
  --count;
  if (it->second == Counts{}) levels_.erase(it);
  return true;
}

std::optional<ModelPriority> Registrations::highest(std::string_view identity) const {
  const auto it = levels_.find(identity);
  if (it == levels_.end()) return std::nullopt;
  for (const ModelPriority level : {ModelPriority::kHigh, ModelPriority::kMedium}) {
    if (it->second[static_cast<std::size_t>(level)] > 0) return level;
  }
  return ModelPriority::kLow;
}

TargetChoice choose_target(std::span<const std::string> ranked, const Registrations& registrations,
                           ModelPriority priority) {
  TargetChoice choice;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const std::optional<ModelPriority> held = registrations.highest(ranked[i]);
    choice.index = i;
    if (!held || *held <= priority) return choice;
    if (i + 1 < ranked.size()) choice.occupied.push_back(*held);
  }
  choice.all_occupied = true;
  return choice;
}

}  // namespace baton::policy
