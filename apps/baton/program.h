// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

namespace baton::tool {

/// The whole program `baton`, for every front end: the C++ program and the command of the Python package. Prints to
/// stdout, what went wrong to stderr. Returns the exit status: 0 done, 1 failed, 2 wrong command line; `benchmark` has
/// those of benchmark_app. Throws nothing.
int baton_main(int argc, const char* const* argv);

}  // namespace baton::tool
