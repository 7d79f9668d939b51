// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The library that the module "needy" is linked with; not in the folder where the module looks by itself.
extern "C" __attribute__((visibility("default"))) int baton_test_absent() { return 1; }
