// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "base/log.h"
#include "base/status.h"
#include "engine/device.h"
#include "engine/engine.h"
#include "engine/manifest.h"

namespace baton::engine {

struct RegistryOptions {
  base::Executor* executor = nullptr;    ///< REQUIRED
  base::LogSink* log = nullptr;          ///< REQUIRED
  std::vector<std::string> module_path;  ///< folders with manifests and modules, best first
  std::vector<std::string>
      library_path;  ///< folders where engine libraries (OpenVINO, ONNX Runtime) may be, best first
  std::vector<std::string> provider_libraries;  ///< BATON_EP_PATH: foreign libraries, beside those of packages
  std::filesystem::path verdict_folder;         ///< what trials of foreign libraries said is kept here; empty: nowhere
  std::vector<std::string> only_engines;        ///< BATON_ENGINES; empty: all
  std::string sim_script;                       ///< BATON_SIM: path or JSON text; empty: no simulated devices
  std::filesystem::path os_root = "/";          ///< where device nodes and driver lists are looked for
};

/// A device listing with the reasons for what is not in it.
struct DeviceList {
  std::vector<DeviceRecord> devices;  ///< in order of enumeration (B-301, B-302)
  struct Missing {
    std::string engine;
    std::string reason;  ///< "libopenvino not found, searched ..."
  };
  std::vector<Missing> missing_engines;
  std::vector<std::string> later;        ///< engines whose answers come too late for this list (Look::kQuick)
  std::vector<std::string> tried_later;  ///< the same, because a child process must try their libraries first
  std::vector<Missing> serial;           ///< foreign engines that are given one request at a time, with the reason
};

/// How thoroughly devices are looked for. `kQuick` is for the way to a first answer: an engine whose answer takes
/// tenths of a second (EngineManifest::slow_probe) is asked some time afterwards, if the others reach all the GPUs that
/// the operating system shows; what it says then is in later lists. So is a foreign library that was never tried,
/// unless an accelerator was asked for by name.
enum class Look { kThorough, kQuick };

/// Every engine that could be used here. Reading manifests is all that construction does (a simulation script is one):
/// modules are opened at first need, once, and never closed (design.md section 10).
/// Thread-safety: safe; `add` only before others use the registry, because `manifests` gives a view.
/// Ownership: owns the engines; an executable outlives neither the registry nor its options.
class Registry {
 public:
  explicit Registry(RegistryOptions options);
  ~Registry();

  /// Manifests of the engines that may be here, in order of engine name.
  std::span<const EngineManifest> manifests() const;

  /// False for an engine that only reaches hardware of which the operating system shows nothing (B-307).
  bool has_hardware(const EngineManifest& manifest) const;

  /// The engine, opening its module if need be. A failure is kept and given again.
  base::Result<Engine*> engine(std::string_view name);

  /// The version of an engine's library: the manifest's, so that nothing is opened where that is known; else the
  /// engine's.
  base::Result<std::string> version(std::string_view name);

  /// Why a foreign engine is given one request at a time, as far as known without a trial; else empty.
  std::string why_serial(const std::string& name) const;

  /// Adds an engine made by the caller (a test double, `sim` in a test); it is asked like any other.
  void add(EngineManifest manifest, std::unique_ptr<Engine> engine);

  /// Devices of these families (all when empty), merged by hardware identity. Engines are asked only for families that
  /// the operating system shows (B-307); the CPU comes from manifests alone. Answers are kept until the OS's list
  /// changes.
  DeviceList devices(std::span<const std::string> families, Look look = Look::kThorough);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< questions that are asked later hold it weakly
};

}  // namespace baton::engine
