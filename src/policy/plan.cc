// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/plan.h"

#include <algorithm>
#include <tuple>

#include "policy/interim.h"

namespace baton::policy {
namespace {

using engine::EngineOnDevice;
using engine::Profile;

engine::Precision precision_of(const PlanDevice& device, const PlanInput& input) {
  return device.precision.value_or(input.accuracy ? engine::Precision::kFull : engine::Precision::kNative);
}

engine::Hint hint_of(const PlanDevice& device, const PlanInput& input) { return device.hint.value_or(input.hint); }

Pair make_pair(const PlanDevice& device, const EngineOnDevice& engine, Profile profile, const PlanInput& input) {
  return {device.name, engine.engine, engine.report.handle, profile, precision_of(device, input)};
}

std::optional<Record> record_of(const PlanInput& input, const Pair& pair, engine::Hint hint) {
  return input.records ? input.records(pair, hint) : std::nullopt;
}

/// Time of one inference as target, if a record may decide on it.
std::optional<double> run_on_record(const PlanInput& input, const PlanDevice& device, const EngineOnDevice& engine) {
  return deciding_run(record_of(input, make_pair(device, engine, Profile::kFull, input), hint_of(device, input)));
}

/// The user's list for a device: its own name beats its family. The only GPU is "GPU" and "GPU.0" (B-110).
const std::vector<std::string>* engine_list(const PlanDevice& device, const EnginePriorities& priorities) {
  const std::string with_id = device.id.empty() ? device.name : device.family + "." + device.id;
  if (auto own = priorities.find(with_id); own != priorities.end()) return &own->second;
  if (auto own = priorities.find(device.name); own != priorities.end()) return &own->second;
  if (auto family = priorities.find(device.family); family != priorities.end()) return &family->second;
  return nullptr;
}

bool has_label(const EngineOnDevice& engine, const std::string& label) {
  const auto& words = engine.report.capabilities;
  return label == "ANY" || std::find(words.begin(), words.end(), label) != words.end();
}

/// Position in the user's list; nullopt when the list leaves the engine out.
std::optional<std::size_t> listed_position(const std::vector<std::string>& list, const std::string& engine) {
  bool includes = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == engine) return i;
    if (list[i] == "-" + engine) return std::nullopt;
    includes |= !list[i].starts_with('-');
  }
  // Only exclusions: the rest stays, in the default order behind one another.
  return includes ? std::nullopt : std::optional(list.size());
}

class Planner {
 public:
  explicit Planner(const PlanInput& input) : input_(input) {}

  Plan run() {
    for (std::size_t d = 0; d < input_.devices.size(); ++d) add_targets(static_cast<int>(d));
    plan_.first_device = input_.first_device;
    plan_.few_cores = input_.cores < 4;
    if (input_.startup_fallback) add_helpers();
    return std::move(plan_);
  }

 private:
  RungSpec spec_of(int device, const EngineOnDevice& engine, Profile profile, engine::Hint hint) const {
    const Pair pair = make_pair(input_.devices[device], engine, profile, input_);
    const auto& ranks = engine.report.ranks;
    return {pair,
            hint,
            device,
            profile == Profile::kFast ? ranks.load_fast : ranks.load_full,
            ranks.run,
            engine.report.cpu_heavy_load,
            engine.report.exclusive_load,
            engine.report.stoppable_load,
            engine.report.lazy_first_run,
            record_of(input_, pair, hint)};
  }

  int add_rung(RungSpec spec) {
    for (std::size_t i = 0; i < plan_.rungs.size(); ++i) {
      if (plan_.rungs[i].pair == spec.pair && plan_.rungs[i].hint == spec.hint) return static_cast<int>(i);
    }
    plan_.rungs.push_back(std::move(spec));
    return static_cast<int>(plan_.rungs.size()) - 1;
  }

  void add_targets(int device) {
    const PlanDevice& d = input_.devices[device];
    DeviceRungs rungs{d.candidate, d.name, {}, std::nullopt};
    for (const EngineOnDevice& engine : order_engines(d, input_)) {
      rungs.rungs.push_back(add_rung(spec_of(device, engine, Profile::kFull, hint_of(d, input_))));
    }
    plan_.devices.push_back(std::move(rungs));
  }

  /// A way to help: the helper is always compiled for LATENCY (B-513).
  struct Help {
    EngineOnDevice engine;
    Profile profile = Profile::kFull;
    int declared = 0;
    std::optional<double> load_ms;  ///< on record
  };

  /// The pair of `device` that loads quickest (B-512).
  std::optional<Help> quickest(int device) const {
    const PlanDevice& d = input_.devices[device];
    std::vector<Help> ways;
    for (const EngineOnDevice& engine : order_engines(d, input_)) {
      for (const Profile profile : {Profile::kFast, Profile::kFull}) {
        const int declared = profile == Profile::kFast ? engine.report.ranks.load_fast : engine.report.ranks.load_full;
        if (declared < 0) continue;
        const auto record = record_of(input_, make_pair(d, engine, profile, input_), engine::Hint::kLatency);
        ways.push_back({engine, profile, declared, record ? deciding(record->load) : std::nullopt});
      }
    }
    if (ways.empty()) return std::nullopt;
    std::ranges::sort(ways, {}, [](const Help& way) { return std::tie(way.declared, way.engine.engine, way.profile); });
    order_by_record(std::span(ways), [](const Help& way) { return way.load_ms; });
    return ways.front();
  }

  /// The first device for which `is_helper` holds, if any, is asked to help.
  template <typename Predicate>
  void ask_for_help(Predicate is_helper) {
    const auto found = std::ranges::find_if(input_.devices, is_helper);
    if (found != input_.devices.end()) plan_.helper_devices.push_back(static_cast<int>(found - input_.devices.begin()));
  }

  /// Who can help, now and after a failure; and who helps at the start.
  void add_helpers() {
    plan_.helpers = true;
    for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
      if (const auto way = quickest(static_cast<int>(d)))
        plan_.devices[d].quickest = spec_of(static_cast<int>(d), way->engine, way->profile, engine::Hint::kLatency);
    }
    ask_for_help([&](const PlanDevice& device) { return device.name == input_.startup_device; });
    ask_for_help([](const PlanDevice& device) { return device.kind == engine::DeviceKind::kCpu; });
    if (plan_.devices.empty() || plan_.devices[input_.first_device].rungs.empty()) return;
    const RungSpec target = plan_.rungs[plan_.devices[input_.first_device].rungs.front()];
    const auto helper = choose_helper(plan_, target, [](int) { return true; });
    if (!helper) return;
    plan_.helper = add_rung(*helper);
    plan_.defer_target = load_waits(plan_, target);
    choose_interim(plan_);
    if (target.hint != engine::Hint::kLatency)
      plan_.notes.push_back("the helper is compiled for LATENCY whatever the hint");
    if (plan_.defer_target) {
      plan_.notes.push_back(
          std::string(load_takes_a_core(plan_, target) ? "fewer than 4 cores" : "it holds up other loads") +
          ": loading " + to_string(target.pair) + " begins after the helper's first answer");
    }
  }

  const PlanInput& input_;
  Plan plan_;
};

}  // namespace

std::vector<EngineOnDevice> order_engines(const PlanDevice& device, const PlanInput& input) {
  struct Place {
    bool without_label;
    std::size_t listed;
    auto operator<=>(const Place&) const = default;
  };
  struct Way {
    Place place;
    std::optional<double> run_ms;
    EngineOnDevice engine;
  };
  const std::vector<std::string>* list = engine_list(device, input.engine_priorities);
  std::vector<Way> ways;
  for (const EngineOnDevice& engine : device.engines) {
    const auto listed = list ? listed_position(*list, engine.engine) : std::optional<std::size_t>(0);
    if (!listed) continue;
    ways.push_back({{!has_label(engine, input.label), *listed}, run_on_record(input, device, engine), engine});
  }
  std::sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) {
    return std::tie(a.place, a.engine.report.ranks.run, a.engine.engine) <
           std::tie(b.place, b.engine.report.ranks.run, b.engine.engine);
  });
  // Records decide only where neither the label nor the user's list has decided.
  for (auto begin = ways.begin(); begin != ways.end();) {
    const auto end = std::find_if(begin, ways.end(), [&](const Way& way) { return way.place != begin->place; });
    order_by_record(std::span(begin, end), [](const Way& way) { return way.run_ms; });
    begin = end;
  }
  std::vector<EngineOnDevice> ordered;
  for (Way& way : ways) ordered.push_back(std::move(way.engine));
  return ordered;
}

std::vector<DeviceOnRecord> devices_on_record(const PlanInput& input) {
  std::vector<DeviceOnRecord> devices;
  for (const PlanDevice& device : input.devices) {
    std::optional<double> best;
    for (const EngineOnDevice& engine : order_engines(device, input)) {
      const auto run_ms = run_on_record(input, device, engine);
      if (run_ms) best = std::min(best.value_or(*run_ms), *run_ms);
    }
    if (best) devices.push_back({device.identity, device.name, *best});
  }
  return devices;
}

bool records_matter(std::span<const PlanDevice> devices) {
  const auto ways = [](const PlanDevice& device) {
    std::size_t count = device.engines.size();
    for (const EngineOnDevice& engine : device.engines) count += engine.report.ranks.load_fast >= 0 ? 1 : 0;
    return count;
  };
  return devices.size() > 1 || (devices.size() == 1 && ways(devices.front()) > 1);
}

std::optional<RungSpec> choose_helper(const Plan& plan, const RungSpec& target,
                                      const std::function<bool(int device)>& may_help) {
  std::vector<int> devices = plan.helper_devices;
  devices.push_back(target.device);
  for (const int device : devices) {
    const std::optional<RungSpec>& way = plan.devices[device].quickest;
    if (!way || !may_help(device)) continue;
    // The target itself is what loads quickest (B-512): nothing helps.
    return way->pair == target.pair ? std::nullopt : way;
  }
  return std::nullopt;
}

bool load_takes_a_core(const Plan& plan, const RungSpec& rung) { return rung.cpu_heavy_load && plan.few_cores; }

bool load_waits(const Plan& plan, const RungSpec& target) {
  return target.exclusive_load || load_takes_a_core(plan, target);
}

Plan make_plan(const PlanInput& input) { return Planner(input).run(); }

}  // namespace baton::policy
