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
#include "engine/engine.h"
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
  std::vector<DeviceReport> reports() const;

  /// Adds the provider for a device to a session.
  base::Status append(const std::string& handle, const std::map<std::string, std::string>& options,
                      OrtSessionOptions& session);

  bool is_webgpu() const { return webgpu_; }
  /// Whether the device of this handle is one of NVIDIA's GPUs.
  bool is_nvidia(const std::string& handle) const;
  /// All its providers are serial: nobody has shown yet that an unknown one bears two sessions at once.
  SerialTurns& turns() { return turns_; }

 private:
  base::Status register_library();
  base::Status register_with_needs(OrtEnv& env) const;
  const OrtEpDevice* device_of(const std::string& handle) const;
  DeviceReport report(const OrtEpDevice& device, std::size_t index) const;

  OrtLibrary& library_;
  const std::string engine_;
  const std::filesystem::path file_;
  std::once_flag once_;
  base::Status opened_;                      ///< constant after once_
  std::vector<const OrtEpDevice*> devices_;  ///< constant after once_
  bool webgpu_ = false;                      ///< constant after once_
  SerialTurns turns_;
};

/// Behind an engine that was written for the device (OpenVINO on Intel's, CUDA on NVIDIA's GPUs), before the CPU; a
/// software adapter behind everything.
DeclaredRanks ranks_of(DeviceKind kind);

/// The provider's options for one compile (B-513 profiles; `<prefix><option>` of `properties` has the last word).
std::map<std::string, std::string> provider_options(const CompileRequest& request, const std::string& prefix,
                                                    bool webgpu);

}  // namespace baton::engine::onnxruntime
