// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// random_scenarios [--first SEED] [--count N] [--jobs N] [--replay SEED]
//
// Runs one scenario per seed, in several processes, and prints the seeds whose scenario broke an invariant.
// --replay tells one scenario in full. docs/testing.md says what is checked.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "random/invariants.h"

namespace {

using baton::test::World;

constexpr unsigned kLongestScenario = 60;  ///< seconds of real time; a scenario takes milliseconds

struct Arguments {
  std::uint64_t first = 1;
  std::uint64_t count = 10000;
  unsigned jobs = 2;
  bool replay = false;
};

/// What a worker process tells, also after it died.
struct Progress {
  volatile std::uint64_t seed;
  volatile std::uint64_t done;
  volatile std::uint64_t failed;
  volatile std::uint64_t answers;
  volatile std::uint64_t errors;
};

void print_failure(std::uint64_t seed, const std::vector<std::string>& texts) {
  std::string out =
      "FAILED seed " + std::to_string(seed) + "   (random_scenarios --replay " + std::to_string(seed) + ")\n";
  for (const std::string& text : texts) out += "    " + text + "\n";
  std::fputs(out.c_str(), stdout);
  std::fflush(stdout);
}

void count_answers(const World& world, Progress& progress) {
  std::uint64_t good = 0;
  std::uint64_t all = 0;
  for (const auto& story : world.stories()) {
    for (const auto& call : story->records) {
      all += call.answers.size();
      for (const auto& answer : call.answers) good += answer.status.is_ok() ? 1 : 0;
    }
  }
  progress.answers = progress.answers + good;
  progress.errors = progress.errors + all - good;
}

/// The stripe of one worker; a scenario that crashes or never ends takes the worker with it.
[[noreturn]] void work(const Arguments& arguments, unsigned stripe, std::uint64_t from, Progress& progress) {
  for (std::uint64_t i = from; i < arguments.count; ++i) {
    if (i % arguments.jobs != stripe) continue;
    progress.seed = arguments.first + i;
    alarm(kLongestScenario);
    World world(progress.seed);
    world.run();
    baton::test::judge(world);
    progress.done = progress.done + 1;
    count_answers(world, progress);
    if (world.verdict().good()) continue;
    progress.failed = progress.failed + 1;
    print_failure(progress.seed, world.verdict().texts());
  }
  std::fflush(stdout);
  _exit(0);
}

int run_all(const Arguments& arguments) {
  std::printf("random scenarios: seeds %llu to %llu, %u processes\n", static_cast<unsigned long long>(arguments.first),
              static_cast<unsigned long long>(arguments.first + arguments.count - 1), arguments.jobs);
  std::fflush(stdout);
  const auto began = std::chrono::steady_clock::now();
  void* const memory =
      mmap(nullptr, arguments.jobs * sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("mmap");
    return 1;
  }
  auto* const progress = static_cast<Progress*>(memory);
  std::vector<pid_t> workers(arguments.jobs);
  const auto launch = [&](unsigned stripe, std::uint64_t from) {
    workers[stripe] = fork();
    if (workers[stripe] == 0) work(arguments, stripe, from, progress[stripe]);
  };
  for (unsigned stripe = 0; stripe < arguments.jobs; ++stripe) launch(stripe, 0);
  int crashes = 0;
  for (unsigned running = arguments.jobs; running > 0;) {
    int status = 0;
    const pid_t ended = wait(&status);
    if (ended < 0) break;
    const auto stripe = static_cast<unsigned>(std::find(workers.begin(), workers.end(), ended) - workers.begin());
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      --running;
      continue;
    }
    const std::uint64_t seed = progress[stripe].seed;
    print_failure(seed, {WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "it does not end"
                                                                            : "the process died (see above)"});
    if (++crashes >= 50) break;
    launch(stripe, seed - arguments.first + 1);
  }
  std::uint64_t done = 0;
  std::uint64_t failed = static_cast<std::uint64_t>(crashes);
  std::uint64_t answers = 0;
  std::uint64_t errors = 0;
  for (unsigned stripe = 0; stripe < arguments.jobs; ++stripe) {
    done += progress[stripe].done;
    failed += progress[stripe].failed;
    answers += progress[stripe].answers;
    errors += progress[stripe].errors;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("%llu scenarios with %llu answers and %llu errors in %.1f s, %llu failed\n",
              static_cast<unsigned long long>(done), static_cast<unsigned long long>(answers),
              static_cast<unsigned long long>(errors), seconds, static_cast<unsigned long long>(failed));
  return failed == 0 && done == arguments.count ? 0 : 1;
}

void tell(const World& world) {
  const auto ms = [&](baton::base::TimePoint time) { return baton::base::to_ms(time - world.start()); };
  for (const auto& story : world.stories()) {
    std::printf("model %d: %s\n  compiled: %s\n", story->number, story->compile.to_string().c_str(),
                story->compiled.is_ok() ? "ok" : story->compiled.message().c_str());
    for (const auto& call : story->records) {
      for (const auto& answer : call.answers) {
        std::printf("  %10.3f answer: %s/%s generation %llu attempts %d, began %.3f, value %g %s%s\n", ms(answer.at),
                    answer.device.c_str(), answer.engine.c_str(), static_cast<unsigned long long>(answer.generation),
                    answer.attempts, ms(answer.began), static_cast<double>(answer.values[0]),
                    answer.status.message().c_str(), answer.cancelled ? " (cancelled)" : "");
      }
    }
  }
  for (const auto& entry : world.recorder().entries()) std::printf("  %s\n", entry.to_string().c_str());
}

int replay(std::uint64_t seed) {
  World world(seed, /*told=*/true);
  std::printf("seed %llu, %d cores\n%s\n", static_cast<unsigned long long>(seed), world.machine().cores,
              world.machine().script.c_str());
  std::fflush(stdout);
  world.run();
  baton::test::judge(world);
  tell(world);
  for (const std::string& text : world.verdict().texts()) std::printf("FAILED %s\n", text.c_str());
  std::printf("%s\n", world.verdict().good() ? "good" : "failed");
  return world.verdict().good() ? 0 : 1;
}

bool read(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (i + 1 >= argc) return false;
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--first") arguments.first = value;
    else if (name == "--count") arguments.count = value;
    else if (name == "--jobs" && value > 0) arguments.jobs = static_cast<unsigned>(value);
    else if (name == "--replay") arguments.first = value, arguments.replay = true;
    else return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!read(argc, argv, arguments)) {
    std::fprintf(stderr, "usage: random_scenarios [--first SEED] [--count N] [--jobs N] [--replay SEED]\n");
    return 2;
  }
  return arguments.replay ? replay(arguments.first) : run_all(arguments);
}
