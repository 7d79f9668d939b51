// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>

#include "base/status.h"
#include "baton/any.hpp"
#include "runtime/compiled_handle.h"

namespace baton::runtime {

/// What a compiled model answers (B-231 to B-241); every value is of one phase. kInvalidArgument for a key it does not
/// have.
base::Result<Any> compiled_property(const CompiledModel::Handle& model, const std::string& key);

/// B-251: kNotImplemented for a key that cannot be changed any more.
base::Status set_compiled_properties(CompiledModel::Handle& model, const AnyMap& properties);

}  // namespace baton::runtime
