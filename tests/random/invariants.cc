// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "random/invariants.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "policy/failure.h"

namespace baton::test {
namespace {

using autodev::CheckMode;
using base::StatusCode;
using policy::Event;
using policy::EventType;
using What = sim::Entry::What;

using Place = std::pair<std::string, std::string>;  ///< device, engine

bool same(const std::array<float, 4>& a, const std::array<float, 4>& b) {
  return std::memcmp(a.data(), b.data(), sizeof a) == 0;
}

/// Everything about one compiled model.
class Judge {
 public:
  Judge(World& world, const ModelStory& story)
      : world_(world), story_(story), options_(story.compile.options), script_(world.machine().parsed) {}

  void run() {
    check_compile();
    for (const CallRecord& call : story_.records) {
      if (call.in_flight || call.starts != static_cast<int>(call.answers.size())) {
        fail("a request was started " + std::to_string(call.starts) + " times and completed " +
             std::to_string(call.answers.size()) + " times");
      }
      for (const Answer& answer : call.answers) {
        if (answer.status.is_ok()) check_value(call, answer);
        else check_error(answer);
      }
    }
    if (story_.multi) return check_members();
    read_publications();
    check_hand_overs();
  }

 private:
  void fail(const std::string& text) {
    world_.verdict().fail(story_.name() + " (" + story_.compile.device + "): " + text);
  }
  double ms(base::TimePoint time) const { return base::to_ms(time - world_.start()); }

  /// A device where nothing can go wrong, for this model. Limits of time make every device one where something can.
  bool has_healthy_device() const {
    if (options_.compile_timeout_ms > 0 || options_.infer_timeout_ms > 0) return false;
    return std::any_of(story_.accepted.begin(), story_.accepted.end(),
                       [&](const std::string& device) { return world_.machine().healthy(full_name(device)); });
  }
  /// "GPU" where the machine has one: "GPU.1".
  std::string full_name(const std::string& device) const {
    for (const sim::DeviceScript& known : script_.devices) {
      if (known.report.name == device) return device;
    }
    for (const sim::DeviceScript& known : script_.devices) {
      if (known.report.name.starts_with(device + ".")) return known.report.name;
    }
    return device;
  }

  /// B-602, B-605: something that loads is enough.
  void check_compile() {
    if (story_.compiled.is_ok()) return;
    if (story_.compiled.message().empty()) fail("compile failed without a word");
    if (story_.compiled.code() != StatusCode::kCompileFailed || options_.compile_timeout_ms > 0) return;
    const std::string& list = story_.compile.device;
    for (const sim::DeviceScript& device : script_.devices) {
      const std::string& name = device.report.name;
      const bool excluded = list.find("-") != std::string::npos;
      const bool listed = list == "AUTO" || list.find(name) != std::string::npos;
      if (listed && !excluded && world_.machine().healthy(name))
        fail("compile failed although " + name + " works: " + story_.compiled.message());
    }
  }

  /// Right answers: those of the pair that is said to have run the request. With a comparison of outputs, wrong ones
  /// may come from where there was nothing to compare with.
  void check_value(const CallRecord& call, const Answer& answer) {
    bool explained = false;
    for (const sim::Pair& pair : script_.pairs) {
      if (script_.engines[pair.engine].name != answer.engine) continue;
      if (script_.devices[pair.device].report.name != full_name(answer.device)) continue;
      explained = explained || same(answer.values, call.expected(pair.native.output_error)) ||
                  same(answer.values, call.expected(pair.full_precision.output_error));
    }
    if (!explained) fail("a value that " + answer.device + "/" + answer.engine + " does not compute");
    if (answer.generation == 0) fail("an answer of an executable that never served");
    if (story_.multi) return;
    rights_[answer.generation].insert(is_right(call, answer));
    answered_by_[answer.generation].insert({answer.device, answer.engine});
  }

  static bool is_right(const CallRecord& call, const Answer& answer) {
    const auto right = call.expected({});
    for (std::size_t i = 0; i < right.size(); ++i) {
      if (!(std::abs(answer.values[i] - right[i]) <= 1e-3f)) return false;
    }
    return true;
  }

  /// An error says what was tried, and only what can fail fails.
  void check_error(const Answer& answer) {
    const base::Status& status = answer.status;
    if (status.code() == StatusCode::kCancelled) {
      if (!answer.cancelled && !answer.closed) fail("a request was cancelled by nobody: " + status.message());
      return;
    }
    const std::string start = "inference failed after " + std::to_string(status.attempts().size()) + " attempts: ";
    // A request that cannot even begin says so: its state is gone (B-1106).
    if (!status.message().starts_with(start) && !story_.compile.stateful)
      fail("an error that does not list its attempts: " + status.message());
    if (status.attempts().size() < static_cast<std::size_t>(answer.attempts))
      fail("an error that lists too few attempts: " + status.message());
    for (const base::FailedAttempt& attempt : status.attempts()) check_attempt(attempt, status);
    check_given_up(answer);
  }

  void check_attempt(const base::FailedAttempt& attempt, const base::Status& status) {
    const bool limited = options_.infer_timeout_ms > 0 || options_.compile_timeout_ms > 0;
    if (!limited && !hangs_here() && !world_.machine().can_fail(full_name(attempt.device)) && late_enough(status))
      fail("a device that cannot fail is said to have failed: " + status.message());
  }
  /// A check that hangs is given up after 10 s, whatever hangs.
  bool hangs_here() const { return world_.machine().run_hangs || world_.machine().load_hangs; }
  bool late_enough(const base::Status& status) const {
    return status.message().find(" is lost") == std::string::npos;  // at the end of time every device is
  }

  /// B-611, B-614: as long as a device works and attempts are left, a request is not given up.
  void check_given_up(const Answer& answer) {
    const base::Status& status = answer.status;
    if (status.code() == StatusCode::kInvalidArgument || answer.closed || !late_enough(status)) return;
    if (!options_.runtime_fallback || options_.bind_buffer || story_.compile.stateful) return;
    const bool aims_at_one = !story_.compile.device.starts_with("AUTO") && !story_.compile.device.starts_with("MULTI");
    // What is compared with something wrong is refused for good.
    const bool may_be_refused = options_.output_check != CheckMode::kOff && options_.output_check != CheckMode::kWarn &&
                                !world_.machine().all_agree();
    if (may_be_refused || aims_at_one || story_.accepted.size() < 2 || hangs_here() || !has_healthy_device()) return;
    const std::size_t limit = policy::attempt_limit(options_.max_attempts, story_.accepted.size());
    if (status.attempts().size() < limit) fail("a request was given up although a device works: " + status.message());
  }

  // -------------------------------------------------------------------------------------------------------------------
  // One executable serves

  struct Publication {
    Place place;
    bool compared = false;  ///< a hand-over from something else, after a comparison
  };

  static std::string pair_of(const Event& event) { return event.device + "/" + event.engine + "/" + event.profile; }

  /// A newcomer serves after a check that it passed; after a failure whatever was not refused may.
  void read_publications() {
    std::map<std::string, std::optional<bool>> checked;  // since the pair's last load
    std::set<std::string> suspended;
    std::set<std::string> served;
    std::set<std::string> unchecked;
    std::set<Place> loaded;
    for (const Event& event : story_.events) {
      const std::string pair = pair_of(event);
      switch (event.type) {
        case EventType::kLoadStarted: checked[pair].reset(); break;
        case EventType::kLoadFinished: loaded.insert({event.device, event.engine}); break;
        case EventType::kCheckDone:
          checked[pair] = event.reason.empty();
          if (event.text.starts_with("unchecked")) unchecked.insert(pair);  // B-1110
          break;
        case EventType::kDeviceSuspended: suspended.insert(event.device); break;
        case EventType::kProbeDone:
          if (event.reason.empty()) suspended.erase(event.device);
          break;
        case EventType::kHelperReady:
        case EventType::kSwitched:
        case EventType::kReturned: {
          const bool hand_over = event.text.starts_with("from ");
          if (hand_over && checked[pair] != true) fail(pair + " serves without a check");
          // A pair that has served may have been refused in another configuration since (THROUGHPUT after LATENCY).
          if (served.insert(pair).second && checked[pair] == false) fail(pair + " serves although it was refused");
          if (suspended.contains(event.device)) fail(pair + " serves although its device is suspended");
          if (!publications_
                   .emplace(event.generation,
                            Publication{{event.device, event.engine}, hand_over && !unchecked.contains(pair)})
                   .second)
            fail("two executables are generation " + std::to_string(event.generation));
          break;
        }
        default: break;
      }
    }
    for (const auto& [generation, places] : answered_by_) {
      const auto published = publications_.find(generation);
      // The first one is told of only if it is a helper.
      const bool fits = published != publications_.end()
                            ? places == std::set<Place>{published->second.place}
                            : generation == 1 && places.size() == 1 && loaded.contains(*places.begin());
      if (!fits) fail("an answer of generation " + std::to_string(generation) + " by something else than what served");
    }
  }

  /// B-531: a switch never takes the users from right values to wrong ones, nor back, when outputs are compared.
  void check_hand_overs() {
    const bool compares = options_.output_check == CheckMode::kRefuse || options_.output_check == CheckMode::kAuto;
    for (const auto& [generation, rights] : rights_) {
      const auto published = publications_.find(generation);
      const auto before = rights_.find(generation - 1);
      if (!compares || published == publications_.end() || !published->second.compared || before == rights_.end())
        continue;
      if (before->second != rights)
        fail("values of generation " + std::to_string(generation) + " differ from those of the one before");
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Several devices serve

  bool overlaps(const std::string& engine) const {
    return std::any_of(script_.engines.begin(), script_.engines.end(), [&](const sim::EngineScript& known) {
      return known.name == engine && known.concurrency == engine::Concurrency::kParallel && known.serial_group.empty();
    });
  }

  /// No request that is started between a device's suspension and its return runs there. (One that was started before
  /// may have been given to the device and begin late: virtual time has one thread, which another's run may hold.)
  void check_members() {
    std::map<std::string, std::vector<std::pair<base::TimePoint, bool>>> changes;
    std::map<std::string, std::optional<bool>> checked;
    for (const Event& event : story_.events) {
      const std::string pair = pair_of(event);
      if (event.type == EventType::kLoadStarted) checked[pair].reset();
      if (event.type == EventType::kCheckDone) checked[pair] = event.reason.empty();
      if (event.type == EventType::kDeviceSuspended) changes[event.device].emplace_back(event.time, false);
      if (event.type != EventType::kDeviceJoined) continue;
      if (checked[pair] != true) fail(pair + " joined without its warm-up");
      changes[event.device].emplace_back(event.time, true);
    }
    for (const CallRecord& call : story_.records) {
      for (const Answer& answer : call.answers) check_member_run(answer, changes);
    }
  }

  void check_member_run(const Answer& answer,
                        const std::map<std::string, std::vector<std::pair<base::TimePoint, bool>>>& changes) {
    if (!answer.status.is_ok() || options_.allow_auto_batching || !overlaps(answer.engine)) return;
    const auto found = changes.find(answer.device);
    if (found == changes.end()) return;
    bool serves = true;
    for (const auto& [time, joined] : found->second) {
      if (time < answer.started) serves = joined;
      else if (joined && time <= answer.at) serves = true;  // it waited for the return
    }
    if (!serves)
      fail("a request started at " + std::to_string(ms(answer.started)) + " ms ran on " + answer.device +
           ", which is suspended");
  }

  World& world_;
  const ModelStory& story_;
  const autodev::Options& options_;
  const sim::Script& script_;
  std::map<std::uint64_t, Publication> publications_;
  std::map<std::uint64_t, std::set<Place>> answered_by_;
  std::map<std::uint64_t, std::set<bool>> rights_;
};

/// The hardware's view: runs that may not overlap did not, and what was loaded was released once.
void check_record(World& world) {
  std::map<std::uint64_t, int> alive;
  int runs = 0;
  for (const sim::Entry& entry : world.recorder().entries()) {
    switch (entry.what) {
      case What::kLoadEnded:
        if (entry.code == StatusCode::kOk) ++alive[entry.executable];
        break;
      case What::kReleased: --alive[entry.executable]; break;
      case What::kRunStarted:
        ++runs;
        if (alive[entry.executable] != 1)
          world.verdict().fail("a run on an executable that is gone: " + entry.to_string());
        break;
      case What::kRunEnded: --runs; break;
      case What::kOverlap: world.verdict().fail("runs overlap that may not: " + entry.to_string()); break;
      default: break;
    }
  }
  if (runs != 0) world.verdict().fail(std::to_string(runs) + " runs never ended");
  for (const auto& [number, count] : alive) {
    if (count != 0) world.verdict().fail("executable " + std::to_string(number) + " was not released once");
  }
}

}  // namespace

void judge(World& world) {
  for (const auto& story : world.stories()) Judge(world, *story).run();
  check_record(world);
}

}  // namespace baton::test
