// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a Ladder is made of, what it is told and what it orders.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "base/status.h"
#include "policy/event.h"
#include "policy/plan.h"
#include "policy/suspension.h"

namespace baton::policy {

struct LadderOptions {
  bool hold = false;                                  ///< HANDOVER_HOLD
  bool keep_helper = false;                           ///< KEEP_HELPER
  bool second_look = true;                            ///< SECOND_LOOK, and there is something a second look may decide
  bool free_shapes = false;                           ///< input shapes may change from request to request
  bool second_look_across_devices = true;             ///< default lists only: an explicit order of devices is an order
  base::Duration compile_timeout{0};                  ///< 0: none
  base::Duration startup_grace{0};                    ///< what a target from the cache may take (B-1011)
  base::Duration recovery_backoff = kDefaultBackoff;  ///< 0: what failed never returns
  bool fail_over = true;     ///< B-622: otherwise a lost device is waited for, and nothing else is tried
  bool stateful = false;     ///< a return begins with the initial state (B-1106)
  std::string tag = "AUTO";  ///< in error texts: AUTO, or MULTI
};

enum class RungState {
  kAbsent,     ///< never loaded
  kPreparing,  ///< being loaded
  kVerifying,  ///< loaded; being warmed up and checked off the serving path
  kReady,      ///< checked; waits for the hold to end, or kept as an idle helper
  kServing,    ///< takes new requests
  kDraining,   ///< takes none; some still run on it
  kReleased,   ///< served or was checked, and is gone
  kFailed,     ///< could not be loaded, or was refused
};

std::string_view to_string(RungState state);

/// One rung as the ladder sees it.
struct Rung {
  RungSpec spec;
  RungState state = RungState::kAbsent;
  std::optional<Reason> refusal;          ///< why it failed, or was not taken in a second look
  std::string text;                       ///< one sentence to that
  std::map<std::string, double> figures;  ///< "load_ms", "helper_ms", "target_ms", "ratio", "error", ...
};

/// The outcome of checking a newcomer against the serving rung (B-530 to B-538, B-553).
struct CheckResult {
  bool passed = false;
  Reason reason = Reason::kSelected;  ///< when refused: kOutputMismatch, kSlowerThanHelper, kWarmupFailed
  std::string text;
  std::map<std::string, double> figures;
  bool lowered_precision = false;  ///< the newcomer computed in less than full precision
};

/// One thing for the shell to do, in order.
struct Action {
  enum class Kind {
    kOpenEngine,   ///< `rung` will be loaded in a moment: open its engine's libraries until kCancelLoad; no answer
    kLoad,         ///< load `rung`; answer with `loaded`
    kCancelLoad,   ///< the result of loading `rung` is not wanted any more
    kCheck,        ///< check `rung` against `other`; answer with `checked`. `second_look`: in idle time, limit of B-553
    kWarmUp,       ///< one run of `rung`, which nothing serves to be checked against, or whose first run takes long;
                   ///< answer with `warmed`
    kCancelCheck,  ///< stop checking `rung`
    kPublish,      ///< `rung` serves from now on; `other` (or -1) drains; answer with `drained`
    kRetire,   ///< `rung` served or drains on a device that failed: it takes nothing more and goes with its last run
    kRelease,  ///< destroy `rung`'s executable in the background; answer with `released`
    kChooseDevice,  ///< occupancy's turn (B-601): answer with `device_chosen` out of `devices`
    kAskDevice,     ///< may this model go to `device` (B-630)? `claim`: register it there instead of where it is;
                    ///< `force`: whoever holds it. Answer with `device_answered`
    kLeaveDevice,   ///< the target device's registration ends (B-604)
    kStartTimer,    ///< answer with `timer(timer, rung)` at `time`; for kProbe `rung` is a device
    kWatchIdle,     ///< answer with `idle` as soon as no request came for 50 ms, at `time` at the latest
    kSettled,       ///< start-up work is over: let go of what only start-up needed
    kFail,          ///< nothing can serve: `status`
    kEmit,          ///< tell the listeners `event`
  };
  Kind kind;
  int rung = -1;
  int other = -1;
  bool second_look = false;
  bool speed_check = true;
  int device = -1;  ///< index into Plan::devices
  bool claim = false;
  bool force = false;
  enum class Timer { kDeferredTarget, kLoadTimeout, kStartupGrace, kProbe } timer = Timer::kDeferredTarget;
  base::TimePoint time{};
  std::vector<int> devices;
  std::uint64_t ticket = 0;  ///< the shell's: tells what was ordered last from what came before
  base::Status status;
  std::optional<Event> event;
};

using Actions = std::vector<Action>;

/// kEmit: `event` with the names of `about`, which is `rung`'s pair; null: it is about no rung.
Action emission(Event event, int rung, const Pair* about);

}  // namespace baton::policy
