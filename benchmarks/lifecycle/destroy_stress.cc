// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Compiles, works and destroys at random moments (B-544, B-545, B-546, B-549): how long does destruction take in each
// phase, and is anything left behind? Exit status: 0; 1 when a destruction took too long, threads or file descriptors
// were left behind, or a request ended otherwise than with its value or as cancelled; 2 for a wrong command line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "workload.h"

namespace lifecycle {
namespace {

enum class Work { kNone, kSynchronous, kAsynchronous, kQueue };
constexpr const char* kWorkNames[] = {"nothing runs", "after infer", "requests run", "queue runs"};

/// B-544 without inferences; with them the engine must stop first, which no engine promises in less than a run or two.
constexpr double kIdleLimitMs = 50;
constexpr double kBusyLimitMs = 500;
/// Pools may grow by what chance did not reach in the first rounds.
constexpr int kThreadSlack = 4;

struct Sample {
  std::string phase;
  Work work;
  double ms;
};

/// One life of a compiled model. The members are destroyed by `end` in an order that chance decides.
class Life {
 public:
  Life(baton::Core& core, const std::shared_ptr<baton::Model>& model, const Options& options, Chance& chance)
      : compiled_(compile(core, model, options, chance)), work_(static_cast<Work>(chance.below(4))) {
    for (int i = 0; i < 3; ++i) requests_.push_back(make_request(*compiled_));
    if (work_ == Work::kAsynchronous) {
      for (baton::InferRequest& request : requests_) {
        request.set_callback([this](std::exception_ptr error) { count(error); });
      }
    }
    if (work_ == Work::kQueue) start_queue();
  }

  void work_until(Clock::time_point moment) {
    do {
      switch (work_) {
        case Work::kNone: std::this_thread::sleep_until(moment); break;
        case Work::kSynchronous: requests_.front().infer(); break;
        case Work::kAsynchronous:
          for (baton::InferRequest& request : requests_) {
            request.wait();
            request.start_async();
          }
          break;
        case Work::kQueue: queue_->start_async(); break;
      }
    } while (Clock::now() < moment);
  }

  /// Destroys everything, the time of which is the sample.
  Sample end(bool model_first) {
    Sample sample{compiled_->get_property(baton::auto_device::execution_phase), work_, 0};
    const auto begin = Clock::now();
    if (model_first) compiled_.reset();
    queue_.reset();
    requests_.clear();
    compiled_.reset();
    sample.ms = Milliseconds(Clock::now() - begin).count();
    return sample;
  }

  int failures() const { return failures_; }

 private:
  void start_queue() {
    queue_.emplace(*compiled_, 2);
    queue_->set_error_callback(
        [this](baton::InferRequest&, const std::any&, std::exception_ptr error) { count(error); });
  }

  void count(std::exception_ptr error) {
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const baton::Cancelled&) {
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "a request failed: %s\n", failure.what());
      ++failures_;
    }
  }

  std::optional<baton::CompiledModel> compiled_;
  const Work work_;
  std::vector<baton::InferRequest> requests_;
  std::optional<baton::AsyncInferQueue> queue_;
  std::atomic<int> failures_{0};
};

struct Totals {
  std::map<std::pair<std::string, Work>, std::vector<double>> ms;
  int too_long = 0;
  int failures = 0;
};

void live_once(baton::Core& core, const std::shared_ptr<baton::Model>& model, const Options& options, Chance& chance,
               Totals& totals) {
  const auto moment = Clock::now() + std::chrono::duration_cast<Clock::duration>(chance.up_to(options.span_ms));
  Life life(core, model, options, chance);
  life.work_until(moment);
  const Sample sample = life.end(chance.below(2) == 1);
  totals.ms[{sample.phase, sample.work}].push_back(sample.ms);
  const bool busy = sample.work == Work::kAsynchronous || sample.work == Work::kQueue;
  if (sample.ms > (busy ? kBusyLimitMs : kIdleLimitMs) * options.slack) {
    ++totals.too_long;
    std::printf("too long: %.1f ms in phase %s, %s\n", sample.ms, sample.phase.c_str(),
                kWorkNames[static_cast<int>(sample.work)]);
  }
  totals.failures += life.failures();
}

void print(Totals& totals) {
  std::printf("%-10s %-14s %6s %10s %10s\n", "phase", "work", "count", "median ms", "longest ms");
  for (auto& [key, ms] : totals.ms) {
    std::sort(ms.begin(), ms.end());
    std::printf("%-10s %-14s %6zu %10.2f %10.2f\n", key.first.c_str(), kWorkNames[static_cast<int>(key.second)],
                ms.size(), ms[ms.size() / 2], ms.back());
  }
}

int run(const Options& options) {
  std::printf("destroy_stress --seed %u --count %d --span %g --device %s\n", options.seed, options.count,
              options.span_ms, options.device.c_str());
  Chance chance(options.seed);
  Totals totals;
  baton::Core core;
  const auto model = read_model(core, options);
  const int warm =
      std::min(std::max(options.count / 10, 5), options.count);  // engines are open and pools grown after these
  for (int i = 0; i < warm; ++i) live_once(core, model, options, chance, totals);
  const int threads = count_own("task"), descriptors = count_own("fd");
  for (int i = warm; i < options.count; ++i) live_once(core, model, options, chance, totals);

  // A compile that cannot be cancelled ends by itself (B-547: at most one is left).
  const auto deadline = Clock::now() + std::chrono::seconds(20);
  while (count_own("task") > threads && Clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const int threads_left = count_own("task"), descriptors_left = count_own("fd");
  print(totals);
  std::printf("threads %d -> %d, file descriptors %d -> %d, too long %d, failed requests %d\n", threads, threads_left,
              descriptors, descriptors_left, totals.too_long, totals.failures);
  const bool clean = threads_left <= threads + kThreadSlack && descriptors_left <= descriptors;
  return clean && totals.too_long == 0 && totals.failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace lifecycle

int main(int argc, char** argv) {
  lifecycle::Options options;
  CLI::App app("Destroys compiled models at random moments.");
  app.add_option("--count", options.count, "lives")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "of all chance")->capture_default_str();
  app.add_option("--span", options.span_ms, "latest moment of destruction, ms after the start of compiling")
      ->capture_default_str();
  app.add_option("--slack", options.slack, "factor for all time limits, for a machine that is not idle")
      ->capture_default_str();
  app.add_option("--model", options.model, "model with static shapes; default: built in")->check(CLI::ExistingFile);
  app.add_option("--device", options.device, "device string")->capture_default_str();
  try {
    app.parse(argc, argv);
    return lifecycle::run(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
