// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// From what each engine says of its devices to one record per piece of hardware. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/device.h"

namespace baton::engine {

/// "GPU.1" -> {"GPU", "1"}; "CPU" -> {"CPU", ""}.
std::pair<std::string_view, std::string_view> split_device_name(std::string_view name);

/// Why a report is nonsense (B-306), or an empty text: the name is no device name, the handle is missing.
std::string flaw_of(const DeviceReport& report);

/// What `engine` says of the device; null where it does not reach it.
const DeviceReport* report_of(const DeviceRecord& device, std::string_view engine);

/// Merges and numbers devices.
///
/// Merging (B-303, B-304): reports of one name with `fixed_name`, and those of one CPU name, are one device. Others are
/// one device when they share a UUID, else a PCI address, else family, vendor, full name and their ordinal among the
/// equals of their engine, unless their UUIDs or PCI addresses contradict. One engine never reports the same device
/// twice.
///
/// Numbering (B-302): within a family integrated, discrete, software, each by PCI address. Ids that are no numbers
/// stay, and so do fixed names; the others take the ids that are free. A device alone in its family is spelled without
/// id (B-111).
///
/// Result in order of enumeration: CPU, GPU, NPU, other families by name; ids ascending (B-301). It does not depend on
/// the order of engines (B-426); the order of the reports of one engine matters only for ordinals. REQUIRES: no report
/// has a flaw.
std::vector<DeviceRecord> merge_devices(std::vector<EngineOnDevice> reports);

}  // namespace baton::engine
