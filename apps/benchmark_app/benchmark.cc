// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "benchmark.h"

#include <unistd.h>

#include <exception>
#include <iostream>
#include <span>

#include "benchmark_run.h"
#include "interrupt.h"
#include "options.h"

namespace baton::bench {

int benchmark_main(int argc, const char* const* argv) {
  try {
    const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
    const ParsedCommandLine parsed = parse_command_line(arguments.subspan(argc > 0 ? 1 : 0));
    if (parsed.exit) {
      (*parsed.exit == 0 ? std::cout : std::cerr) << parsed.text << std::flush;
      return *parsed.exit;
    }
    const InterruptGuard interrupts;
    Console console(std::cout, std::cerr, isatty(STDOUT_FILENO) == 1);
    const int status = BenchmarkRun(parsed.options, console).run();
    std::cout.flush();
    return status;
  } catch (const std::exception& error) {  // what no step can be blamed for: out of memory, a broken pipe
    std::cerr << "[ ERROR ] " << error.what() << std::endl;
    return 1;
  }
}

}  // namespace baton::bench
