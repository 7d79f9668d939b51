// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/selection.h"

#include <algorithm>
#include <thread>

#include "auto/executable_cache.h"
#include "auto/records.h"
#include "auto/shared_state.h"
#include "policy/dynamic_shapes.h"
#include "policy/ranking.h"

namespace baton::autodev {
namespace {

using base::Result;
using base::Status;
using base::StatusCode;
using policy::DeviceString;
using policy::Reason;

/// What the user says of engines or devices may be about an engine that answers slowly.
engine::Look look_for(const CompileSpec& spec) {
  const policy::GivenProperties& given = spec.properties;
  const bool about_engines = !spec.options.engine_priorities.empty() || !given.defaults.empty() ||
                             !given.everywhere.empty() || !given.devices.empty();
  // Software devices are allowed by who wants to see them, and the engines that reach them are the slow ones.
  return about_engines || spec.options.allow_software ? engine::Look::kThorough : engine::Look::kQuick;
}

/// A device may be absent because an engine is.
Status with_missing(const Status& status, const std::vector<engine::DeviceList::Missing>& engines) {
  std::string text = status.message();
  for (const auto& [engine, reason] : engines) text += "; engine " + engine + " not available: " + reason;
  return Status(status.code(), text, status.details());
}

/// The candidate list of one compile, with all devices of the machine asked for only when a name was not found.
Result<policy::CandidateList> find_candidates(const Environment& environment, const CompileSpec& spec,
                                              Selection& selection) {
  const auto families = policy::families_to_enumerate(spec.device, spec.priorities);
  if (!families.is_ok()) return families.status();
  engine::DeviceList found = environment.registry->devices(families.value(), look_for(spec));
  for (const auto& [engine, reason] : found.missing_engines)
    selection.notes.push_back("engine " + engine + " not available: " + reason);
  for (const std::string& engine : found.later) {
    selection.notes.push_back("engine " + engine +
                              " is not asked for GPUs before the start is over: another engine reaches them");
  }
  for (const std::string& engine : found.tried_later) {
    selection.notes.push_back("engine " + engine +
                              " is tried in a child process after the start; later compiles know what it reaches");
  }
  for (const auto& [engine, reason] : found.serial)
    selection.notes.push_back("engine " + engine + " is given one request at a time: " + reason);
  std::vector<engine::DeviceRecord>& devices = selection.devices;
  devices = std::move(found.devices);
  const bool direct = spec.device.is_one_device();
  const policy::CandidateOptions options{.priorities = spec.priorities,
                                         .priorities_source = spec.priorities_source,
                                         .allow_software = spec.options.allow_software,
                                         .strict = spec.options.strict_devices,
                                         .multi_device = is_multi_device(spec)};
  const auto resolve = [&]() -> Result<policy::CandidateList> {
    if (!direct) return policy::resolve_candidates(spec.device, devices, options);
    auto candidate = policy::resolve_direct(spec.device, devices);
    if (!candidate.is_ok()) return candidate.status();
    policy::CandidateList list;
    list.candidates.push_back(std::move(candidate).value());
    list.source = policy::ListSource::kDeviceString;
    list.default_order = false;
    return list;
  };
  auto list = resolve();
  const bool any_family = families.value().empty();
  if (list.is_ok() || (any_family && list.status().code() != StatusCode::kNotFound)) return list;
  if (!any_family) {
    devices = environment.registry->devices({}).devices;  // for the list of what there is, and a suggested spelling
    list = resolve();
  }
  return list.is_ok() ? list : with_missing(list.status(), found.missing_engines);
}

bool reads(const engine::Registry& registry, const std::string& engine, model::Format format) {
  for (const engine::EngineManifest& manifest : registry.manifests()) {
    if (manifest.name == engine)
      return std::find(manifest.formats.begin(), manifest.formats.end(), format) != manifest.formats.end();
  }
  return false;
}

/// The hint of one device where it is not that of the model. Nothing is told by default to a device of which the user
/// said other things (B-701, B-704).
std::optional<engine::Hint> device_hint(const CompileSpec& spec, const policy::DeviceHints& hints) {
  if (hints.hint || spec.device.is_one_device()) return hints.hint;
  const bool multi = spec.device.kind == DeviceString::Kind::kMulti;
  const bool users = spec.options.hint_set && (!multi || spec.options.hint == PerformanceHint::kThroughput);
  const bool tuned = multi && (spec.properties.everywhere.contains("NUM_STREAMS") ||
                               spec.properties.everywhere.contains("INFERENCE_NUM_THREADS"));
  return !users && (hints.has_entry || tuned) ? std::optional(engine::Hint::kNone) : std::nullopt;
}

void check_engine_priorities(const Environment& environment, const CompileSpec& spec, Selection& selection) {
  if (spec.options.engine_priorities.empty()) return;
  std::vector<std::string> known;
  for (const engine::EngineManifest& manifest : environment.registry->manifests()) known.push_back(manifest.name);
  policy::check_engine_priorities(spec.options.engine_priorities, known, selection.devices, selection.list);
}

/// What ENGINE_PRIORITIES leaves to the device cannot run dynamic shapes.
bool is_left_to_refused(const Environment& environment, const CompileSpec& spec, const Selection& selection,
                        policy::PlanDevice device, const policy::PlanInput& engines_only) {
  for (const policy::Pair& pair : selection.refused) {
    if (pair.device == device.name && reads(*environment.registry, pair.engine, spec.model.facts().format))
      device.engines.push_back({.engine = pair.engine, .report = {}});
  }
  return !policy::order_engines(device, engines_only).empty();
}

/// The device with the engines that read the model; without any the candidate is rejected (B-422).
policy::PlanDevice plan_device(const Environment& environment, const CompileSpec& spec,
                               const engine::DeviceRecord& record, int index, const policy::Candidate& candidate) {
  policy::PlanDevice device{.candidate = index,
                            .name = candidate.device,
                            .family = record.family,
                            .id = record.id,
                            .identity = record.identity,
                            .kind = record.kind};
  const policy::DeviceHints hints = policy::hints_for(spec.properties, record);
  device.hint = device_hint(spec, hints);
  device.precision = hints.precision;
  for (const engine::EngineOnDevice& engine : record.engines) {
    if (reads(*environment.registry, engine.engine, spec.model.facts().format)) device.engines.push_back(engine);
  }
  return device;
}

std::string why_no_engine(const CompileSpec& spec, const policy::PlanDevice& device) {
  if (device.engines.empty())
    return "no engine of this device reads " + std::string(model::to_string(spec.model.facts().format)) + " models";
  std::string names;
  for (const engine::EngineOnDevice& on : device.engines) names.append(names.empty() ? "" : ", ").append(on.engine);
  return "ENGINE_PRIORITIES leaves no engine for this device, expected some of: " + names;
}

std::vector<policy::PlanDevice> plan_devices(const Environment& environment, const CompileSpec& spec,
                                             Selection& selection) {
  std::vector<policy::PlanDevice> devices;
  std::vector<int> ranking;
  for (const int index : selection.ranking) {
    policy::Candidate& candidate = selection.list.candidates[index];
    policy::PlanDevice device = plan_device(environment, spec, selection.devices[candidate.record], index, candidate);
    const policy::PlanInput engines_only{.label = selection.precision.label,
                                         .engine_priorities = spec.options.engine_priorities};
    if (policy::order_engines(device, engines_only).empty()) {
      candidate.accepted = false;
      if (is_left_to_refused(environment, spec, selection, device, engines_only)) {
        candidate.reason = Reason::kDynamicUnsupported;
        candidate.text = policy::dynamic_refusal(policy::dynamic_inputs(spec.model), "what ENGINE_PRIORITIES leaves");
        continue;
      }
      candidate.reason = Reason::kNoEngine;
      candidate.text = why_no_engine(spec, device);
      continue;
    }
    ranking.push_back(index);
    devices.push_back(std::move(device));
  }
  selection.ranking = std::move(ranking);
  return devices;
}

/// B-1409 where it is the configuration alone that leaves nobody.
Status nothing_left(const Selection& selection) {
  const auto& candidates = selection.list.candidates;
  const bool configuration = std::all_of(candidates.begin(), candidates.end(), [](const policy::Candidate& candidate) {
    return candidate.reason == Reason::kConfigUnsupported;
  });
  std::string text = configuration ? "no device supports the current configuration:" : "no device can run this model:";
  for (const policy::Candidate& candidate : candidates) {
    text += " " + candidate.device + " (" + std::string(to_string(candidate.reason)) + ": " + candidate.text + ");";
  }
  return Status(StatusCode::kNotFound, text);
}

int choose_first(const Environment& environment, const CompileSpec& spec, Selection& selection, bool dry_run) {
  std::vector<std::string> identities;
  for (std::size_t d = 0; d < selection.ranking.size(); ++d)
    identities.push_back(selection.record(static_cast<int>(d)).identity);
  if (spec.device.is_one_device() || is_multi_device(spec)) return 0;  // B-416, B-418: registers nothing
  const policy::TargetChoice choice =
      dry_run ? policy::choose_target(identities, environment.shared->registrations(), spec.options.model_priority)
              : environment.shared->choose_and_register(identities, spec.options.model_priority);
  selection.registered = !dry_run;
  for (std::size_t i = 0; i < choice.occupied.size(); ++i) {
    const std::string level(policy::to_string(choice.occupied[i]));
    policy::Candidate& candidate = selection.list.candidates[selection.ranking[i]];
    selection.occupancy.push_back({candidate.device, level});
    candidate.reason = Reason::kOccupied;
    candidate.text = "held by a model of priority " + level;
  }
  return static_cast<int>(choice.index);
}

policy::PlanInput plan_input(const Environment& environment, const CompileSpec& spec, const Selection& selection,
                             std::vector<policy::PlanDevice> devices) {
  policy::PlanInput input;
  input.devices = std::move(devices);
  input.label = selection.precision.label;
  const bool latency = spec.options.hint == PerformanceHint::kLatency && !is_multi_device(spec);
  input.hint = latency ? engine::Hint::kLatency : engine::Hint::kThroughput;
  input.accuracy = spec.options.accuracy;
  input.startup_fallback = spec.options.startup_fallback && !spec.device.is_one_device() && !is_multi_device(spec);
  input.startup_device = spec.options.startup_device;
  input.engine_priorities = spec.options.engine_priorities;
  input.cores = core_count(environment);
  if (spec.model.facts().stateful) input.startup_fallback = false;  // B-1101, B-1103: a switch would lose the state
  return input;
}

/// What was measured earlier goes into the plan; on a default list it also puts devices behind those that are quicker
/// (B-431).
void use_records(const Environment& environment, const CompileSpec& spec, Selection& selection,
                 policy::PlanInput& input) {
  if (!policy::records_matter(input.devices)) return;
  input.records = look_up_records(environment, spec, selection);
  if (!input.records || is_multi_device(spec)) return;
  const auto lost = policy::lost_speed_checks(policy::devices_on_record(input));
  if (lost.empty()) return;
  selection.ranking = policy::rank(selection.list, selection.devices, lost);
  const auto place = [&](const policy::PlanDevice& device) {
    return std::find(selection.ranking.begin(), selection.ranking.end(), device.candidate);
  };
  std::sort(input.devices.begin(), input.devices.end(),
            [&](const policy::PlanDevice& a, const policy::PlanDevice& b) { return place(a) < place(b); });
}

/// B-1009: what is in the cache for the target itself decides whether a helper waits. The model is hashed only then.
void use_cache(const Environment& environment, const CompileSpec& spec, Selection& selection) {
  const ExecutableCache cache(environment, spec, selection);
  policy::Plan& plan = selection.plan;
  const auto& targets = plan.devices[static_cast<std::size_t>(plan.first_device)].rungs;
  if (plan.helper < 0 || targets.empty() || !cache.has(plan.rungs[static_cast<std::size_t>(targets.front())])) return;
  plan.target_cached = true;
  plan.notes.push_back("the target is in the cache: a helper starts only if loading it takes longer than " +
                       std::to_string(spec.options.startup_grace_ms) + " ms (STARTUP_GRACE)");
}

/// B-824: its requests would find their state on another device.
Status refuse_stateful(const CompileSpec& spec, const Selection& selection) {
  if (!spec.model.facts().stateful || !is_multi_device(spec) || selection.ranking.size() < 2) return {};
  std::string names;
  for (const int index : selection.ranking)
    names.append(names.empty() ? "" : ", ").append(selection.list.candidates[index].device);
  return Status::invalid_argument("[" + policy::to_string(spec.device.kind) +
                                  "] a stateful model cannot run on several devices at once, got " + names +
                                  "; name one device, or use another hint than CUMULATIVE_THROUGHPUT");
}

/// Multi-device mode has no precision filter (B-801).
Status filter(const CompileSpec& spec, Selection& selection) {
  if (const std::string inputs = policy::dynamic_inputs(spec.model); !inputs.empty()) {
    selection.refused = policy::filter_by_dynamic_shapes(inputs, selection.list.candidates, selection.devices);
    if (selection.list.accepted_count() == 0) return nothing_left(selection);
  }
  policy::filter_by_memory(spec.model.facts().weight_bytes, selection.list.candidates, selection.devices);
  if (is_multi_device(spec)) {
    selection.precision.label = selection.label.name;
    return {};
  }
  auto precision = policy::filter_by_precision(selection.label, selection.list.candidates, selection.devices);
  if (!precision.is_ok()) return precision.status();
  selection.precision = std::move(precision).value();
  if (!selection.precision.note.empty()) selection.notes.push_back(selection.precision.note);
  return {};
}

/// What the user asked for and does not get.
void add_notes(const CompileSpec& spec, Selection& selection) {
  selection.notes.insert(selection.notes.end(), selection.plan.notes.begin(), selection.plan.notes.end());
  if (spec.model.facts().stateful && selection.ranking.size() > 1) {
    selection.list.warnings.push_back("the model keeps state: startup and runtime fallback are off");
  }
  if (spec.device.kind == DeviceString::Kind::kMulti && spec.options.hint_set &&
      spec.options.hint != PerformanceHint::kThroughput) {
    selection.list.warnings.push_back("MULTI serves THROUGHPUT: another PERFORMANCE_HINT is ignored");
  }
  if (spec.options.bind_buffer && !is_multi_device(spec)) {
    selection.notes.push_back("DEVICE_BIND_BUFFER has no effect where one device serves at a time");
  }
}

}  // namespace

bool is_multi_device(const CompileSpec& spec) {
  return spec.device.kind == DeviceString::Kind::kMulti ||
         (spec.device.kind == DeviceString::Kind::kAuto && spec.options.hint == PerformanceHint::kCumulativeThroughput);
}

policy::SchedulePolicy schedule_policy(const CompileSpec& spec, const Selection& selection) {
  return spec.options.schedule_policy.value_or(policy::default_schedule_policy(selection.list.default_order));
}

int core_count(const Environment& environment) {
  return environment.cores > 0 ? environment.cores
                               : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

std::uint32_t requests_cap(const CompileSpec& spec, const engine::DeviceRecord& device) {
  return policy::hints_for(spec.properties, device).num_requests.value_or(spec.options.num_requests);
}

std::uint32_t predicted_requests(const CompileSpec& spec, const Selection& selection, const policy::RungSpec& rung,
                                 const policy::DeviceAnswers& answers) {
  const engine::DeviceRecord& device = selection.record(rung.device);
  const policy::Candidate& candidate = selection.candidate(rung.device);
  return policy::predict_requests({.workers = candidate.workers,
                                   .answers = answers,
                                   .hint = rung.hint,
                                   .family = device.family,
                                   .cap = requests_cap(spec, device)});
}

Result<Selection> select(const Environment& environment, const CompileSpec& spec, bool dry_run) {
  Selection selection;
  auto list = find_candidates(environment, spec, selection);
  if (!list.is_ok()) return list.status();
  selection.list = std::move(list).value();
  BATON_RETURN_IF_ERROR(policy::check_properties(spec.properties, selection.devices, selection.list));
  check_engine_priorities(environment, spec, selection);
  if (selection.list.accepted_count() == 0) return nothing_left(selection);

  auto label = policy::apply_precision_hint(spec.model.facts().label, spec.options.inference_precision.value_or(""));
  if (!label.is_ok()) return label.status();
  selection.label = std::move(label).value();
  BATON_RETURN_IF_ERROR(filter(spec, selection));

  selection.ranking = policy::rank(selection.list, selection.devices, {});
  std::vector<policy::PlanDevice> devices = plan_devices(environment, spec, selection);
  if (devices.empty()) return nothing_left(selection);
  BATON_RETURN_IF_ERROR(refuse_stateful(spec, selection));
  policy::PlanInput input = plan_input(environment, spec, selection, std::move(devices));
  use_records(environment, spec, selection, input);
  if (!dry_run) BATON_RETURN_IF_ERROR(ExecutableCache(environment, spec, selection).check());
  input.first_device = choose_first(environment, spec, selection, dry_run);
  selection.plan = policy::make_plan(input);
  use_cache(environment, spec, selection);
  add_notes(spec, selection);
  return selection;
}

}  // namespace baton::autodev
