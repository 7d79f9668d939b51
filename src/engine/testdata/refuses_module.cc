// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A module that cannot work here and says why.
#include "engine/engine.h"

namespace {
int opened = 0;
}

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext&, std::vector<std::unique_ptr<baton::engine::Engine>>&,
                          baton::base::Status& status)
noexcept {
  status =
      baton::base::Status::unavailable("library is release 1.2, expected 3.4 (time " + std::to_string(++opened) + ")");
}
