// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "benchmark.h"

int main(int argc, char** argv) { return baton::bench::benchmark_main(argc, argv); }
