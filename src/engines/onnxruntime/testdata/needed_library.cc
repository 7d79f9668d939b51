// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a provider needs and its package brings; built under a longer name than its soname.
extern "C" int baton_test_inner();

extern "C" __attribute__((visibility("default"))) int baton_test_needed() { return baton_test_inner(); }
