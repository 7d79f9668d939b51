// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "shared_core.h"

namespace baton::engine::openvino {

ov::Core& shared_core() {
  static auto* core = new ov::Core;
  return *core;
}

ov::frontend::FrontEndManager& shared_front_ends() {
  static auto* manager = new ov::frontend::FrontEndManager;
  return *manager;
}

}  // namespace baton::engine::openvino
