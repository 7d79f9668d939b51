// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A module that is linked with a library: absent, or found through "preload" in its manifest.
#include "engine/engine.h"

extern "C" int baton_test_absent();

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext&, std::vector<std::unique_ptr<baton::engine::Engine>>&,
                          baton::base::Status& status)
noexcept {
  status = baton::base::Status::unavailable("opened with its library " + std::to_string(baton_test_absent()));
}
