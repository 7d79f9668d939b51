// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.h"

namespace baton::test {

/// So many requests in flight, each started again from its own completion, until `end_ms`.
class Backlog {
 public:
  struct Answer {
    std::string engine;
    double at_ms = 0;
  };

  Backlog(Machine& machine, autodev::AutoModel& model, std::size_t count, double end_ms) {
    for (std::size_t i = 0; i < count; ++i) {
      requests_.push_back(std::make_unique<Request>());
      requests_.back()->then = [this, &machine, &model, end_ms](Request& request) {
        answers_.push_back({request.engine, machine.now_ms()});
        if (request.status.is_ok() && machine.now_ms() < end_ms) model.start(request);
      };
      model.start(*requests_.back());
    }
    machine.run_ms(end_ms - machine.now_ms() + 1000);
  }

  const std::vector<Answer>& answers() const { return answers_; }
  std::size_t of(const std::string& engine) const {
    return static_cast<std::size_t>(std::ranges::count(answers_, engine, &Answer::engine));
  }
  /// The longest time without an answer of `engine` between its first and its last.
  double longest_gap_ms(const std::string& engine) const {
    double longest = 0;
    std::optional<double> last_ms;
    for (const Answer& answer : answers_) {
      if (answer.engine != engine) continue;
      if (last_ms) longest = std::max(longest, answer.at_ms - *last_ms);
      last_ms = answer.at_ms;
    }
    return longest;
  }

 private:
  std::vector<std::unique_ptr<Request>> requests_;
  std::vector<Answer> answers_;
};

}  // namespace baton::test
