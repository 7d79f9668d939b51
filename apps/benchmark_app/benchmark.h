// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

namespace baton::bench {

/// The whole program `benchmark_app`, so that other front ends (`baton benchmark` of the Python package) are the same
/// program: `argv[0]` is not looked at, options as docs/benchmark_app.md lists them. Prints to stdout, errors to
/// stderr. Returns the exit status: 0 done, 1 failed, 2 wrong command line, 130 interrupted by Ctrl-C (after the
/// report). Handles SIGINT while it runs and gives the former handler back. Throws nothing.
int benchmark_main(int argc, const char* const* argv);

}  // namespace baton::bench
