// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/device.h"
#include "foreign_device.h"
#include "ort_library.h"
#include "serial_turns.h"

namespace baton::engine::onnxruntime {

/// One library with execution providers of somebody else, registered with one copy of ONNX Runtime.
/// Thread-safety: safe. Ownership: borrows the copy; what is registered stays so until the process ends. Blocking:
/// `open` loads the library and what it needs, once (milliseconds, or as long as hundreds of megabytes take).
class ForeignLibrary {
 public:
  ForeignLibrary(OrtLibrary& library, std::string engine, std::filesystem::path file);

  /// Registers it. What it names as needed is opened before: from its own folder, from packages of NVIDIA's and from
  /// where the dynamic linker looks; what is nowhere is named. What failed stays failed.
  base::Status open();

  /// What its providers reach, one report per device of theirs; `handle` is its place among them. The WebGPU provider
  /// chooses an adapter by itself, whatever device it is given, so there it is one report without identity.
  /// REQUIRES: it is open.
  std::vector<DeviceReport> reports() const;

  /// Devices of the providers, those too of which nothing is reported. REQUIRES: it is open.
  std::size_t device_count() const { return devices_.size(); }

  /// Adds the provider for a device to a session.
  base::Status append(const std::string& handle, const std::map<std::string, std::string>& options,
                      OrtSessionOptions& session);

  /// As the first of its devices names its provider; empty without any. REQUIRES: it is open.
  const std::string& provider() const { return provider_; }
  /// For sessions of a provider that is not proven to bear several at once.
  SerialTurns& turns() { return turns_; }

 private:
  base::Status register_library();
  base::Status register_with_needs(OrtEnv& env) const;
  const OrtEpDevice* device_of(const std::string& handle) const;
  ProviderDevice look_at(const OrtEpDevice& device) const;

  OrtLibrary& library_;
  const std::string engine_;
  const std::filesystem::path file_;
  std::once_flag once_;
  base::Status opened_;                      ///< constant after once_
  std::vector<const OrtEpDevice*> devices_;  ///< constant after once_
  std::string provider_;                     ///< constant after once_
  SerialTurns turns_;
};

}  // namespace baton::engine::onnxruntime
