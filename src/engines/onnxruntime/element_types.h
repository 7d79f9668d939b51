// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <onnxruntime_c_api.h>

#include "baton/element_type.hpp"

namespace baton::engine::onnxruntime {

/// `dynamic` for what Baton has no type for (complex numbers).
element::Type from_ort(ONNXTensorElementDataType type);

}  // namespace baton::engine::onnxruntime
