// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <onnxruntime_c_api.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "serial_turns.h"

namespace baton::engine::onnxruntime {

/// Releases an object of ONNX Runtime's C API.
template <typename T, auto kRelease>
struct OrtDeleter {
  const OrtApi* api = nullptr;
  void operator()(T* object) const { (api->*kRelease)(object); }
};

using SessionHandle = std::unique_ptr<OrtSession, OrtDeleter<OrtSession, &OrtApi::ReleaseSession>>;
using SessionOptionsHandle =
    std::unique_ptr<OrtSessionOptions, OrtDeleter<OrtSessionOptions, &OrtApi::ReleaseSessionOptions>>;
using RunOptionsHandle = std::unique_ptr<OrtRunOptions, OrtDeleter<OrtRunOptions, &OrtApi::ReleaseRunOptions>>;
using MemoryInfoHandle = std::unique_ptr<OrtMemoryInfo, OrtDeleter<OrtMemoryInfo, &OrtApi::ReleaseMemoryInfo>>;
using TypeInfoHandle = std::unique_ptr<OrtTypeInfo, OrtDeleter<OrtTypeInfo, &OrtApi::ReleaseTypeInfo>>;
using ShapeInfoHandle = std::unique_ptr<OrtTensorTypeAndShapeInfo,
                                        OrtDeleter<OrtTensorTypeAndShapeInfo, &OrtApi::ReleaseTensorTypeAndShapeInfo>>;
using ValueHandle = std::unique_ptr<OrtValue, OrtDeleter<OrtValue, &OrtApi::ReleaseValue>>;
using StatusHandle = std::unique_ptr<OrtStatus, OrtDeleter<OrtStatus, &OrtApi::ReleaseStatus>>;

/// One copy of libonnxruntime, opened without linking against it: a process may hold others (a Python program that
/// imports onnxruntime does), and each keeps its own state.
/// Thread-safety: safe. Ownership: the library is never closed and its environment never released, because its threads
/// and static objects must outlive everything at process exit (design.md section 10).
class OrtLibrary {
 public:
  /// The oldest API whose functions are used here; older libraries are refused.
  static constexpr std::uint32_t kOldestApi = 23;

  /// Looks into the folders, best first, then asks the system's loader. kUnavailable says what was searched or why what
  /// was found is of no use.
  static base::Result<std::unique_ptr<OrtLibrary>> open(std::span<const std::string> search_path);

  const OrtApi& api() const { return *api_; }
  const std::string& version() const { return version_; }
  const std::string& path() const { return path_; }
  /// As it was given to `open`.
  const std::vector<std::string>& search_path() const { return search_path_; }

  /// Keeps what the library and its providers warn of, which is dropped otherwise. REQUIRES: before the first `env`;
  /// this object lives until the process ends.
  void keep_warnings() { keeps_warnings_ = true; }
  std::vector<std::string> warnings() const;

  /// The library's environment, made at the first call (it registers thousands of operator schemas: 15 ms).
  base::Result<OrtEnv*> env();

  /// For registering libraries of others: what one adds is told from lists of the whole environment.
  SerialTurns& registrations() { return registrations_; }

  /// A session was loaded, or is gone. With the last one the pages of the library's code go back to the system (some
  /// 15 MB that a program served by another engine would carry along); a later session reads them from the page cache.
  void session_made() { sessions_.fetch_add(1); }
  void session_gone();

 private:
  OrtLibrary(const OrtApi* api, std::string version, std::string path);
  static base::Result<std::unique_ptr<OrtLibrary>> open_file(const std::string& file);
  static void ORT_API_CALL on_log(void* self, OrtLoggingLevel severity, const char* category, const char* logger,
                                  const char* place, const char* message);

  const OrtApi* const api_;
  const std::string version_;
  const std::string path_;
  std::vector<std::string> search_path_;  ///< constant after `open`
  std::atomic<int> sessions_{0};
  SerialTurns registrations_;
  bool keeps_warnings_ = false;  ///< constant once env_once_ has begun
  mutable base::Mutex mutex_;
  std::vector<std::string> warnings_ BATON_GUARDED_BY(mutex_);
  std::once_flag env_once_;
  OrtEnv* env_ = nullptr;     ///< constant after env_once_
  base::Status env_failure_;  ///< constant after env_once_
};

}  // namespace baton::engine::onnxruntime
