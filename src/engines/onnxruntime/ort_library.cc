// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "ort_library.h"

#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/code_pages.h"
#include "errors.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
namespace fs = std::filesystem;

constexpr std::string_view kLibraryName = "libonnxruntime.so";

/// The file name to open in `folder`, newest version first; empty when there is none.
std::string library_in(const fs::path& folder) {
  std::string best;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name != kLibraryName && !name.starts_with(std::string(kLibraryName) + ".")) continue;
    if (best.empty() || ::strverscmp(name.c_str(), best.c_str()) > 0) best = name;
  }
  return best.empty() ? best : fs::absolute(folder / best, error).string();
}

/// 31 for "1.31.1"; 0 for what is no version. The API number of a release is its minor version.
std::uint32_t api_number(std::string_view version) {
  std::uint32_t number = 0;
  const std::size_t dot = version.find('.');
  if (dot == std::string_view::npos) return 0;
  std::from_chars(version.data() + dot + 1, version.data() + version.size(), number);
  return number;
}

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const auto& word : words) text += word + ", ";
  return text;
}

}  // namespace

OrtLibrary::OrtLibrary(const OrtApi* api, std::string version, std::string path)
    : api_(api), version_(std::move(version)), path_(std::move(path)) {}

Result<std::unique_ptr<OrtLibrary>> OrtLibrary::open(std::span<const std::string> search_path) {
  std::vector<std::string> files;
  for (const auto& folder : search_path) {
    if (auto file = library_in(folder); !file.empty()) files.push_back(std::move(file));
  }
  const bool found_in_folders = !files.empty();
  files.insert(files.end(), {std::string(kLibraryName) + ".1", std::string(kLibraryName)});

  Status first_failure;
  for (const auto& file : files) {
    auto library = open_file(file);
    if (library.is_ok()) {
      library.value()->search_path_.assign(search_path.begin(), search_path.end());
      return library;
    }
    if (first_failure.is_ok()) first_failure = library.status();
  }
  if (found_in_folders || first_failure.code() != base::StatusCode::kNotFound) {
    return Status::unavailable(first_failure.message());
  }
  return Status::unavailable("libonnxruntime not found, searched " + joined(search_path) +
                             "the system's libraries; install the package onnxruntime");
}

/// kNotFound: there is no such file.
Result<std::unique_ptr<OrtLibrary>> OrtLibrary::open_file(const std::string& file) {
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const std::string reason = ::dlerror();
    const bool absent = file.front() != '/' && reason.find("No such file") != std::string::npos;
    return Status(absent ? base::StatusCode::kNotFound : base::StatusCode::kUnavailable,
                  "cannot open libonnxruntime: " + reason);
  }
  const auto get_base = reinterpret_cast<decltype(&OrtGetApiBase)>(::dlsym(handle, "OrtGetApiBase"));
  if (get_base == nullptr) return Status::unavailable(file + " is not ONNX Runtime: it has no OrtGetApiBase");

  // Asking for a number that the library does not have makes it print to stderr, so its own version is looked at first.
  const OrtApiBase* base = get_base();
  const std::string version = base->GetVersionString();
  const std::uint32_t number = std::min<std::uint32_t>(api_number(version), ORT_API_VERSION);
  const OrtApi* api = number >= kOldestApi ? base->GetApi(number) : nullptr;
  if (api == nullptr) {
    return Status::unavailable("ONNX Runtime in " + file + " is version " + version + ", expected 1." +
                               std::to_string(kOldestApi) + " or newer; update the package onnxruntime");
  }
  return std::unique_ptr<OrtLibrary>(new OrtLibrary(api, version, file));
}

void OrtLibrary::session_gone() {
  if (sessions_.fetch_sub(1) != 1) return;
  base::return_code_pages(path_);
  base::return_code_pages("libbaton_engine_onnxruntime");
}

/// `self`: null where nobody reads warnings.
void ORT_API_CALL OrtLibrary::on_log(void* self, OrtLoggingLevel severity, const char*, const char*, const char*,
                                     const char* message) {
  auto* const reader = static_cast<OrtLibrary*>(self);
  if (severity >= ORT_LOGGING_LEVEL_ERROR) LoggedErrors::add(message);
  if (reader == nullptr || severity < ORT_LOGGING_LEVEL_WARNING) return;
  base::MutexLock lock(reader->mutex_);
  reader->warnings_.push_back(clean_message(message));
}

std::vector<std::string> OrtLibrary::warnings() const {
  base::MutexLock lock(mutex_);
  return warnings_;
}

Result<OrtEnv*> OrtLibrary::env() {
  std::call_once(env_once_, [this] {
    // What goes wrong comes back as a status, nearly always; the library's own log would only repeat it on stderr.
    // The environment may outlive this object.
    OrtLibrary* const reader = keeps_warnings_ ? this : nullptr;
    const OrtLoggingLevel least = keeps_warnings_ ? ORT_LOGGING_LEVEL_WARNING : ORT_LOGGING_LEVEL_ERROR;
    env_failure_ = to_status(*api_, api_->CreateEnvWithCustomLogger(on_log, reader, least, "baton", &env_),
                             "cannot start ONNX Runtime");
    if (env_failure_.is_ok()) {
      env_failure_ = to_status(*api_, api_->DisableTelemetryEvents(env_), "cannot start ONNX Runtime");
    }
  });
  if (!env_failure_.is_ok()) return env_failure_;
  return env_;
}

}  // namespace baton::engine::onnxruntime
