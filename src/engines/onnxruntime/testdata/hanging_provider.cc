// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A provider library that never comes back from its registration.
#include <unistd.h>

extern "C" __attribute__((visibility("default"))) void* CreateEpFactories() {
  while (true) ::pause();
}
extern "C" __attribute__((visibility("default"))) void* ReleaseEpFactory() { return nullptr; }
