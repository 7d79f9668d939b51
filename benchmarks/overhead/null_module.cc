// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "null_engine.h"

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext&,
                          std::vector<std::unique_ptr<baton::engine::Engine>>& engines, baton::base::Status&)
noexcept {
  using namespace baton::benchmark;
  engines.push_back(std::make_unique<NullEngine>("null", kTargetLoad, Duration::zero()));
  engines.push_back(std::make_unique<NullEngine>("null.helper", Duration::zero(), kHelperRun));
}
