// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "random/story.h"

#include <algorithm>
#include <cstring>

#include "sim/arithmetic.h"

namespace baton::test {

Call::Call(ModelStory& story, base::Executor& executor, Verdict& verdict, float of_all, int repeats)
    : story_(story), executor_(executor), verdict_(verdict), values_(4, of_all), repeats_(repeats) {
  value = of_all;
  input_ = {element::f32, shape_, values_.data(), values_.size() * sizeof(float)};
  inputs = std::span(&input_, 1);
  outputs = std::span(&sink_, 1);
}

void Call::on_done(const base::Status& status, const autodev::RunInfo& info) noexcept {
  verdict_.expect_no_lock("InferTask::on_done");
  if (!std::exchange(in_flight, false)) verdict_.fail("a request of " + story_.name() + " completed twice");
  Answer answer{.status = status,
                .device = info.device ? *info.device : "",
                .engine = info.engine ? *info.engine : "",
                .generation = info.generation,
                .attempts = info.attempts,
                .started = started_,
                .began = started_ + base::from_ms(info.latency_ms - info.run_ms),  // this may come later than its end
                .at = executor_.now(),
                .cancelled = cancelled_,
                .closed = story_.closed};
  if (status.is_ok() && output_.bytes.size() == sizeof answer.values)
    std::memcpy(answer.values.data(), output_.bytes.data(), sizeof answer.values);
  else if (status.is_ok()) verdict_.fail("a request of " + story_.name() + " has no output");
  answers.push_back(std::move(answer));
  if (repeats_ <= 0 || story_.ending) return;
  --repeats_;
  start();
}

void Call::begin() {
  in_flight = true;
  started_ = executor_.now();
  cancelled_ = false;
  ++starts;
  output_.bytes.clear();
}

void Call::start() {
  begin();
  story_.model->start(*this);
}

void Call::infer() {
  begin();
  story_.model->infer(*this);
}

void Call::cancel() {
  cancelled_ = true;
  story_.model->cancel(*this);
}

std::array<float, 4> CallRecord::expected(const sim::OutputError& error) const {
  std::array<float, 4> given{value, value, value, value};
  const std::vector<std::size_t> shape{1, 4};
  const engine::TensorView input{element::f32, shape, given.data(), sizeof given};
  std::array<float, 4> values{};
  sim::fill_output(std::span(&input, 1), 0, element::f32, Shape{1, 4}, error, values.data());
  return values;
}

bool ModelStory::busy() const {
  return std::any_of(calls.begin(), calls.end(), [](const auto& call) { return call->in_flight; });
}

}  // namespace baton::test
