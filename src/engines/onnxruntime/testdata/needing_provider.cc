// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A provider library that needs another one of its package, and then supports no device, of which it warns.
#include <onnxruntime_c_api.h>

#include <cstdint>

extern "C" int baton_test_needed();

namespace {

struct Factory : OrtEpFactory {
  const OrtApi* api = nullptr;
  const OrtLogger* logger = nullptr;

  Factory() : OrtEpFactory{} {
    ort_version_supported = 23;
    GetName = [](const OrtEpFactory*) noexcept { return "NeedingExecutionProvider"; };
    GetVendor = [](const OrtEpFactory*) noexcept { return "Baton's tests"; };
    GetVersion = [](const OrtEpFactory*) noexcept { return "1.0.0"; };
    GetVendorId = [](const OrtEpFactory*) noexcept -> std::uint32_t { return 0; };
    GetSupportedDevices = [](OrtEpFactory* self, const OrtHardwareDevice* const*, size_t, OrtEpDevice**, size_t,
                             size_t* count) noexcept -> OrtStatus* {
      *count = 0;
      const auto& own = *static_cast<Factory*>(self);
      return own.api->Logger_LogMessage(own.logger, ORT_LOGGING_LEVEL_WARNING, "only devices of tomorrow will do",
                                        ORT_FILE, __LINE__, "GetSupportedDevices");
    };
    ReleaseAllocator = [](OrtEpFactory*, OrtAllocator*) noexcept {};
    CreateDataTransfer = [](OrtEpFactory*, OrtDataTransferImpl** transfer) noexcept -> OrtStatus* {
      *transfer = nullptr;
      return nullptr;
    };
    IsStreamAware = [](const OrtEpFactory*) noexcept { return false; };
  }
};

}  // namespace

extern "C" __attribute__((visibility("default"))) OrtStatus* CreateEpFactories(const char*, const OrtApiBase* base,
                                                                               const OrtLogger* logger,
                                                                               OrtEpFactory** factories, size_t,
                                                                               size_t* count) {
  static Factory factory;
  factory.api = base->GetApi(23);
  factory.logger = logger;
  factories[0] = &factory;
  *count = static_cast<size_t>(baton_test_needed());
  return nullptr;
}

extern "C" __attribute__((visibility("default"))) OrtStatus* ReleaseEpFactory(OrtEpFactory*) { return nullptr; }
