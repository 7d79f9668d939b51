// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>

#include "base/status.h"
#include "model/model.h"

namespace baton::model {

/// Reads the structure of an ONNX model: ports, label, operators. Weights stay where they are, so a 100 MB file takes
/// milliseconds. Files with external data are checked for being there and long enough, and noted in `Source`.
/// Errors name the model and the cause: kInvalidArgument for a bad file, kUnsupported for ports that are no tensors.
/// REQUIRES: source.bytes.
base::Result<std::shared_ptr<const ModelData>> read_onnx(Source source);

}  // namespace baton::model
