// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/foreign_provider.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>

#include "base/child_process.h"
#include "base/environment.h"
#include "base/file_content.h"
#include "engine/device_table.h"
#include "engine/json_reader.h"
#include "engine/manifest.h"
#include "engine/os_devices.h"
#include "engine/words.h"
#include "model/hash.h"

namespace baton::engine {

namespace {

using base::Result;
using base::Status;
using base::StatusCode;
using Verdict = ProviderTrials::Verdict;
namespace fs = std::filesystem;

constexpr std::chrono::hours kFailureAge(24);
/// Another number makes every file of before worthless.
constexpr const char* kVerdictFormat = "verdict 2";
constexpr std::string_view kProviderStem = "libonnxruntime_providers_";
constexpr std::string_view kPluginSuffix = "_plugin";
constexpr std::string_view kInfoSuffix = ".dist-info";
constexpr std::pair<std::string_view, Overlap::State> kOverlapWords[] = {{"untested", Overlap::State::kUntested},
                                                                         {"proven", Overlap::State::kProven},
                                                                         {"refuted", Overlap::State::kRefuted},
                                                                         {"hazard", Overlap::State::kHazard}};

/// "libonnxruntime_providers_WebGPU.so.1" -> "webgpu", "libonnxruntime_providers_openvino_plugin.so" -> "openvino",
/// "libfoo-ep.so" -> "foo_ep"; only letters, digits and "_".
std::string short_name(const fs::path& library) {
  std::string name = library.filename().string();
  name = name.substr(0, name.find(".so"));
  for (const std::string_view stem : {kProviderStem, std::string_view("lib")}) {
    if (!name.starts_with(stem)) continue;
    name.erase(0, stem.size());
    break;
  }
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    c = std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : '_';
  }
  if (name.size() > kPluginSuffix.size() && name.ends_with(kPluginSuffix))
    name.resize(name.size() - kPluginSuffix.size());
  return name;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// "libx.so" and "libx.so.1.2", not the signature "libx.so.sig" beside it.
bool is_library(const std::string& name) {
  const std::size_t suffix = name.find(".so");
  return suffix != std::string::npos && name.find_first_not_of(".0123456789", suffix + 3) == std::string::npos;
}

/// A package brings its provider under the usual name, or as its only library.
std::vector<fs::path> libraries_in(const fs::path& package) {
  std::vector<fs::path> usual, all;
  for (const std::string& name : names_in(package)) {
    if (!is_library(name)) continue;
    all.push_back(package / name);
    if (name.starts_with(kProviderStem)) usual.push_back(package / name);
  }
  if (!usual.empty()) return usual;
  return all.size() == 1 ? all : std::vector<fs::path>();
}

bool matches(const std::string& name, const std::string& pattern) {
  if (!pattern.ends_with('*')) return name == pattern;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

/// "0.4.0" of "onnxruntime_ep_webgpu-0.4.0.dist-info"; what is installed may be called "onnxruntime_ep_webgpu_cu13".
std::string package_version(const std::vector<std::string>& names, const std::string& package) {
  std::string of_variant;
  for (const std::string& name : names) {
    const std::size_t dash = name.find('-');
    if (dash == std::string::npos || !name.ends_with(kInfoSuffix) || !name.starts_with(package)) continue;
    const std::string version = name.substr(dash + 1, name.size() - dash - 1 - kInfoSuffix.size());
    const std::string installed = name.substr(0, dash);
    if (installed == package) return version;
    const bool another = std::binary_search(names.begin(), names.end(), installed);
    if (installed[package.size()] == '_' && !another) of_variant = version;
  }
  return of_variant;
}

/// Size and time of a file; of a folder the time alone, which changes with its entries.
std::string stamp(const fs::path& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  if (error) return path.string() + " -\n";
  const auto size = fs::is_directory(path, error) ? 0 : fs::file_size(path, error);
  return path.string() + " " + std::to_string(size) + " " + std::to_string(time.time_since_epoch().count()) + "\n";
}

/// What fails where memory is limited may well work elsewhere.
std::string memory_limits() {
  std::string text;
  for (const auto& [resource, name] : {std::pair(RLIMIT_AS, "address space"), std::pair(RLIMIT_DATA, "data")}) {
    rlimit limit{};
    if (::getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
      text += std::string(name) + " <= " + std::to_string(limit.rlim_cur) + "\n";
  }
  return text;
}

std::string_view last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t end = text.rfind('\n');
  return end == std::string_view::npos ? text : text.substr(end + 1);
}

/// What a trial that did not come to its end was about to do, as it said itself.
std::string last_step(const std::string& output) {
  const std::string step(last_line(output));
  return step.empty() ? "starting" : step;
}

/// Something was installed beside the provider's package: perhaps what it lacked.
bool packages_changed_since(const ForeignProvider& provider, fs::file_time_type time) {
  std::error_code error;
  const auto changed = fs::last_write_time(provider.library.parent_path().parent_path(), error);
  return !error && changed > time;
}

/// An errno that says nothing of the program.
bool is_shortage(int error) { return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE; }

/// Runs the trial program and gives what it said last; an error says how it ended otherwise.
Verdict run_trial(const ForeignProvider& provider, const ProviderTrials::Options& options,
                  std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {provider.engine, provider.library.string()});
  arguments.insert(arguments.end(), options.search_path.begin(), options.search_path.end());
  const base::ChildResult child = base::run_child(provider.trial, arguments, options.limit);
  using End = base::ChildResult::End;
  const std::string file = provider.library.string();
  const bool has_verdict = last_line(child.output).starts_with('{');
  // A program that ignores SIGCHLD, or reaps whatever ends, knows no status; the verdict is a trial's last word.
  const bool status_is_elsewhere = child.end == End::kKilled && child.code < 0;
  if (has_verdict && status_is_elsewhere) return read_verdict(child.output, "the trial of " + file);
  switch (child.end) {
    case End::kNotStarted:
      return Status(
          is_shortage(child.code) ? StatusCode::kResourceExhausted : StatusCode::kUnavailable,
          "cannot try " + file + ": " + provider.trial.string() + " does not start: " + std::strerror(child.code));
    case End::kKilled:
      return Status::unavailable(file + " ended a child process that tried it (" +
                                 (child.code > 0 ? "signal " + std::to_string(child.code) : "status unknown") +
                                 ") while " + last_step(child.output));
    case End::kTooLong:
      return Status::unavailable(file + " hung for " + std::to_string(options.limit.count()) +
                                 " ms in a child process that tried it, while " + last_step(child.output));
    case End::kExited: break;
  }
  if (has_verdict) return read_verdict(child.output, "the trial of " + file);
  return Status::unavailable(file + " ended a child process that tried it (exit status " + std::to_string(child.code) +
                             ") while " + last_step(child.output));
}

/// What the second trial said, or how it ended.
Overlap run_overlap_trial(const ForeignProvider& provider, const ProviderTrials::Options& options,
                          const std::vector<DeviceReport>& devices) {
  std::string handles;
  for (const DeviceReport& device : devices) handles += (handles.empty() ? "" : ",") + device.handle;
  const Verdict verdict = run_trial(provider, options, {kOverlapOption + handles});
  if (verdict.status().code() == StatusCode::kResourceExhausted) return {};  // it was not tried
  if (!verdict.is_ok()) return {Overlap::State::kRefuted, verdict.status().message()};
  if (verdict->overlap.state != Overlap::State::kUntested) return verdict->overlap;
  return {Overlap::State::kRefuted, provider.trial.string() + " did not say what came of the trial"};
}

void read_overlap(JsonReader& json, Overlap& overlap) {
  json.require({"state"});
  json.choice<Overlap::State>("state", overlap.state, kOverlapWords);
  json.text("reason", overlap.reason);
}

nlohmann::ordered_json overlap_json(const Overlap& overlap) {
  const auto word = std::find_if(std::begin(kOverlapWords), std::end(kOverlapWords),
                                 [&](const auto& w) { return w.second == overlap.state; });
  return {{"state", std::string(word->first)}, {"reason", overlap.reason}};
}

}  // namespace

std::vector<ForeignProvider> find_providers(const std::string& prefix, std::span<const std::string> packages,
                                            std::span<const std::string> search_path,
                                            std::span<const std::string> named) {
  std::vector<ForeignProvider> found;
  const auto add = [&](const fs::path& library, const std::string& version, bool by_user) {
    const std::string engine = prefix + short_name(library);
    const bool known = std::any_of(found.begin(), found.end(), [&](auto& other) { return other.engine == engine; });
    std::error_code error;
    if (!known && engine.size() > prefix.size())
      found.push_back({engine, fs::absolute(library, error), {}, version, by_user});
  };
  for (const std::string& text : named) {
    fs::path file(text);
    if (!file.has_filename()) file = file.parent_path();  // a folder "acme/", which the trial refuses with that reason
    const fs::path package = file.parent_path();
    add(file, package_version(names_in(package.parent_path()), package.filename().string()), true);
  }

  std::set<fs::path> looked_at;
  for (const std::string& folder : search_path) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(folder, error);
    for (const fs::path& place : {canonical, canonical.parent_path().parent_path()}) {
      if (error || place == place.root_path() || !looked_at.insert(place).second) continue;
      const std::vector<std::string> names = names_in(place);
      for (const std::string& name : names) {
        const bool wanted = !name.ends_with(kInfoSuffix) &&
                            std::any_of(packages.begin(), packages.end(), [&](auto& p) { return matches(name, p); });
        if (!wanted) continue;
        for (const fs::path& library : libraries_in(place / name)) add(library, package_version(names, name), false);
      }
    }
  }
  return found;
}

std::string why_serial(const Overlap& overlap) {
  if (overlap.state == Overlap::State::kProven) return {};
  if (overlap.state != Overlap::State::kUntested) return overlap.reason;
  return "not tried with more yet; a child process does that 10 s after the start";
}

Verdict read_verdict(const std::string& text, const std::string& name) {
  ProviderReport report;
  std::string failure;
  const Status status = JsonReader::read_document(last_line(text), name, [&](JsonReader& json) {
    json.text("failure", failure);
    json.objects("devices", [&](JsonReader& device) { report.devices.push_back(read_device(device)); });
    json.object("overlap", [&](JsonReader& overlap) { read_overlap(overlap, report.overlap); });
  });
  if (!status.is_ok()) return status;
  if (!failure.empty()) return Status::unavailable(failure);
  return report;
}

std::string verdict_text(const Verdict& verdict) {
  nlohmann::ordered_json json;
  if (!verdict.is_ok()) {
    json["failure"] = verdict.status().message();
  } else {
    json["devices"] = nlohmann::ordered_json::array();
    for (const DeviceReport& device : verdict->devices) json["devices"].push_back(device_json(device));
    json["overlap"] = overlap_json(verdict->overlap);
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// The only trial of an engine in this process, for the time of its scope.
class ProviderTrials::OneAtATime {
 public:
  OneAtATime(ProviderTrials& trials, std::string engine) : trials_(trials), engine_(std::move(engine)) {
    base::MutexLock lock(trials_.mutex_);
    while (!trials_.under_way_.insert(engine_).second) trials_.ended_.wait(trials_.mutex_);
  }
  ~OneAtATime() {
    base::MutexLock lock(trials_.mutex_);
    trials_.under_way_.erase(engine_);
    trials_.ended_.notify_all();
  }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;

 private:
  ProviderTrials& trials_;
  const std::string engine_;
};

ProviderTrials::ProviderTrials(Options options, std::vector<ForeignProvider> providers)
    : options_(std::move(options)), providers_(std::move(providers)) {}

const ForeignProvider* ProviderTrials::find(const std::string& engine) const {
  const auto place = std::find_if(providers_.begin(), providers_.end(), [&](auto& p) { return p.engine == engine; });
  return place == providers_.end() ? nullptr : &*place;
}

std::string ProviderTrials::key_of(const ForeignProvider& provider) const {
  std::string key = std::string(kVerdictFormat) + "\n" + stamp(provider.library) + stamp(provider.trial);
  for (const std::string& folder : options_.search_path) key += stamp(folder);
  for (const std::string& node : look_at_os(options_.os_root).found) key += node + "\n";
  return key + memory_limits() + base::env::provider_surroundings();
}

fs::path ProviderTrials::file_of(const ForeignProvider& provider) const {
  if (options_.folder.empty()) return {};
  const std::string name = provider.engine + " " + provider.library.string();
  return options_.folder / (model::hash_of(std::as_bytes(std::span(name))) + ".verdict");
}

std::optional<Verdict> ProviderTrials::known(const std::string& engine) {
  const ForeignProvider* provider = find(engine);
  if (provider == nullptr) return Verdict(Status::not_found("no provider library of engine " + engine));
  const std::string key = key_of(*provider);
  {
    base::MutexLock lock(mutex_);
    if (const auto kept = kept_.find(engine); kept != kept_.end() && kept->second.key == key)
      return kept->second.verdict;
  }
  const fs::path file = file_of(*provider);
  if (file.empty()) return std::nullopt;
  const auto text = base::content_of(file);
  if (!text || !text->starts_with(key + "{")) return std::nullopt;
  Verdict verdict = read_verdict(text->substr(key.size()), file.string());
  std::error_code error;
  const auto written = fs::last_write_time(file, error);
  if (!verdict.is_ok() && verdict.status().code() != StatusCode::kUnavailable) return std::nullopt;  // damaged
  const bool old = error || fs::file_time_type::clock::now() - written > kFailureAge;
  if (!verdict.is_ok() && (old || packages_changed_since(*provider, written))) return std::nullopt;
  if (verdict.is_ok() && old && verdict->overlap.state == Overlap::State::kRefuted) verdict->overlap = {};
  base::MutexLock lock(mutex_);
  kept_.insert_or_assign(engine, Kept{key, verdict});
  return verdict;
}

Verdict ProviderTrials::ask(const std::string& engine) {
  if (auto verdict = known(engine)) return *std::move(verdict);
  const OneAtATime turn(*this, engine);
  if (auto verdict = known(engine)) return *std::move(verdict);  // from the trial that was under way
  const ForeignProvider& provider = *find(engine);
  const std::string key = key_of(provider);
  Verdict verdict = run_trial(provider, options_, {});
  const bool tried = verdict.status().code() != StatusCode::kResourceExhausted;
  if (tried) keep(provider, key, verdict);
  return verdict;
}

void ProviderTrials::try_overlap(const std::string& engine) {
  auto verdict = known(engine);
  if (!verdict || !verdict->is_ok() || verdict->value().overlap.state != Overlap::State::kUntested) return;
  const ForeignProvider& provider = *find(engine);
  const std::string key = key_of(provider);
  ProviderReport& report = verdict->value();
  report.overlap = run_overlap_trial(provider, options_, report.devices);
  if (report.overlap.state == Overlap::State::kProven) {
    for (DeviceReport& device : report.devices) device.serial_group.clear();
  }
  keep(provider, key, *verdict);
}

/// B-307: what a package brought is left alone where nothing speaks for hardware that it could reach.
bool ProviderTrials::worth_trying(const std::string& engine) const {
  const ForeignProvider* provider = find(engine);
  return provider != nullptr &&
         (provider->by_user || base::env::vulkan_drivers_given() || !look_at_os(options_.os_root).evidence.empty());
}

bool ProviderTrials::is_named_by_user(const std::string& engine) const {
  const ForeignProvider* provider = find(engine);
  return provider != nullptr && provider->by_user;
}

/// A file that cannot be written costs another trial, nothing else.
void ProviderTrials::keep(const ForeignProvider& provider, const std::string& key, const Verdict& verdict) {
  {
    base::MutexLock lock(mutex_);
    kept_.insert_or_assign(provider.engine, Kept{key, verdict});
  }
  const fs::path file = file_of(provider);
  if (file.empty()) return;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  const fs::path temporary = file.string() + "." + std::to_string(::getpid()) + ".tmp";
  std::ofstream(temporary, std::ios::binary) << key << verdict_text(verdict) << "\n";
  fs::rename(temporary, file, error);
}

}  // namespace baton::engine
