// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "auto/loaded_rung.h"
#include "auto/sample.h"
#include "base/executor.h"

namespace baton::autodev {

/// One run of a rung that nothing can be compared with (a probe while nothing serves, B-624). `done` is called once,
/// without locks: with the run's failure, or as lost after 10 s (B-538). Values that were made up may be outside what
/// the model accepts: such a refusal says that the device works.
void warm_up(base::Executor& executor, std::shared_ptr<LoadedRung> rung, std::shared_ptr<Sample> sample,
             std::size_t outputs, std::function<void(base::Status)> done);

}  // namespace baton::autodev
