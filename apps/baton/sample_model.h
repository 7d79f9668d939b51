// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>

namespace baton::tool {

/// The bytes of an ONNX model made on the spot, for demonstrations without any file: a convolutional network with
/// pseudo-random weights (about 5 MB, 0.6 billion multiplications), input "picture" f32 [1,3,224,224], output "scores"
/// f32 [1,1000]. The same bytes at every call.
std::string sample_model();

}  // namespace baton::tool
