// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/module.h"

#include <dlfcn.h>

#include <utility>

namespace baton::engine {

namespace {

using base::Status;

std::string joined(const std::vector<std::string>& folders) {
  std::string text;
  for (const auto& folder : folders) text += (text.empty() ? "" : ":") + folder;
  return text.empty() ? "the system's library folders" : text + " and the system's library folders";
}

/// Files of the same library in these folders that bear another version: "libx.so.2" beside "libx.so.1".
std::string other_versions(const std::string& soname, const std::vector<std::string>& folders) {
  const std::string stem = soname.substr(0, soname.find(".so") + 3) + ".";
  std::string found;
  for (const auto& folder : folders) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().filename().string().starts_with(stem))
        found += (found.empty() ? "; another release lies there: " : ", ") + entry.path().filename().string();
    }
  }
  return found;
}

/// The dynamic linker's complaint as one line of ours: a library that is not there is named with the folders searched.
Status open_error(const std::filesystem::path& path, const std::string& release,
                  const std::vector<std::string>& library_path) {
  const char* complaint = dlerror();
  const std::string text = complaint ? complaint : "unknown reason";
  const auto absent = text.find(": cannot open shared object file");
  if (absent != std::string::npos) {
    const std::string soname = text.substr(0, absent);
    return Status::unavailable(soname + (release.empty() ? "" : " of release " + release) + " not found, searched " +
                               joined(library_path) + other_versions(soname, library_path));
  }
  return Status::unavailable("module " + path.filename().string() + " cannot be opened: " + text);
}

/// Opens a library that the module is linked with, so that its dependency resolves to this file. Without it in the
/// library path the dynamic linker's own search has the last word.
void preload(const std::string& soname, const std::vector<std::string>& library_path) {
  if (dlopen(soname.c_str(), RTLD_NOW | RTLD_NOLOAD)) return;
  for (const auto& folder : library_path) {
    const auto file = std::filesystem::path(folder) / soname;
    std::error_code error;
    if (std::filesystem::exists(file, error) && dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) return;
  }
}

base::Result<void*> find_entry(void* library, const std::filesystem::path& path, const char* name) {
  if (void* symbol = dlsym(library, name)) return symbol;
  return Status::unavailable("module " + path.filename().string() + " has no entry " + name +
                             "; install the module that belongs to this Baton");
}

}  // namespace

base::Result<std::shared_ptr<Engine>> Module::engine(const std::string& name) {
  base::MutexLock lock(mutex_);
  context_.executor->wait(
      mutex_, changed_, [this]() BATON_NO_THREAD_SAFETY_ANALYSIS { return state_ != State::kOpening; }, std::nullopt);
  if (state_ == State::kClosed) {
    state_ = State::kOpening;
    lock.unlock();
    auto opened = open();
    lock.lock();
    if (opened.is_ok()) {
      engines_ = std::move(opened).value();
    } else {
      failure_ = opened.status();
    }
    state_ = opened.is_ok() ? State::kOpen : State::kFailed;
    changed_.notify_all();
  }
  if (state_ == State::kFailed) return failure_.with_context("engine " + name);
  for (const auto& engine : engines_) {
    if (engine->name() == name) return engine;
  }
  return Status::unavailable("engine " + name + ": module " + path_.filename().string() + " does not offer it here");
}

base::Result<ScriptedMachine> Module::read_script() {
  const auto library = open_library();
  if (!library.is_ok()) return library.status();
  const auto entry = find_entry(library.value(), path_, kScriptEntry);
  if (!entry.is_ok()) return entry.status();
  ScriptedMachine machine;
  Status status;
  reinterpret_cast<ScriptEntry>(entry.value())(context_, machine, status);
  if (!status.is_ok()) return status;
  for (auto& manifest : machine.manifests) manifest.module = path_;
  return machine;
}

std::optional<Status> Module::failure() const {
  base::MutexLock lock(mutex_);
  return state_ == State::kFailed ? std::optional(failure_) : std::nullopt;
}

base::Result<void*> Module::open_library() const {
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) {
    return Status::unavailable("module " + path_.filename().string() + " not found, searched " +
                               path_.parent_path().string());
  }
  for (const auto& soname : preload_) preload(soname, context_.search_path);
  if (void* library = dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  return open_error(path_, release_, context_.search_path);
}

base::Result<std::vector<std::shared_ptr<Engine>>> Module::open() const {
  const auto library = open_library();
  if (!library.is_ok()) return library.status();
  std::vector<std::unique_ptr<Engine>> engines;
  Status status;
  if (void* with_providers = trials_ ? dlsym(library.value(), kProviderEntry) : nullptr; with_providers != nullptr) {
    reinterpret_cast<ProviderEntry>(with_providers)(context_, *trials_, engines, status);
  } else {
    const auto entry = find_entry(library.value(), path_, kModuleEntry);
    if (!entry.is_ok()) return entry.status();
    reinterpret_cast<ModuleEntry>(entry.value())(context_, engines, status);
  }
  if (!status.is_ok()) return status;
  return std::vector<std::shared_ptr<Engine>>(std::make_move_iterator(engines.begin()),
                                              std::make_move_iterator(engines.end()));
}

}  // namespace baton::engine
