// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <openvino/frontend/manager.hpp>
#include <openvino/runtime/core.hpp>

namespace baton::engine::openvino {

/// The process's OpenVINO core, made at first need and never destroyed: compiles may outlive static objects
/// (design.md section 10). Throws what OpenVINO throws; the next call tries again.
ov::Core& shared_core();

/// The front ends, under the same rules: they keep the libraries of converted models open.
ov::frontend::FrontEndManager& shared_front_ends();

}  // namespace baton::engine::openvino
