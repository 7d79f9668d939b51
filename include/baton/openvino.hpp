// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Lets code written for OpenVINO's C++ API build as it stands: include this instead of openvino/openvino.hpp. Not to be
// mixed with OpenVINO's own headers in one source file; linking both libraries into one program is fine.
#pragma once

#include "baton/baton.hpp"

/// Where the API of 2022 kept these names.
namespace baton::runtime {

using baton::CompiledModel;
using baton::Core;
using baton::InferRequest;
using baton::Tensor;

}  // namespace baton::runtime

namespace ov = baton;
