// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/executable_cache.h"

#include <algorithm>
#include <set>
#include <utility>

#include "auto/records.h"
#include "auto/shared_state.h"
#include "base/process_exit.h"
#include "cache/entry_folder.h"
#include "cache/processor.h"

namespace baton::autodev {
namespace {

using base::LogLevel;
using base::Status;
using cache::EntryFolder;

constexpr const char* kTag = "AUTO";

/// Holds one key for the thread that exports for it.
class Writing {
 public:
  Writing(SharedState& shared, std::string key) : shared_(shared), key_(std::move(key)) {
    mine_ = shared_.begin_writing(key_);
  }
  ~Writing() {
    if (mine_) shared_.end_writing(key_);
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  bool mine() const { return mine_; }

 private:
  SharedState& shared_;
  const std::string key_;
  bool mine_ = false;
};

}  // namespace

policy::CacheFolder ExecutableCache::folder_of(const policy::RungSpec& rung) const {
  const auto own = policy::hints_for(spec_.properties, selection_.record(rung.device)).cache_dir;
  return {own.value_or(spec_.options.cache_dir), own.has_value()};
}

bool ExecutableCache::is_cached(const policy::RungSpec& rung) const {
  return !folder_of(rung).path.empty() && policy::can_be_cached(selection_.record(rung.device), rung.pair.engine);
}

policy::CacheKey ExecutableCache::key_of(const policy::RungSpec& rung, const model::Model* reshaped) const {
  const policy::RecordKey measured = record_key(environment_, spec_, selection_, rung.pair, rung.hint);
  const engine::DeviceRecord& device = selection_.record(rung.device);
  policy::CacheKey key{.shapes = measured.shapes,
                       .engine = measured.engine,
                       .version = measured.version,
                       .device = measured.device,
                       .driver = measured.driver,
                       .processor = cache::processor_features(),
                       .handle = rung.pair.handle,
                       .profile = measured.profile,
                       .precision = measured.precision,
                       .hint = measured.hint,
                       .config = policy::properties_for(spec_.properties, device, rung.pair.engine)};
  if (reshaped != nullptr) {
    key.shapes.clear();
    for (const PartialShape& shape : reshaped->input_shapes) key.shapes += shape.to_string();
  }
  if (const std::uint32_t cap = requests_cap(spec_, device); cap > 0) key.config["requests"] = std::to_string(cap);
  if (spec_.options.profiling) key.config["PERF_COUNT"] = "YES";
  return key;
}

std::string ExecutableCache::key_text(const policy::RungSpec& rung, const model::Model* reshaped) const {
  policy::CacheKey key = key_of(rung, reshaped);
  key.model = spec_.model.data->content_hash();
  return key.text();
}

Status ExecutableCache::check() const {
  std::set<std::string> folders;
  for (std::size_t d = 0; d < selection_.ranking.size(); ++d) {
    const int device = static_cast<int>(d);
    folders.insert(folder_of({.pair = {.device = selection_.candidate(device).device}, .device = device}).path);
  }
  for (const std::string& path : folders) {
    if (path.empty()) continue;
    const EntryFolder folder(path);
    BATON_RETURN_IF_ERROR(folder.check());
    const Status status = folder.prepare();
    if (status.is_ok() || !environment_.shared->first_time("cache " + path)) continue;
    BATON_LOG(*spec_.log, LogLevel::kWarning, kTag, "CACHE_DIR: " + status.message() + "; nothing is cached");
  }
  return {};
}

bool ExecutableCache::has(const policy::RungSpec& rung) const {
  if (!is_cached(rung)) return false;
  const EntryFolder entries(folder_of(rung).path);
  if (entries.is_empty()) return false;
  return entries.contains(key_text(rung));
}

std::shared_ptr<const model::Bytes> ExecutableCache::find(const policy::RungSpec& rung,
                                                          const model::Model* reshaped) const {
  const std::string folder = folder_of(rung).path;
  if (folder.empty()) return nullptr;
  if (!is_cached(rung)) {
    BATON_LOG(*spec_.log, LogLevel::kDebug, kTag, to_string(rung.pair) + " exports nothing: not cached");
    return nullptr;
  }
  const EntryFolder entries(folder);
  if (entries.is_empty()) return nullptr;
  const std::string text = key_text(rung, reshaped);
  auto bytes = entries.find(text, [&](const std::string& what) {
    BATON_LOG(*spec_.log, LogLevel::kInfo, kTag, "cache entry removed, " + what);
  });
  if (bytes) {
    BATON_LOG(*spec_.log, LogLevel::kDebug, kTag,
              to_string(rung.pair) + " is in the cache: " + entries.file_of(text).string());
  }
  return bytes;
}

void ExecutableCache::refused(const policy::RungSpec& rung, const Status& why, const model::Model* reshaped) const {
  EntryFolder(folder_of(rung).path).remove(key_text(rung, reshaped));
  BATON_LOG(*spec_.log, LogLevel::kInfo, kTag,
            "cache entry removed, " + to_string(rung.pair) + " does not take it: " + why.message());
}

bool ExecutableCache::wants(const policy::RungSpec& rung, bool helper) const {
  return is_cached(rung) && (!helper || folder_of(rung).helper_writes());
}

void ExecutableCache::save(const policy::RungSpec& rung, std::shared_ptr<engine::Executable> executable,
                           const model::Model* reshaped) const {
  if (executable->traits().loaded_from_cache) return;
  environment_.executor->start_job([shared = environment_.shared, key = key_of(rung, reshaped),
                                    folder = folder_of(rung).path, data = spec_.model.data, log = spec_.log,
                                    pair = to_string(rung.pair), executable = std::move(executable)]() mutable {
    const base::EngineCall call;
    if (!call.allowed()) return;
    key.model = data->content_hash();
    const std::string text = key.text();
    const EntryFolder entries(folder);
    const Writing writing(*shared, folder + "\n" + text);
    if (writing.mine() && !entries.contains(text)) {
      const Status status = entries.write(text, [&](std::ostream& out) { return executable->export_model(out); });
      const bool unsupported = status.code() == base::StatusCode::kUnsupported;
      if (status.is_ok()) BATON_LOG(*log, LogLevel::kDebug, kTag, pair + " cached: " + entries.file_of(text).string());
      else if (unsupported || shared->first_time("cache " + folder))
        BATON_LOG(*log, unsupported ? LogLevel::kDebug : LogLevel::kWarning, kTag,
                  pair + " is not cached: " + status.message());
    }
    executable.reset();  // inside the call
  });
}

std::filesystem::path ExecutableCache::own_folder(const policy::RungSpec& rung) const {
  const std::string folder = folder_of(rung).path;
  if (folder.empty()) return {};
  std::string name = rung.pair.engine + "-" + rung.pair.handle;
  std::replace(name.begin(), name.end(), '/', '_');
  return std::filesystem::path(folder) / name;
}

}  // namespace baton::autodev
