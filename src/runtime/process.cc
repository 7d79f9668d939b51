// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/process.h"

#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/executor.h"
#include "base/mutex.h"
#include "base/process_exit.h"

namespace baton::runtime {
namespace {

constexpr const char* kQuickestEngine = "onnxruntime";

/// What the application said before the process object was made. Never destroyed, like the process object.
struct GivenFolders {
  base::Mutex mu;
  std::vector<std::string> folders BATON_GUARDED_BY(mu);
  bool used BATON_GUARDED_BY(mu) = false;
};

GivenFolders& given_folders() {
  static GivenFolders* const given = new GivenFolders;
  return *given;
}

std::vector<std::string> use_given_folders() {
  GivenFolders& given = given_folders();
  base::MutexLock lock(given.mu);
  given.used = true;
  return given.folders;
}

/// The folder "baton" beside this library, in the build tree as after installation.
std::filesystem::path own_module_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&Process::instance), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code error;
  const auto library = std::filesystem::canonical(info.dli_fname, error);
  return error ? std::filesystem::path() : library.parent_path() / "baton";
}

std::vector<std::string> split_path(std::string_view text) {
  std::vector<std::string> folders;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    if (end > 0) folders.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return folders;
}

/// BATON_STORE, else in the user's cache folder (B-1017).
std::optional<std::filesystem::path> store_file() {
  if (const auto given = base::env::store()) {
    return *given == "off" ? std::nullopt : std::optional<std::filesystem::path>(*given);
  }
  const auto folder = base::env::user_cache_folder();
  if (!folder) return std::nullopt;
  return std::filesystem::path(*folder) / "baton" / "records-v1.sqlite";
}

/// The job that warm_up starts.
class WarmUp {
 public:
  void end() {
    base::MutexLock lock(mu_);
    ended_ = true;
    changed_.notify_all();
  }
  void wait() {
    base::MutexLock lock(mu_);
    while (!ended_ && !base::process_is_exiting()) changed_.wait(mu_);
  }

 private:
  base::Mutex mu_;
  base::CondVar changed_;
  bool ended_ BATON_GUARDED_BY(mu_) = false;
};

void open_quickest_engine() {
  const base::EngineCall call;
  if (!call.allowed()) return;
  const auto engine = Process::instance().registry().engine(kQuickestEngine);
  if (engine.is_ok())
    engine.value()->version();  // opens the library; what fails here fails again where somebody is told
}

engine::RegistryOptions registry_options(base::LogSink& log) {
  engine::RegistryOptions options;
  options.executor = &base::thread_executor();
  options.log = &log;
  options.module_path = base::env::engine_path();
  if (const auto folder = own_module_folder(); !folder.empty()) options.module_path.push_back(folder.string());
  options.library_path = base::env::library_path();
  for (std::string& folder : use_given_folders()) options.library_path.push_back(std::move(folder));
  for (std::string& folder : split_path(BATON_DEFAULT_LIBRARY_PATH)) options.library_path.push_back(std::move(folder));
  options.provider_libraries = base::env::provider_libraries();
  if (const auto store = store_file()) options.verdict_folder = store->parent_path() / "providers";
  options.only_engines = base::env::only_engines();
  options.sim_script = base::env::sim_script();
  return options;
}

}  // namespace

Process::Process() : log_(default_log_level()), registry_(registry_options(log_)) {
  environment_.executor = &base::thread_executor();
  environment_.registry = &registry_;
  environment_.shared = &shared_;
  if (auto file = store_file()) environment_.records = &records_.emplace(*std::move(file));
}

Process& Process::instance() {
  static Process* const process = new Process;
  return *process;
}

bool Process::add_library_folders(const std::vector<std::string>& folders) {
  GivenFolders& given = given_folders();
  base::MutexLock lock(given.mu);
  if (given.used) return false;
  given.folders.insert(given.folders.end(), folders.begin(), folders.end());
  return true;
}

void Process::warm_up() {
  static std::atomic<bool> begun{false};
  if (begun.exchange(true)) return;
  const auto only = base::env::only_engines();
  if (!only.empty() && std::find(only.begin(), only.end(), kQuickestEngine) == only.end()) return;
  static WarmUp* const under_way = new WarmUp;         // never destroyed, like the process object
  base::Executor& executor = base::thread_executor();  // what it does before fork() comes after what is done here
  // A child would have the process object half made, and wait for ever for the thread that makes it.
  ::pthread_atfork([] { under_way->wait(); }, nullptr, nullptr);
  executor.start_job([] {
    open_quickest_engine();
    under_way->end();
  });
}

}  // namespace baton::runtime
