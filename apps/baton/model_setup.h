// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "baton/baton.hpp"
#include "commands.h"

namespace baton::tool {

/// "KEY=VALUE" texts as a map. Throws bench::UsageError for a text without '='.
AnyMap parse_properties(const std::vector<std::string>& texts);

/// "x[1,3,48,320]" texts, each of one shape or more ("x[1,64],y[1]"), as a map; the name is empty where none is given.
/// Throws bench::UsageError for other forms and for two shapes of one input.
std::map<std::string, PartialShape> parse_shapes(const std::vector<std::string>& texts);

/// Reads the model and gives its inputs the shapes that the options name.
std::shared_ptr<Model> read_model(const Core& core, const ModelOptions& options);

/// Gives every input of the request a tensor of pseudo-random numbers, the same at every call: floats in 0..1, integers
/// 0 or 1. An unknown batch dimension becomes 1; any other needs --shape: throws std::runtime_error that says so.
void fill_inputs(const CompiledModel& model, InferRequest& request);

}  // namespace baton::tool
