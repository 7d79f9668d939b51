// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Any text is either parsed, and then prints to a text with the same meaning, or refused with a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "policy/candidates.h"
#include "policy/device_string.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<baton::engine::DeviceRecord> machine() {
  std::vector<baton::engine::DeviceRecord> devices(3);
  devices[0].name = devices[0].family = "CPU";
  for (std::size_t i = 1; i < devices.size(); ++i) {
    devices[i].family = "GPU";
    devices[i].id = std::to_string(i - 1);
    devices[i].name = "GPU." + devices[i].id;
    devices[i].kind = baton::engine::DeviceKind::kDiscreteGpu;
  }
  return devices;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baton::policy;  // NOLINT(google-build-using-namespace)
  static const auto kDevices = machine();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto device = parse_device_string(text);
  if (!device.is_ok()) {
    require(!device.status().message().empty());
    return 0;
  }
  const auto again = parse_device_string(to_string(device.value()));
  require(again.is_ok() && again.value() == device.value());

  CandidateOptions options;
  options.priorities = text;  // seldom a list, often none
  if (device->name.empty()) {
    const auto list = resolve_candidates(device.value(), kDevices, options);
    require(list.is_ok() ? list->accepted_count() > 0 : !list.status().message().empty());
  } else {
    const auto direct = resolve_direct(device.value(), kDevices);
    require(direct.is_ok() ? direct->record >= 0 : !direct.status().message().empty());
  }
  return 0;
}
