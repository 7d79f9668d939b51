// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <optional>

#include "model/batch_trace.h"

namespace baton::model {

/// Graphs compute with lengths what others have as constants: the shape of a value, an element of that, joined with
/// other lengths to a new shape. Which of them tell the number of items is followed here. nullopt: something else is
/// made of them.
std::optional<BatchValue> lengths_of(const BatchGraph& graph, const BatchNode& node);

}  // namespace baton::model
