// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/registry.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/mutex.h"
#include "base/process_exit.h"
#include "engine/device_table.h"
#include "engine/foreign_provider.h"
#include "engine/module.h"
#include "engine/os_devices.h"
#include "model/host_memory.h"

namespace baton::engine {

namespace {

using base::Result;
using base::Status;
namespace fs = std::filesystem;

constexpr auto kProbeLimit = std::chrono::seconds(2);  // B-306
/// When the start of a model is over, as a rule.
constexpr auto kLaterDelay = std::chrono::seconds(2);
/// When the measurements of a start are over too, as a rule: a trial of overlap takes the cores and the device for 2 s.
/// Who ends before that would not have gained by it.
constexpr auto kOverlapDelay = std::chrono::seconds(10);
constexpr std::string_view kPluginSuffix = "_plugin";
constexpr std::string_view kManifestSuffix = ".manifest.json";

/// Manifest files of all folders; of two files of one name the better folder's counts.
std::map<std::string, fs::path> find_manifests(const std::vector<std::string>& folders) {
  std::map<std::string, fs::path> files;
  for (const auto& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (name.ends_with(kManifestSuffix)) {
        files.emplace(name.substr(0, name.size() - kManifestSuffix.size()), entry->path());
      }
    }
  }
  return files;
}

/// An engine is allowed by its name, or by the part of it before a dot.
bool allowed(const std::vector<std::string>& only, const std::string& name) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& word) {
           return name == word || name.starts_with(word + ".");
         });
}

bool wanted(std::span<const std::string> families, std::string_view family) {
  return families.empty() || std::find(families.begin(), families.end(), family) != families.end();
}

/// One answer of an engine, shared with the job that asks: the job may come back when nobody waits any more.
struct Answer {
  base::Mutex mutex;
  base::CondVar changed;
  std::optional<Result<std::vector<DeviceReport>>> reports BATON_GUARDED_BY(mutex);
};

Result<std::vector<DeviceReport>> enumerate(Engine& engine, const std::vector<std::string>& families) {
  try {
    return engine.enumerate(families);
  } catch (...) {
    return Status::internal("threw an exception when asked for its devices");
  }
}

/// The first thing in an answer that cannot be true, or ok.
Status check_answer(const std::vector<DeviceReport>& reports, const std::vector<std::string>& families) {
  std::set<std::string> names;
  for (const auto& report : reports) {
    std::string flaw = flaw_of(report);
    if (flaw.empty() && !wanted(families, split_device_name(report.name).first))
      flaw = report.name + " was not asked for";
    if (flaw.empty() && !names.insert(report.name).second) flaw = report.name + " is there twice";
    if (!flaw.empty()) return Status::internal("reports nonsense: " + flaw);
  }
  return {};
}

DeviceList::Missing missing(const std::string& engine, const Status& status) {
  // The name has a field of its own.
  const std::string prefix = "engine " + engine + ": ";
  const std::string& text = status.message();
  return {engine, text.starts_with(prefix) ? text.substr(prefix.size()) : text};
}

Result<std::vector<DeviceReport>> devices_of(const ProviderTrials::Verdict& verdict) {
  if (!verdict.is_ok()) return verdict.status();
  return verdict->devices;
}

/// Every GPU of the machine is among the reports, as far as nodes tell.
bool covers_gpus(const std::vector<EngineOnDevice>& reports, const OsDevices& os) {
  std::map<std::string, std::size_t> by_engine;
  for (const EngineOnDevice& on : reports) {
    if (split_device_name(on.report.name).first == "GPU") ++by_engine[on.engine];
  }
  return os.gpus > 0 &&
         std::any_of(by_engine.begin(), by_engine.end(), [&](auto& item) { return item.second >= os.gpus; });
}

}  // namespace

struct Registry::Impl : std::enable_shared_from_this<Registry::Impl> {
  using Question = std::function<Result<std::vector<DeviceReport>>()>;

  explicit Impl(RegistryOptions o) : options(std::move(o)) {
    context.executor = options.executor;
    context.log = options.log;
    context.memory = &model::HostMemory::instance();
    context.search_path = options.library_path;
    context.script = options.sim_script;
  }

  void load_manifests();
  void load_script(const EngineManifest& stand_in);
  void add_providers(const std::vector<EngineManifest>& stand_ins);
  void insert(EngineManifest manifest, std::shared_ptr<Module> module);
  void note_broken(const std::string& name, const Status& status);

  Result<std::shared_ptr<Engine>> open(const std::string& name);
  Result<std::vector<DeviceReport>> ask_in_time(const std::string& name, const std::vector<std::string>& families,
                                                Question question);
  Result<std::vector<DeviceReport>> probe(const std::string& name, const std::vector<std::string>& families);
  Result<std::vector<DeviceReport>> ask(const EngineManifest& manifest, const std::vector<std::string>& families);
  std::vector<std::string> families_to_ask(const EngineManifest& manifest, std::span<const std::string> families,
                                           const OsDevices& os) const;
  void forget_answers_unless(const OsDevices& os);
  std::optional<DeviceList::Missing> unusable(const EngineManifest& manifest) const;
  void add_answers(const EngineManifest& manifest, const std::vector<std::string>& families,
                   std::vector<EngineOnDevice>& reports, DeviceList& list);
  std::vector<std::string> put_off(const EngineManifest& manifest, std::vector<std::string> families);
  std::optional<ProviderTrials::Verdict> verdict_on(const std::string& engine, std::span<const std::string> families,
                                                    bool may_wait);
  void try_overlap_later(const std::string& engine);
  void note_overlap(const std::string& engine, const Overlap& overlap, DeviceList& list);
  void add_verdict(const EngineManifest& manifest, std::span<const std::string> families, bool may_wait,
                   std::vector<EngineOnDevice>& reports, DeviceList& list);

  const RegistryOptions options;
  ModuleContext context;

  // Constant once the registry is set up (constructor and `add`).
  std::vector<EngineManifest> manifests;  ///< in order of name
  std::map<std::string, std::shared_ptr<Module>, std::less<>> modules;
  std::map<std::string, std::shared_ptr<Engine>, std::less<>> added;
  std::shared_ptr<ProviderTrials> trials;             ///< null: no foreign library is here
  std::map<std::string, Status, std::less<>> broken;  ///< manifests and scripts that cannot be used

  base::Mutex mutex;
  std::vector<std::string> os_found BATON_GUARDED_BY(mutex);
  std::set<std::string> asked_later BATON_GUARDED_BY(mutex);    ///< engines whose GPUs are asked for by a timer
  std::set<std::string> overlap_asked BATON_GUARDED_BY(mutex);  ///< engines whose second trial a timer begins
  /// Engine and family to its answer, until the operating system shows something else (B-307).
  std::map<std::pair<std::string, std::string>, Result<std::vector<DeviceReport>>> answers BATON_GUARDED_BY(mutex);
};

void Registry::Impl::load_manifests() {
  std::map<fs::path, std::shared_ptr<Module>> by_path;
  std::optional<EngineManifest> stand_in;
  std::vector<EngineManifest> provider_stand_ins;
  for (const auto& [stem, file] : find_manifests(options.module_path)) {
    auto engines = read_manifest(file);
    if (!engines.is_ok()) {
      if (allowed(options.only_engines, stem)) note_broken(stem, engines.status());
      continue;
    }
    for (auto& manifest : engines.value()) {
      if (!manifest.provider_trial.empty()) {
        provider_stand_ins.push_back(std::move(manifest));
        continue;
      }
      if (!allowed(options.only_engines, manifest.name)) continue;
      if (manifest.scripted) {
        stand_in = std::move(manifest);
        continue;
      }
      auto& module = by_path[manifest.module];
      if (!module) module = std::make_shared<Module>(manifest, context, trials);
      insert(std::move(manifest), module);
    }
  }
  add_providers(provider_stand_ins);
  if (options.sim_script.empty()) return;
  if (stand_in) {
    load_script(*stand_in);
  } else if (allowed(options.only_engines, "sim")) {
    note_broken("sim", Status::unavailable("a simulation script is given, but no module can play it"));
  }
}

/// One engine per foreign library, played by the module that the stand-in belongs to.
void Registry::Impl::add_providers(const std::vector<EngineManifest>& stand_ins) {
  std::vector<ForeignProvider> found;
  for (const EngineManifest& stand_in : stand_ins) {
    const std::string prefix = stand_in.name.substr(0, stand_in.name.size() - 1);
    for (ForeignProvider& provider :
         find_providers(prefix, stand_in.provider_packages, options.library_path, options.provider_libraries)) {
      if (modules.contains(provider.engine)) provider.engine += kPluginSuffix;  // onnxruntime.cuda is there already
      if (modules.contains(provider.engine) || !allowed(options.only_engines, provider.engine)) continue;
      EngineManifest manifest = stand_in;
      manifest.name = provider.engine;
      provider.trial = manifest.provider_trial;
      const auto sibling = std::find_if(manifests.begin(), manifests.end(),
                                        [&](const EngineManifest& other) { return other.module == manifest.module; });
      auto module =
          sibling == manifests.end() ? std::make_shared<Module>(manifest, context, trials) : modules[sibling->name];
      insert(std::move(manifest), std::move(module));
      found.push_back(std::move(provider));
    }
  }
  if (found.empty()) return;
  const ProviderTrials::Options trial_options{
      .search_path = options.library_path, .folder = options.verdict_folder, .os_root = options.os_root};
  trials = std::make_shared<ProviderTrials>(trial_options, std::move(found));
}

void Registry::Impl::load_script(const EngineManifest& stand_in) {
  auto module = std::make_shared<Module>(stand_in, context, trials);
  auto machine = module->read_script();
  if (!machine.is_ok()) return note_broken(stand_in.name, machine.status());
  if (machine->only) {
    manifests.clear();
    modules.clear();
    broken.clear();
  }
  for (auto& manifest : machine->manifests) insert(std::move(manifest), module);
}

void Registry::Impl::insert(EngineManifest manifest, std::shared_ptr<Module> module) {
  if (module) modules[manifest.name] = std::move(module);
  const auto place = std::lower_bound(manifests.begin(), manifests.end(), manifest,
                                      [](const auto& a, const auto& b) { return a.name < b.name; });
  if (place != manifests.end() && place->name == manifest.name) {
    *place = std::move(manifest);  // a scripted or added engine stands in for a real one of its name
  } else {
    manifests.insert(place, std::move(manifest));
  }
}

void Registry::Impl::note_broken(const std::string& name, const Status& status) {
  const auto& [place, fresh] = broken.emplace(name, status.with_context("engine " + name));
  BATON_LOG(*options.log, base::LogLevel::kWarning, name, place->second.message());
}

Result<std::shared_ptr<Engine>> Registry::Impl::open(const std::string& name) {
  if (const auto engine = added.find(name); engine != added.end()) return engine->second;
  if (const auto module = modules.find(name); module != modules.end()) return module->second->engine(name);
  if (const auto reason = broken.find(name); reason != broken.end()) return reason->second;
  std::string known;
  for (const auto& manifest : manifests) known += (known.empty() ? "" : ", ") + manifest.name;
  return Status::not_found("engine " + name +
                           " is not known here, expected one of: " + (known.empty() ? "none" : known));
}

/// The answer to a question that is asked in a job; nobody waits longer than kProbeLimit for it.
Result<std::vector<DeviceReport>> Registry::Impl::ask_in_time(const std::string& name,
                                                              const std::vector<std::string>& families,
                                                              Question question) {
  const auto deadline = options.executor->now() + kProbeLimit;
  auto answer = std::make_shared<Answer>();
  options.executor->start_job([answer, question = std::move(question)] {
    auto reports = question();
    base::MutexLock lock(answer->mutex);
    answer->reports = std::move(reports);
    answer->changed.notify_all();
  });
  base::MutexLock lock(answer->mutex);
  const auto arrived = [&answer]() BATON_NO_THREAD_SAFETY_ANALYSIS { return answer->reports.has_value(); };
  // In virtual time an answer can be there and still be late.
  if (!options.executor->wait(answer->mutex, answer->changed, arrived, deadline) ||
      options.executor->now() > deadline) {
    return Status(base::StatusCode::kDeadlineExceeded,
                  "engine " + name + ": no answer within 2 s when asked for its devices");
  }
  auto& reports = *answer->reports;
  const Status status = reports.is_ok() ? check_answer(reports.value(), families) : reports.status();
  if (!status.is_ok()) return status.with_context("engine " + name);
  return std::move(reports);
}

Result<std::vector<DeviceReport>> Registry::Impl::probe(const std::string& name,
                                                        const std::vector<std::string>& families) {
  auto engine = open(name);
  if (!engine.is_ok()) return engine.status();
  return ask_in_time(name, families,
                     [families, engine = std::move(engine).value()] { return enumerate(*engine, families); });
}

/// Answers from memory where there are any. Two listings at the same moment may both ask; the answers are the same.
Result<std::vector<DeviceReport>> Registry::Impl::ask(const EngineManifest& manifest,
                                                      const std::vector<std::string>& families) {
  std::vector<DeviceReport> reports;
  std::vector<std::string> unknown;
  {
    base::MutexLock lock(mutex);
    for (const auto& family : families) {
      const auto known = answers.find({manifest.name, family});
      if (known == answers.end()) {
        unknown.push_back(family);
      } else if (!known->second.is_ok()) {
        return known->second.status();
      } else {
        std::copy(known->second->begin(), known->second->end(), std::back_inserter(reports));
      }
    }
  }
  if (unknown.empty()) return reports;

  auto fresh = probe(manifest.name, unknown);
  const auto& evidence = manifest.probe_evidence;
  const bool keep = std::find(evidence.begin(), evidence.end(), kAlways) == evidence.end();
  if (keep) {
    base::MutexLock lock(mutex);
    for (const auto& family : unknown) {
      auto part = fresh;
      if (part.is_ok()) {
        std::erase_if(part.value(), [&](const auto& report) { return split_device_name(report.name).first != family; });
      }
      answers.insert_or_assign({manifest.name, family}, std::move(part));
    }
  }
  if (!fresh.is_ok()) return fresh;
  std::move(fresh->begin(), fresh->end(), std::back_inserter(reports));
  return reports;
}

std::vector<std::string> Registry::Impl::families_to_ask(const EngineManifest& manifest,
                                                         std::span<const std::string> families,
                                                         const OsDevices& os) const {
  std::vector<std::string> result;
  std::copy_if(manifest.probe_families.begin(), manifest.probe_families.end(), std::back_inserter(result),
               [&](const std::string& family) {
                 return wanted(families, family) && worth_asking(os, family, manifest.probe_evidence);
               });
  return result;
}

void Registry::Impl::forget_answers_unless(const OsDevices& os) {
  base::MutexLock lock(mutex);
  if (os_found == os.found) return;
  os_found = os.found;
  answers.clear();
  asked_later.clear();
  overlap_asked.clear();
}

/// Why the module could not be opened, if that was tried.
std::optional<DeviceList::Missing> Registry::Impl::unusable(const EngineManifest& manifest) const {
  const auto module = modules.find(manifest.name);
  const auto failure = module == modules.end() ? std::nullopt : module->second->failure();
  return failure ? std::optional(missing(manifest.name, *failure)) : std::nullopt;
}

void Registry::Impl::add_answers(const EngineManifest& manifest, const std::vector<std::string>& families,
                                 std::vector<EngineOnDevice>& reports, DeviceList& list) {
  if (families.empty()) return;
  auto answer = ask(manifest, families);
  if (!answer.is_ok()) {
    list.missing_engines.push_back(missing(manifest.name, answer.status()));
    BATON_LOG(*options.log, base::LogLevel::kDebug, manifest.name, answer.status().message());
    return;
  }
  for (auto& report : answer.value()) reports.push_back({manifest.name, std::move(report)});
}

/// The families to ask for now; GPUs are asked for later unless the answer is known. One question at a time.
std::vector<std::string> Registry::Impl::put_off(const EngineManifest& manifest, std::vector<std::string> families) {
  const auto gpu = std::find(families.begin(), families.end(), "GPU");
  const auto& evidence = manifest.probe_evidence;
  if (gpu == families.end() || std::find(evidence.begin(), evidence.end(), kAlways) != evidence.end()) return families;
  {
    base::MutexLock lock(mutex);
    if (answers.contains({manifest.name, "GPU"})) return families;
    families.erase(gpu);
    if (!asked_later.insert(manifest.name).second) return families;
  }
  options.executor->run_at(options.executor->now() + kLaterDelay, [weak = weak_from_this(), &manifest] {
    const auto self = weak.lock();
    if (!self) return;
    self->options.executor->start_job([self, &manifest] {
      if (const base::EngineCall call; call.allowed()) (void)self->ask(manifest, {"GPU"});
    });
  });
  return families;
}

/// What is known of a foreign library, else what a trial says; nullopt: the trial comes later, because nobody waits.
std::optional<ProviderTrials::Verdict> Registry::Impl::verdict_on(const std::string& engine,
                                                                  std::span<const std::string> families,
                                                                  bool may_wait) {
  if (auto known = trials->known(engine)) return known;
  const bool named = wanted(families, "GPU") || wanted(families, "NPU") || trials->is_named_by_user(engine);
  if (!may_wait && named) {
    const auto devices = ask_in_time(engine, {}, [own = trials, engine] { return devices_of(own->ask(engine)); });
    if (!devices.is_ok()) return ProviderTrials::Verdict(devices.status());
    return trials->known(engine);
  }
  if (!named) return std::nullopt;  // nothing that a trial would be worth
  {
    base::MutexLock lock(mutex);
    if (!asked_later.insert(engine).second) return std::nullopt;
  }
  options.executor->run_at(options.executor->now() + kLaterDelay, [weak = weak_from_this(), engine] {
    const auto self = weak.lock();
    if (!self) return;
    self->options.executor->start_job([self, engine] {
      const auto verdict = self->trials->ask(engine);
      if (verdict.is_ok() && verdict->overlap.state == Overlap::State::kUntested) self->try_overlap_later(engine);
    });
  });
  return std::nullopt;
}

/// Once per process. Who waits for devices or for an answer never waits for this; what it says counts from the next
/// listing on.
void Registry::Impl::try_overlap_later(const std::string& engine) {
  {
    base::MutexLock lock(mutex);
    if (!overlap_asked.insert(engine).second) return;
  }
  options.executor->run_at(options.executor->now() + kOverlapDelay, [weak = weak_from_this(), engine] {
    if (const auto self = weak.lock())
      self->options.executor->start_job([own = self->trials, engine] { own->try_overlap(engine); });
  });
}

void Registry::Impl::add_verdict(const EngineManifest& manifest, std::span<const std::string> families, bool may_wait,
                                 std::vector<EngineOnDevice>& reports, DeviceList& list) {
  if (!trials->worth_trying(manifest.name)) return;
  const auto verdict = verdict_on(manifest.name, families, may_wait);
  if (!verdict) {
    list.tried_later.push_back(manifest.name);
    return;
  }
  if (!verdict->is_ok()) {
    list.missing_engines.push_back(missing(manifest.name, verdict->status()));
    BATON_LOG(*options.log, base::LogLevel::kDebug, manifest.name, verdict->status().message());
    return;
  }
  bool is_wanted = false;
  for (const DeviceReport& report : verdict->value().devices) {
    if (!wanted(families, split_device_name(report.name).first)) continue;
    is_wanted = true;
    reports.push_back({manifest.name, report});
  }
  if (is_wanted) note_overlap(manifest.name, verdict->value().overlap, list);
}

void Registry::Impl::note_overlap(const std::string& engine, const Overlap& overlap, DeviceList& list) {
  if (overlap.state == Overlap::State::kUntested) try_overlap_later(engine);
  if (std::string reason = engine::why_serial(overlap); !reason.empty())
    list.serial.push_back({engine, std::move(reason)});
}

Registry::Registry(RegistryOptions options) : impl_(std::make_shared<Impl>(std::move(options))) {
  impl_->load_manifests();
}

Registry::~Registry() = default;

std::span<const EngineManifest> Registry::manifests() const { return impl_->manifests; }

bool Registry::has_hardware(const EngineManifest& manifest) const {
  if (!manifest.provider_trial.empty()) return impl_->trials && impl_->trials->worth_trying(manifest.name);
  if (!manifest.devices.empty() || manifest.probe_families.empty()) return true;
  return !impl_->families_to_ask(manifest, {}, look_at_os(impl_->options.os_root)).empty();
}

Result<Engine*> Registry::engine(std::string_view name) {
  auto engine = impl_->open(std::string(name));
  if (!engine.is_ok()) return engine.status();
  return engine.value().get();
}

Result<std::string> Registry::version(std::string_view name) {
  for (const auto& manifest : impl_->manifests) {
    if (manifest.name == name && !manifest.version.empty()) return manifest.version;
  }
  auto opened = engine(name);
  if (!opened.is_ok()) return opened.status();
  return opened.value()->version();
}

std::string Registry::why_serial(const std::string& name) const {
  const auto verdict = impl_->trials ? impl_->trials->known(name) : std::nullopt;
  return verdict && verdict->is_ok() ? engine::why_serial(verdict->value().overlap) : std::string();
}

void Registry::add(EngineManifest manifest, std::unique_ptr<Engine> engine) {
  impl_->modules.erase(manifest.name);
  impl_->added[manifest.name] = std::move(engine);
  impl_->insert(std::move(manifest), nullptr);
}

DeviceList Registry::devices(std::span<const std::string> families, Look look) {
  const OsDevices os = look_at_os(impl_->options.os_root);
  impl_->forget_answers_unless(os);

  DeviceList list;
  for (const auto& [name, status] : impl_->broken) list.missing_engines.push_back(missing(name, status));
  std::vector<EngineOnDevice> reports;
  std::vector<const EngineManifest*> slow, foreign;
  for (const auto& manifest : impl_->manifests) {
    if (auto reason = impl_->unusable(manifest)) {
      list.missing_engines.push_back(*std::move(reason));
      continue;
    }
    for (const auto& device : manifest.devices) {
      if (wanted(families, split_device_name(device.name).first)) reports.push_back({manifest.name, device});
    }
    if (!manifest.provider_trial.empty()) foreign.push_back(&manifest);
    else if (manifest.slow_probe) slow.push_back(&manifest);
    else impl_->add_answers(manifest, impl_->families_to_ask(manifest, families, os), reports, list);
  }
  const bool may_wait = look == Look::kQuick && covers_gpus(reports, os);
  for (const EngineManifest* manifest : slow) {
    const auto to_ask = impl_->families_to_ask(*manifest, families, os);
    const auto now = may_wait ? impl_->put_off(*manifest, to_ask) : to_ask;
    if (now.size() < to_ask.size()) list.later.push_back(manifest->name);
    impl_->add_answers(*manifest, now, reports, list);
  }
  const bool accelerator_named = !families.empty() && (wanted(families, "GPU") || wanted(families, "NPU"));
  const bool nobody_waits = may_wait || (look == Look::kQuick && !accelerator_named);
  for (const EngineManifest* manifest : foreign) impl_->add_verdict(*manifest, families, nobody_waits, reports, list);
  for (auto& on : reports) {
    if (on.report.kind != DeviceKind::kCpu || on.report.fixed_name) continue;
    if (on.report.full_name.empty()) on.report.full_name = os.cpu_name;
    if (on.report.memory_bytes == 0) on.report.memory_bytes = os.memory_bytes;
  }
  list.devices = merge_devices(std::move(reports));
  return list;
}

}  // namespace baton::engine
