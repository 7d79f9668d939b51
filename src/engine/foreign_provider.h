// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Libraries of third parties that the library behind a module can load: plug-in execution providers of ONNX Runtime.
// Each is an engine of its own. None is opened in this process before a child process has tried it (B-306).
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/device.h"
#include "engine/engine.h"

namespace baton::engine {

/// One library, and the program that tries it.
struct ForeignProvider {
  std::string engine;             ///< "onnxruntime.webgpu"
  std::filesystem::path library;  ///< absolute
  std::filesystem::path trial;    ///< absolute
  std::string version;            ///< of the package that brought it; empty: unknown
  bool by_user = false;           ///< named, not found in a package
};

/// Where providers are looked for: `packages` ("onnxruntime_ep_*") in the folders of `search_path` and two folders
/// above each (the site-packages of ".../site-packages/onnxruntime/capi"), after `named`, which are libraries. Of two
/// with one name the first counts. Only directories are read. `prefix` ("onnxruntime.") begins the engines' names.
std::vector<ForeignProvider> find_providers(const std::string& prefix, std::span<const std::string> packages,
                                            std::span<const std::string> search_path,
                                            std::span<const std::string> named);

/// Whether models of one provider may be loaded, run and ended at once. Until that is proven they are not.
struct Overlap {
  enum class State {
    kUntested,
    kProven,   ///< a second trial did it and compared every answer
    kRefuted,  ///< it did not bear that; tried again after a day
    kHazard,   ///< known to crash, and never tried
  };
  State state = State::kUntested;
  std::string reason;  ///< of the last two, one line
};

/// Why a provider is given one request at a time, in one line; empty where overlap is proven.
std::string why_serial(const Overlap& overlap);

/// What trials said of one provider. Its devices have a `serial_group` unless overlap is proven.
struct ProviderReport {
  std::vector<DeviceReport> devices;
  Overlap overlap;
};

/// What trials said of foreign providers. A verdict is kept for the process and, in a file, for later ones: it counts
/// while nothing changed of the library, the trial program, the folders of the engine's library, the hardware that the
/// operating system shows, the variables that say which devices a provider finds, and limits of memory. What failed is
/// tried again after a day, and what did not work at all when packages came or went beside its own: what it lacked may
/// have been installed.
///
/// There are two trials, because the second is risky where the first is not: a library that works may well crash when
/// several threads use it, and must lose nothing by that but parallelism.
/// Thread-safety: safe. Ownership: none. Blocking: see below.
class ProviderTrials {
 public:
  using Verdict = base::Result<ProviderReport>;

  struct Options {
    std::vector<std::string> search_path;  ///< given to the trial, which opens the engine's library from there
    std::filesystem::path folder;          ///< of the files; empty: none are kept
    std::filesystem::path os_root = "/";
    std::chrono::milliseconds limit{30000};  ///< for one trial; then it is killed
  };

  ProviderTrials(Options options, std::vector<ForeignProvider> providers);

  const std::vector<ForeignProvider>& providers() const { return providers_; }

  /// False where the system shows no hardware, and no driver, that a provider could reach.
  bool worth_trying(const std::string& engine) const;

  /// A library that the user named may be for any device; those of packages are looked at for GPUs and NPUs only.
  bool is_named_by_user(const std::string& engine) const;

  /// A verdict that needs no trial: reads a small file at most.
  std::optional<Verdict> known(const std::string& engine);

  /// The verdict, from a trial if need be: 0.1 s to several seconds, `Options::limit` at most. Who asks while a trial
  /// is under way waits for that one.
  Verdict ask(const std::string& engine);

  /// Tries overlap where the verdict is good and nobody did, and adds what came of it to the verdict: about 2 s,
  /// `Options::limit` at most. Takes cores and the device meanwhile, so not while anything is measured.
  void try_overlap(const std::string& engine);

 private:
  struct Kept {
    std::string key;
    Verdict verdict;
  };

  class OneAtATime;

  const ForeignProvider* find(const std::string& engine) const;
  std::string key_of(const ForeignProvider& provider) const;
  std::filesystem::path file_of(const ForeignProvider& provider) const;
  void keep(const ForeignProvider& provider, const std::string& key, const Verdict& verdict);

  const Options options_;
  const std::vector<ForeignProvider> providers_;
  base::Mutex mutex_;
  std::map<std::string, Kept> kept_ BATON_GUARDED_BY(mutex_);  ///< by engine
  std::set<std::string> under_way_ BATON_GUARDED_BY(mutex_);   ///< engines that are tried at this moment
  base::CondVar ended_;
};

/// What the trial program prints on its last line: {"devices": [...], "overlap": {"state": "untested"}}, devices in the
/// manner of a manifest, or {"failure": "why"}; of the second trial, which is given kOverlapOption with the devices'
/// handles as its first argument, "overlap" alone. Lines before it say what it is about to do.
inline constexpr const char* kOverlapOption = "--overlap=";
ProviderTrials::Verdict read_verdict(const std::string& text, const std::string& name);
std::string verdict_text(const ProviderTrials::Verdict& verdict);

/// Where foreign libraries were found a module is opened by this entry instead of kModuleEntry, so that it can add
/// their engines to its own. `trials` outlives the module.
inline constexpr const char* kProviderEntry = "baton_engine_module_with_providers_v1";
using ProviderEntry = void (*)(const ModuleContext& context, ProviderTrials& trials,
                               std::vector<std::unique_ptr<Engine>>& engines, base::Status& status) /* noexcept */;

#define BATON_ENGINE_PROVIDER_ENTRY \
  extern "C" __attribute__((visibility("default"))) void baton_engine_module_with_providers_v1

}  // namespace baton::engine
