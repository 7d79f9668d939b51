// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What an entry of the cache belongs to (B-1002), and who may write one (B-513).
#pragma once

#include <map>
#include <string>

#include "engine/device.h"

namespace baton::policy {

/// Everything that decides what an engine makes of a model. Where the model lies, what it is called and when it was
/// written are not in it (B-1003).
struct CacheKey {
  std::string model;   ///< ModelData::content_hash: weights included
  std::string shapes;  ///< of the inputs, a batch included
  std::string engine;
  std::string version;  ///< of the engine
  std::string device;   ///< identity of the hardware, its name, number of cores of a CPU
  std::string driver;
  std::string processor;  ///< what the CPU can do: code made for one does not run on another
  std::string handle;     ///< the engine's name of the device
  std::string profile;
  std::string precision;
  std::string hint;
  std::map<std::string, std::string> config;  ///< forwarded properties, in any order

  /// One text for one key: no two keys share it.
  std::string text() const;
};

/// True when the pair's engine can write an executable for the device and read it again (B-1007).
bool can_be_cached(const engine::DeviceRecord& device, const std::string& engine);

/// CACHE_DIR for one pair: what was set for its device, else for everything.
struct CacheFolder {
  std::string path;                                                   ///< empty: no cache
  bool for_device = false;                                            ///< set for this device by name
  bool helper_writes() const { return for_device && !path.empty(); }  ///< B-513
};

}  // namespace baton::policy
