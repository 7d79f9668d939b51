// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "baton/tensor.hpp"
#include "engine/registry.h"
#include "runtime/port_table.h"

namespace baton::runtime {

/// Reads a model's structure: ONNX by Baton itself, other formats by the first engine that says it reads them. Every
/// failure names the model and the cause (B-1403). REQUIRES: `registry` outlives the table.
base::Result<std::shared_ptr<Port::Table>> read_model(engine::Registry& registry, const std::string& path,
                                                      const std::string& weights_path);
/// The same for a model in memory. The weights are shared, not copied; the model's own bytes are copied.
base::Result<std::shared_ptr<Port::Table>> read_model(engine::Registry& registry, const std::string& model,
                                                      const Tensor& weights);

}  // namespace baton::runtime
