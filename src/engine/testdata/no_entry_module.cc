// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A module of some other interface.
extern "C" __attribute__((visibility("default"))) void baton_engine_module_v0() {}
