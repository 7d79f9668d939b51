// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/registry.h"
#include "model/model.h"

namespace baton::runtime {

/// The names of the model's nodes that every one of the devices can run; devices whose engines cannot tell are left
/// out (B-259). kNotImplemented: none of them can tell.
base::Result<std::set<std::string>> supported_nodes(engine::Registry& registry, const std::vector<std::string>& devices,
                                                    const model::Model& model);

}  // namespace baton::runtime
