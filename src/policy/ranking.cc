// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/ranking.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace baton::policy {

namespace {

using engine::DeviceKind;
using engine::DeviceRecord;
using Devices = std::span<const DeviceRecord>;

int kind_order(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kDiscreteGpu: return 0;
    case DeviceKind::kIntegratedGpu: return 1;
    case DeviceKind::kAccelerator: return 2;
    case DeviceKind::kCpu: return 3;
    case DeviceKind::kSoftware: return 4;
  }
  return 5;
}

int accelerator_order(const DeviceRecord& device) {
  if (device.family == "NPU") return 0;
  if (device.family == "VPU" || device.family == "MYRIAD") return 1;
  return device.family == "GNA" ? 2 : 3;
}

bool is_gpu(const DeviceRecord& device) {
  return device.kind == DeviceKind::kDiscreteGpu || device.kind == DeviceKind::kIntegratedGpu;
}

bool ranks_before(const DeviceRecord& a, const DeviceRecord& b) {
  // GPUs of one kind come by memory, whatever their family; others by family.
  const auto group = [](const DeviceRecord& d) {
    const std::uint64_t memory = is_gpu(d) ? d.memory_bytes : 0;
    return std::tuple(kind_order(d.kind), accelerator_order(d), ~memory, is_gpu(d) ? std::string_view() : d.family);
  };
  if (group(a) != group(b)) return group(a) < group(b);
  if (a.id != b.id) return id_less(a.id, b.id);
  return std::tie(a.family, a.identity) < std::tie(b.family, b.identity);
}

/// Takes, again and again, the first device that no device still waiting has beaten. Records that contradict one
/// another in a circle are overruled at its first device.
void put_losers_behind_winners(std::vector<int>& order, CandidateList& list, Devices devices,
                               std::span<const LostSpeedCheck> lost) {
  const auto candidate = [&](int i) -> Candidate& { return list.candidates[static_cast<std::size_t>(i)]; };
  const auto identity = [&](int i) -> const std::string& {
    return devices[static_cast<std::size_t>(candidate(i).record)].identity;
  };
  std::vector<int> waiting = order;
  order.clear();
  const auto beaten_by_waiting = [&](int i) -> const LostSpeedCheck* {
    for (const LostSpeedCheck& record : lost) {
      if (record.loser != identity(i) || record.winner == record.loser) continue;
      const auto winner =
          std::find_if(waiting.begin(), waiting.end(), [&](int other) { return identity(other) == record.winner; });
      if (winner != waiting.end()) return &record;
    }
    return nullptr;
  };
  while (!waiting.empty()) {
    auto next = std::find_if(waiting.begin(), waiting.end(), [&](int i) { return beaten_by_waiting(i) == nullptr; });
    if (next == waiting.end()) next = waiting.begin();
    // Whoever is passed over now would have ranked higher without the record.
    for (auto passed = waiting.begin(); passed != next; ++passed) {
      candidate(*passed).reason = Reason::kSlowerOnRecord;
      candidate(*passed).text = "an earlier speed check found it slower: " + beaten_by_waiting(*passed)->text;
    }
    order.push_back(*next);
    waiting.erase(next);
  }
}

}  // namespace

std::vector<int> rank(CandidateList& list, Devices devices, std::span<const LostSpeedCheck> lost) {
  std::vector<int> order;
  for (std::size_t i = 0; i < list.candidates.size(); ++i) {
    if (list.candidates[i].accepted) order.push_back(static_cast<int>(i));
  }
  if (!list.default_order) return order;  // the user's order is an order
  const auto record = [&](int i) -> const DeviceRecord& {
    return devices[static_cast<std::size_t>(list.candidates[static_cast<std::size_t>(i)].record)];
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return ranks_before(record(a), record(b)); });
  put_losers_behind_winners(order, list, devices, lost);
  return order;
}

}  // namespace baton::policy
