// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A provider library that crashes when it is registered.
#include <csignal>

extern "C" __attribute__((visibility("default"))) void* CreateEpFactories() {
  std::raise(SIGSEGV);
  return nullptr;
}
extern "C" __attribute__((visibility("default"))) void* ReleaseEpFactory() { return nullptr; }
