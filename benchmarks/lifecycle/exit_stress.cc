// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Ends processes at random moments while engines compile and run (B-548): each child must end by itself, with its own
// exit status, without a signal or a word on stderr, within the time that exit may wait. Exit status: 0; 1 when a child
// did otherwise; 2 for a wrong command line.
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <thread>
#include <vector>

#include "workload.h"

extern char** environ;

namespace lifecycle {
namespace {

constexpr int kStatus = 42;            // what every child ends with
constexpr double kExitLimitMs = 2500;  // B-548: 2 s of waiting, and the way to it
constexpr std::chrono::seconds kPatience{60};

/// What goes on when the process ends.
enum class Work { kMainOnly, kThreads, kCallbacks, kCompiling };
constexpr const char* kWorkNames[] = {"main thread only", "threads infer", "callbacks restart", "a thread compiles"};
constexpr int kWorks = 4;

// --- the child -------------------------------------------------------------------------------------------------------

/// Lives until the process ends: what other threads use is never destroyed under them.
struct Everything {
  baton::Core core;
  std::shared_ptr<baton::Model> model;
  baton::CompiledModel compiled;
  std::vector<baton::InferRequest> requests;
};

void keep_busy(Everything& all, Work work) {
  if (work != Work::kThreads && work != Work::kCallbacks) return;
  for (int i = 0; i < 2; ++i) all.requests.push_back(make_request(all.compiled));
  for (baton::InferRequest& request : all.requests) {
    if (work == Work::kThreads) {
      std::thread([&request] {
        while (true) request.infer();
      }).detach();  // as careless applications do
    } else {
      request.set_callback([&request](std::exception_ptr) { request.start_async(); });
      request.start_async();
    }
  }
}

/// The parent computes the length of the exit from this.
void tell_moment() {
  const auto now = Clock::now().time_since_epoch().count();
  if (write(STDOUT_FILENO, &now, sizeof now) != sizeof now) std::abort();
}

int child(const Options& options) {
  Chance chance(options.seed);
  const auto work = static_cast<Work>(chance.below(kWorks));
  const bool by_return = chance.below(2) == 1;
  const auto moment = Clock::now() + std::chrono::duration_cast<Clock::duration>(chance.up_to(options.span_ms));
  if (work ==
      Work::kMainOnly) {  // everything is destroyed on the way out of this block, or never when exit() is called
    Everything all;
    all.model = read_model(all.core, options);
    all.compiled = compile(all.core, all.model, options, chance);
    baton::InferRequest request = make_request(all.compiled);
    while (Clock::now() < moment) request.infer();
    tell_moment();
    if (by_return) return kStatus;
    std::exit(kStatus);
  }
  auto* all = new Everything;
  all->model = read_model(all->core, options);
  if (work == Work::kCompiling) {
    std::thread([all, options, seed = static_cast<unsigned>(chance.below(1 << 20))] {
      Chance own(seed);
      while (true) all->compiled = compile(all->core, all->model, options, own);
    }).detach();
  } else {
    all->compiled = compile(all->core, all->model, options, chance);
    keep_busy(*all, work);
  }
  std::this_thread::sleep_until(moment);
  tell_moment();
  if (by_return) return kStatus;
  std::exit(kStatus);
}

// --- the parent ------------------------------------------------------------------------------------------------------

struct Outcome {
  std::string end;    ///< "status 42", "signal 11", "hangs"
  std::string words;  ///< what it said on stderr
  double exit_ms = 0;
};

struct Pipe {
  int ends[2];
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  }
};

/// All bytes until the writer closes, or until the deadline; false for the latter.
bool read_all(int fd, std::string& bytes, Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd wanted{fd, POLLIN, 0};
    if (left <= 0 || poll(&wanted, 1, static_cast<int>(left)) <= 0) return false;
    char buffer[4096];
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got <= 0) return true;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

std::vector<std::string> child_arguments(const Options& options, unsigned seed) {
  std::vector<std::string> arguments{"exit_stress",        "--child",     "--seed",
                                     std::to_string(seed), "--span",      std::to_string(options.span_ms),
                                     "--device",           options.device};
  if (!options.model.empty()) arguments.insert(arguments.end(), {"--model", options.model});
  return arguments;
}

Outcome run_child(const Options& options, unsigned seed) {
  Pipe moment_pipe, error_pipe;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, moment_pipe.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error_pipe.ends[1], STDERR_FILENO);
  auto arguments = child_arguments(options, seed);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(moment_pipe.ends[1]);
  close(error_pipe.ends[1]);
  if (failed) throw std::runtime_error("posix_spawn failed");

  Outcome outcome;
  std::string moment;
  const auto deadline = Clock::now() + kPatience;
  const bool ended =
      read_all(error_pipe.ends[0], outcome.words, deadline) && read_all(moment_pipe.ends[0], moment, deadline);
  if (!ended) kill(pid, SIGKILL);
  int status = 0;
  waitpid(pid, &status, 0);
  const auto now = Clock::now().time_since_epoch();
  close(moment_pipe.ends[0]);
  close(error_pipe.ends[0]);
  if (decltype(now)::rep began = 0; moment.size() == sizeof began) {
    moment.copy(reinterpret_cast<char*>(&began), sizeof began);
    outcome.exit_ms = Milliseconds(now - decltype(now)(began)).count();
  }
  outcome.end = !ended                ? "hangs"
                : WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                      : "status " + std::to_string(WEXITSTATUS(status));
  return outcome;
}

int run(const Options& options) {
  std::printf("exit_stress --seed %u --count %d --span %g --device %s\n", options.seed, options.count, options.span_ms,
              options.device.c_str());
  std::map<std::string, std::vector<double>> times;  // by "how it ended, while ..."
  int wrong = 0;
  Chance chance(options.seed);
  for (int i = 0; i < options.count; ++i) {
    const auto seed = static_cast<unsigned>(chance.below(1 << 30));
    const Outcome outcome = run_child(options, seed);
    Chance same(seed);
    const std::string work = kWorkNames[same.below(kWorks)];
    const std::string way = same.below(2) == 1 ? "return" : "exit()";
    times[outcome.end + ", " + work + ", " + way].push_back(outcome.exit_ms);
    const bool in_time = outcome.exit_ms <= kExitLimitMs * options.slack;
    if (outcome.end == "status " + std::to_string(kStatus) && outcome.words.empty() && in_time) continue;
    ++wrong;
    std::printf("child with seed %u: %s after %.0f ms, %s, %s; stderr: %s\n", seed, outcome.end.c_str(),
                outcome.exit_ms, work.c_str(), way.c_str(), outcome.words.c_str());
  }
  std::printf("%-45s %6s %10s %10s\n", "end", "count", "median ms", "longest ms");
  for (auto& [end, ms] : times) {
    std::sort(ms.begin(), ms.end());
    std::printf("%-45s %6zu %10.1f %10.1f\n", end.c_str(), ms.size(), ms[ms.size() / 2], ms.back());
  }
  std::printf("%d of %d children ended otherwise than they should\n", wrong, options.count);
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace lifecycle

int main(int argc, char** argv) {
  lifecycle::Options options;
  bool child = false;
  CLI::App app("Ends processes at random moments.");
  app.add_option("--count", options.count, "children")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "of all chance; with --child: of that child, to see it again")
      ->capture_default_str();
  app.add_option("--span", options.span_ms, "latest moment of the end, ms after the start")->capture_default_str();
  app.add_option("--slack", options.slack, "factor for all time limits, for a machine that is not idle")
      ->capture_default_str();
  app.add_option("--model", options.model, "model with static shapes; default: built in")->check(CLI::ExistingFile);
  app.add_option("--device", options.device, "device string")->capture_default_str();
  app.add_flag("--child", child, "be one of the processes");
  try {
    app.parse(argc, argv);
    return child ? lifecycle::child(options) : lifecycle::run(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
