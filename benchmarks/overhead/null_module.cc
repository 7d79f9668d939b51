// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "null_engine.h"

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext&, std::vector<std::unique_ptr<baton::engine::Engine>>& engines,
                          baton::base::Status&) noexcept {
  engines.push_back(std::make_unique<baton::benchmark::NullEngine>());
}
