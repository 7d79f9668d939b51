// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the library needs that the provider needs; built under a longer name than its soname.
extern "C" __attribute__((visibility("default"))) int baton_test_inner() { return 1; }
