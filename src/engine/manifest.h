// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What can be said of an engine without opening it. Each module has a file <module>.manifest.json beside it:
//
//   {
//     "abi": 1,
//     "module": "libbaton_engine_openvino.so",
//     "preload": ["libopenvino.so.2641"],
//     "engines": [{
//       "name": "openvino", "version": "2026.4.1",
//       "formats": ["onnx", "ir", "paddle", "tensorflow", "tflite"],
//       "devices": [{"name": "CPU", "handle": "CPU", "kind": "cpu",
//                    "capabilities": ["FP32", "FP16", "INT8"], "ranks": {"load_full": 60, "run": 10},
//                    "supported_properties": ["NUM_STREAMS", "INFERENCE_NUM_THREADS"]}],
//       "probe_families": ["GPU", "NPU"],
//       "probe_evidence": ["render", "opencl", "accel"],
//       "slow_probe": true
//     }]
//   }
//
// `preload` (may be left out) names shared libraries that the module is linked with: each is opened before the module,
// by absolute path from the library search path unless a library of that soname is in the process already. The module's
// own dependency then resolves to it, wherever it lies. `supported_properties` are keys that a compile for the device
// accepts ("session.*": every key that begins so): a key that no engine declares is refused before anything is opened.
// `dynamic_shapes` (true): whether it takes models with dynamic shapes.
// `serial_group` of a device (may be left out): Baton runs one executable of a group at a time, of all engines and
// models. `version` (may be left out) is for a module that is bound to one release of its library: then it is known
// without opening either. `devices` are there wherever the engine is; `probe_families` are asked for only when the
// operating system shows hardware: one of the words of `probe_evidence` (engine/os_devices.h) or, without that key,
// anything that speaks for the family. `slow_probe` (false): an answer takes tenths of a second, so where other engines
// reach every GPU that the system shows, the way to a first answer does not wait for it.
//
// An engine "x.*" with "providers": {"packages": ["x_ep_*"], "trial": "program"} stands for one engine per provider
// library that is found in such packages or named by the user (engine/foreign_provider.h). The program lies beside the
// module and says what each library reaches; `probe_families` are asked for then.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/device.h"
#include "model/model.h"

namespace baton::engine {

struct EngineManifest {
  std::string name;
  std::string version;               ///< of the library; empty: only the engine itself knows
  std::filesystem::path module;      ///< absolute; empty for an engine that was added by `Registry::add`
  std::vector<std::string> preload;  ///< sonames to open before the module
  std::vector<model::Format> formats;
  std::vector<DeviceReport> devices;
  std::vector<std::string> probe_families;
  std::vector<std::string> probe_evidence;  ///< empty: by family; kAlways: asked every time
  bool slow_probe = false;
  std::vector<std::string> provider_packages;  ///< stands for the engines of provider libraries, see above
  std::filesystem::path provider_trial;        ///< absolute; not empty: this is such an engine, or stands for them
  bool scripted = false;  ///< stands for the engines that a simulation script names (engine/script.h)
};

/// Evidence of an engine whose devices the operating system knows nothing of: it is asked at every listing.
inline constexpr const char* kAlways = "always";

class JsonReader;

/// A device as manifests have it; all but name, handle and kind may be left out.
DeviceReport read_device(JsonReader& json);
nlohmann::ordered_json device_json(const DeviceReport& device);

/// All engines of one manifest file. The error names the file and what is wrong in it.
base::Result<std::vector<EngineManifest>> read_manifest(const std::filesystem::path& file);

}  // namespace baton::engine
