// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "interrupt.h"

namespace baton::bench {
namespace {

volatile std::sig_atomic_t noted = 0;  // the only thing that a handler may write

void note(int) { noted = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  noted = 0;
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one has the default effect
  sigaction(SIGINT, &action, &former_);
}

InterruptGuard::~InterruptGuard() { sigaction(SIGINT, &former_, nullptr); }

bool InterruptGuard::interrupted() { return noted != 0; }

}  // namespace baton::bench
