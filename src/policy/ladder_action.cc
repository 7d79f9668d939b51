// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/ladder_action.h"

#include <utility>

namespace baton::policy {

Action emission(Event event, int rung, const Pair* about) {
  if (about != nullptr) {
    event.device = about->device;
    event.engine = about->engine;
    event.profile = to_string(about->profile);
  }
  Action action{.kind = Action::Kind::kEmit};
  action.rung = rung;
  action.event = std::move(event);
  return action;
}

}  // namespace baton::policy
