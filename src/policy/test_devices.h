// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The reference machines of the behaviour specification as device records, for tests of this folder.
#pragma once

#include <string>
#include <vector>

#include "engine/device.h"

namespace baton::policy::testing {

using engine::DeviceKind;
using engine::DeviceRecord;

inline DeviceRecord make_device(std::string family, std::string id, DeviceKind kind, std::string name = {}) {
  DeviceRecord record;
  record.name = !name.empty() ? name : id.empty() ? family : family + "." + id;
  record.identity = "hw:" + family + ":" + id;
  record.family = std::move(family);
  record.id = std::move(id);
  record.kind = kind;
  return record;
}

inline DeviceRecord cpu() { return make_device("CPU", "", DeviceKind::kCpu); }
inline DeviceRecord igpu(std::string id) { return make_device("GPU", std::move(id), DeviceKind::kIntegratedGpu); }
inline DeviceRecord dgpu(std::string id) { return make_device("GPU", std::move(id), DeviceKind::kDiscreteGpu); }
inline DeviceRecord only_gpu(DeviceKind kind = DeviceKind::kDiscreteGpu) {
  return make_device("GPU", "0", kind, "GPU");
}
inline DeviceRecord accelerator(std::string family) {
  return make_device(std::move(family), "", DeviceKind::kAccelerator);
}

inline std::vector<DeviceRecord> machine_m1() { return {cpu()}; }
inline std::vector<DeviceRecord> machine_m2() { return {cpu(), igpu("0"), dgpu("1")}; }
inline std::vector<DeviceRecord> machine_m3() { return {cpu(), only_gpu()}; }
inline std::vector<DeviceRecord> machine_m4() { return {cpu(), igpu("0"), dgpu("1"), accelerator("NPU")}; }
inline std::vector<DeviceRecord> machine_m5() { return {cpu(), dgpu("0"), dgpu("1"), dgpu("2")}; }
inline std::vector<DeviceRecord> machine_m6() { return {cpu(), only_gpu(), accelerator("MYRIAD")}; }

}  // namespace baton::policy::testing
