// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// NVIDIA's driver of a machine where CUDA does not start, and its management library, which knows two GPUs.
#include <cstring>

#define ENTRY extern "C" __attribute__((visibility("default"))) int

ENTRY cuInit(unsigned) { return 803; }
ENTRY cuGetErrorString(int code, const char** text) {
  *text = code == 803 ? "system has unsupported display driver / cuda driver combination" : nullptr;
  return *text == nullptr;
}
ENTRY cuDeviceGetByPCIBusId(int*, const char*) { return 3; }
ENTRY cuDeviceGetAttribute(int*, int, int) { return 3; }

namespace {

int gpus[2];

}  // namespace

ENTRY nvmlInit_v2() { return 0; }
ENTRY nvmlDeviceGetCount_v2(unsigned* count) { return *count = 2, 0; }
ENTRY nvmlDeviceGetHandleByIndex_v2(unsigned index, void** handle) { return *handle = &gpus[index], 0; }
ENTRY nvmlDeviceGetName(void*, char* text, unsigned) { return std::strcpy(text, "NVIDIA H100"), 0; }
ENTRY nvmlDeviceGetUUID(void* handle, char* text, unsigned) {
  return std::strcpy(text, handle == gpus ? "GPU-aaaa0000-1111" : "GPU-bbbb0000-1111"), 0;
}
/// The address stands 36 bytes after the beginning of the record.
ENTRY nvmlDeviceGetPciInfo_v3(void* handle, char* record) {
  return std::strcpy(record + 36, handle == gpus ? "00000000:3B:00.0" : "00000000:C1:00.0"), 0;
}
ENTRY nvmlDeviceGetMemoryInfo(void*, unsigned long long* total) { return *total = 80'000'000'000, 0; }
ENTRY nvmlSystemGetDriverVersion(char* text, unsigned) { return std::strcpy(text, "580.1"), 0; }
