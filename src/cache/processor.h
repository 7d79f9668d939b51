// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>

namespace baton::cache {

/// A name for what this machine's processor can do (its instruction sets), the same in every process; read once. Empty
/// where the system does not say.
const std::string& processor_features();

}  // namespace baton::cache
