// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/infer_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <limits>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "baton/exception.hpp"
#include "runtime/fake_model.h"
#include "support/manual_executor.h"

namespace baton::runtime::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class InferRequestTest : public testing::Test {
 protected:
  std::shared_ptr<FakeModel> fake = std::make_shared<FakeModel>();
  CompiledModel model = compiled(fake);
  InferRequest request = model.create_infer_request();

  void fill(InferRequest& target, float value) {
    Tensor input(element::f32, Shape{1, 4});
    for (int i = 0; i < 4; ++i) input.data<float>()[i] = value + static_cast<float>(i);
    target.set_input_tensor(input);
  }
};

template <typename E, typename F>
std::string message_of(const F& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST_F(InferRequestTest, infer_runs_and_gives_the_output) {
  fill(request, 3);
  request.infer();
  EXPECT_EQ(request.get_output_tensor().data<float>()[1], 4);
  EXPECT_EQ(request.get_tensor("y").data<float>()[3], 6);
  EXPECT_EQ(request.get_tensor(model.output()).data<float>()[0], 3);
}

TEST_F(InferRequestTest, B1502_B1504_figures_of_the_last_run) {
  EXPECT_EQ(request.latency(), 0);
  EXPECT_EQ(request.attempts(), 0);
  request.infer();
  EXPECT_EQ(request.latency(), 2.5);
  EXPECT_EQ(request.run_time(), 1.5);
  EXPECT_EQ(request.device(), "FAKE");
  EXPECT_EQ(request.engine(), "fake");
  EXPECT_EQ(request.generation(), 1U);
  EXPECT_EQ(request.attempts(), 1);
}

TEST_F(InferRequestTest, B1505_callback_runs_once_on_another_thread_before_wait_returns) {
  std::atomic<int> calls{0};
  std::thread::id thread;
  request.set_callback([&](std::exception_ptr error) {
    EXPECT_EQ(error, nullptr);
    EXPECT_EQ(request.latency(), 2.5);  // B-1503: final already
    thread = std::this_thread::get_id();
    ++calls;
  });
  request.start_async();
  request.wait();
  EXPECT_EQ(calls, 1);
  EXPECT_NE(thread, std::this_thread::get_id());
  request.infer();
  EXPECT_EQ(calls, 1) << "infer calls no callback";
}

TEST_F(InferRequestTest, B1505_callbacks_stay_off_the_callers_thread_when_a_start_fails_at_once) {
  fake->mode = FakeModel::Mode::kInline;
  fake->result = base::Status::device_failed("inference failed after 1 attempts: FAKE[fake] ENGINE_ERROR: no");
  std::thread::id thread;
  std::exception_ptr seen;
  request.set_callback([&](std::exception_ptr error) {
    thread = std::this_thread::get_id();
    seen = error;
  });
  request.start_async();
  EXPECT_THROW(request.wait(), Exception);
  EXPECT_NE(thread, std::this_thread::get_id());
  EXPECT_NE(seen, nullptr);
}

TEST_F(InferRequestTest, B1505_what_a_callback_throws_comes_out_of_wait_and_the_request_goes_on) {
  request.set_callback([](std::exception_ptr) { throw std::logic_error("mine"); });
  request.start_async();
  EXPECT_THROW(request.wait(), std::logic_error);
  request.set_callback(nullptr);
  request.start_async();
  EXPECT_NO_THROW(request.wait());
}

TEST_F(InferRequestTest, B1506_callback_may_start_its_request_again) {
  std::atomic<int> calls{0};
  request.set_callback([&](std::exception_ptr) {
    if (++calls < 100) request.start_async();
  });
  request.start_async();
  request.wait();
  EXPECT_EQ(calls, 100);
  EXPECT_EQ(fake->runs, 100);
}

TEST_F(InferRequestTest, B1506_restarting_a_run_that_always_fails_at_once_does_not_recurse) {
  fake->mode = FakeModel::Mode::kInline;
  fake->result = base::Status::device_failed("no");
  std::atomic<int> calls{0};
  request.set_callback([&](std::exception_ptr) {
    if (++calls < 5000) request.start_async();
  });
  request.start_async();
  EXPECT_THROW(request.wait(), Exception);
  EXPECT_EQ(calls, 5000);
}

TEST_F(InferRequestTest, B1506_wait_inside_the_own_callback_is_busy) {
  std::string message;
  request.set_callback([&](std::exception_ptr) { message = message_of<Busy>([&] { request.wait(); }); });
  request.start_async();
  request.wait();
  EXPECT_THAT(message, HasSubstr("request is busy"));
}

TEST_F(InferRequestTest, a_second_start_inside_one_callback_is_busy) {
  std::string message;
  bool first = true;
  request.set_callback([&](std::exception_ptr) {
    if (!std::exchange(first, false)) return;
    request.start_async();
    message = message_of<Busy>([&] { request.start_async(); });
  });
  request.start_async();
  request.wait();
  EXPECT_THAT(message, HasSubstr("busy"));
  EXPECT_EQ(fake->runs, 2);
}

TEST_F(InferRequestTest, infer_inside_the_own_callback_works) {
  request.set_callback([&](std::exception_ptr) { request.infer(); });
  request.start_async();
  request.wait();
  EXPECT_EQ(fake->runs, 2);
}

TEST_F(InferRequestTest, B1508_wait_before_any_start_returns_at_once) {
  request.wait();
  EXPECT_FALSE(request.wait_for(milliseconds(0)));
}

TEST_F(InferRequestTest, B1508_wait_for_polls_and_cancels_nothing) {
  fake->mode = FakeModel::Mode::kManual;
  request.start_async();
  EXPECT_FALSE(request.wait_for(milliseconds(0)));
  EXPECT_EQ(fake->waiting(), 1U);
  ASSERT_TRUE(fake->finish_one());
  EXPECT_TRUE(request.wait_for(milliseconds(0)));
  EXPECT_TRUE(request.wait_for(milliseconds::max()));
}

TEST_F(InferRequestTest, B1421_B1509_a_running_request_refuses_everything_but_waiting) {
  fake->mode = FakeModel::Mode::kManual;
  request.start_async();
  EXPECT_THAT(message_of<Busy>([&] { request.start_async(); }), HasSubstr("request is busy"));
  EXPECT_THROW(request.infer(), Busy);
  EXPECT_THROW(fill(request, 1), Busy);
  EXPECT_THROW(request.get_output_tensor(), Busy);
  EXPECT_THROW(request.set_callback(nullptr), Busy);
  ASSERT_TRUE(fake->finish_one());
  EXPECT_NO_THROW(request.wait());
  EXPECT_EQ(fake->runs, 1);
}

TEST_F(InferRequestTest, B1422_B1510_a_cancelled_request_says_so_and_can_run_again) {
  fake->mode = FakeModel::Mode::kManual;
  request.cancel();  // idle: no effect
  request.start_async();
  request.cancel();
  EXPECT_THAT(message_of<Cancelled>([&] { request.wait(); }), HasSubstr("cancelled"));
  request.start_async();
  ASSERT_TRUE(fake->finish_one());
  EXPECT_NO_THROW(request.wait());
}

TEST_F(InferRequestTest, B1510_a_restart_cancelled_inside_the_callback_completes_as_cancelled) {
  std::vector<bool> failed;
  request.set_callback([&](std::exception_ptr error) {
    failed.push_back(error != nullptr);
    if (failed.size() > 1) return;
    request.start_async();
    request.cancel();
  });
  request.start_async();
  EXPECT_THROW(request.wait(), Cancelled);
  EXPECT_THAT(failed, testing::ElementsAre(false, true));
  EXPECT_EQ(fake->runs, 1);
}

TEST_F(InferRequestTest, B1504_outputs_of_a_failed_run_are_not_readable) {
  fake->result = base::Status::device_failed("inference failed after 1 attempts: FAKE[fake] ENGINE_ERROR: out of luck");
  EXPECT_THAT(message_of<Exception>([&] { request.infer(); }), HasSubstr("out of luck"));
  EXPECT_THAT(message_of<Exception>([&] { request.get_output_tensor(); }), HasSubstr("out of luck"));
  EXPECT_EQ(request.latency(), 2.5);
  fake->result = {};
  request.infer();
  EXPECT_NO_THROW(request.get_output_tensor());
}

TEST_F(InferRequestTest, B1420_tensors_are_checked_when_they_are_set) {
  const Tensor wrong_type(element::u8, Shape{1, 4}), wrong_shape(element::f32, Shape{1, 5});
  EXPECT_THAT(message_of<Exception>([&] { request.set_tensor("x", wrong_type); }),
              HasSubstr("input 'x' takes elements of type f32, the tensor given has u8"));
  EXPECT_THAT(message_of<Exception>([&] { request.set_tensor("x:0", wrong_shape); }),
              HasSubstr("takes the shape [1,4], the tensor given has [1,5]"));
  EXPECT_THAT(message_of<Exception>([&] { request.set_output_tensor(wrong_shape); }), HasSubstr("output 'y'"));
  EXPECT_THAT(message_of<Exception>([&] { request.get_tensor("z"); }),
              testing::AllOf(HasSubstr("'z'"), HasSubstr("x"), HasSubstr("y")));
  EXPECT_THAT(message_of<Exception>([&] { request.get_input_tensor(1); }), HasSubstr("input 1 does not exist"));
  EXPECT_THROW(request.set_input_tensor(Tensor()), Exception);
}

TEST_F(InferRequestTest, B1513_a_tensor_reshaped_after_it_was_set_is_refused_at_start) {
  Tensor input(element::f32, Shape{1, 4});
  request.set_input_tensor(input);
  input.set_shape(Shape{1, 2});
  EXPECT_THAT(message_of<Exception>([&] { request.start_async(); }), HasSubstr("[1,2]"));
  EXPECT_EQ(fake->runs, 0);
}

TEST_F(InferRequestTest, B1512_users_memory_is_used_as_it_is) {
  float input[4] = {1, 2, 3, 4}, output[4] = {};
  request.set_input_tensor(Tensor(element::f32, Shape{1, 4}, input));
  request.set_output_tensor(Tensor(element::f32, Shape{1, 4}, output));
  request.infer();
  EXPECT_EQ(output[3], 4);
  input[3] = 9;
  request.infer();
  EXPECT_EQ(output[3], 9);
}

TEST_F(InferRequestTest, B1512_output_of_one_is_input_of_another) {
  InferRequest second = model.create_infer_request();
  second.set_input_tensor(request.get_output_tensor());
  fill(request, 5);
  request.infer();
  second.infer();
  EXPECT_EQ(second.get_output_tensor().data<float>()[2], 7);
}

TEST(InferRequestShapes, B1108_dynamic_outputs_take_the_shape_of_the_run) {
  auto fake = std::make_shared<FakeModel>();
  const PartialShape open{Dimension::dynamic(), 2};
  CompiledModel model = compiled(fake, make_table(open, open));
  InferRequest request = model.create_infer_request();
  EXPECT_THAT(message_of<Exception>([&] { request.infer(); }), HasSubstr("input 'x' has no tensor"));
  for (const std::size_t rows : {3, 1, 5}) {
    request.set_input_tensor(Tensor(element::f32, Shape{rows, 2}));
    request.infer();
    EXPECT_EQ(request.get_output_tensor().get_shape(), (Shape{rows, 2}));
  }
  float memory[4];
  request.set_output_tensor(Tensor(element::f32, Shape{2, 2}, memory));
  EXPECT_THAT(message_of<Exception>([&] { request.infer(); }), HasSubstr("too small"));
  request.set_input_tensor(Tensor(element::f32, Shape{1, 2}));
  request.infer();
  EXPECT_EQ(request.get_output_tensor().get_shape(), (Shape{1, 2}));
  EXPECT_EQ(request.get_output_tensor().data(), memory);
}

TEST(InferRequestShapes, an_input_that_was_never_set_is_zeros) {
  auto fake = std::make_shared<FakeModel>();
  CompiledModel model = compiled(fake);
  InferRequest request = model.create_infer_request();
  request.infer();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(request.get_output_tensor().data<float>()[i], 0);
}

TEST_F(InferRequestTest, B545_requests_outlive_the_compiled_model_and_the_last_one_closes_it) {
  InferRequest second = model.create_infer_request();
  model.release();
  request.infer();
  request = {};
  EXPECT_EQ(fake->closed, 0);
  second.infer();
  second = {};
  EXPECT_EQ(fake->closed, 1);
}

TEST_F(InferRequestTest, B546_destroying_a_queued_request_completes_it_as_cancelled) {
  fake->mode = FakeModel::Mode::kManual;
  bool cancelled = false;
  request.set_callback([&](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const Cancelled&) {
      cancelled = true;
    }
  });
  request.start_async();
  request = {};
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(fake->waiting(), 0U);
}

TEST(InferRequestLifetime, B549_everything_may_go_inside_the_callback) {
  auto fake = std::make_shared<FakeModel>();
  auto model = std::make_optional(compiled(fake));
  auto request = std::make_optional(model->create_infer_request());
  std::promise<void> gone;
  request->set_callback([&](std::exception_ptr) {
    model.reset();
    request.reset();
    gone.set_value();
  });
  request->start_async();
  gone.get_future().wait();
  fake->join();
  EXPECT_EQ(fake->closed, 1);
  EXPECT_EQ(fake->runs, 1);
}

TEST(InferRequestLifetime, B549_a_restart_in_a_callback_that_then_drops_the_request_completes_cancelled) {
  auto fake = std::make_shared<FakeModel>();
  auto request = std::make_optional(compiled(fake).create_infer_request());
  std::atomic<int> calls{0};
  std::promise<void> over;
  request->set_callback([&](std::exception_ptr error) {
    if (++calls == 1) {
      request->start_async();
      request.reset();
      return;
    }
    EXPECT_NE(error, nullptr);
    over.set_value();
  });
  request->start_async();
  over.get_future().wait();
  fake->join();
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(fake->runs, 1);
  EXPECT_EQ(fake->closed, 1);
}

TEST(InferRequestLifetime, B618_starts_and_destruction_at_random_moments_complete_exactly_once) {
  auto fake = std::make_shared<FakeModel>();
  CompiledModel model = compiled(fake);
  std::atomic<int> started{0}, completed{0};
  std::vector<std::thread> users;
  for (int t = 0; t < 4; ++t) {
    users.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        InferRequest request = model.create_infer_request();
        request.set_callback([&](std::exception_ptr) { ++completed; });
        ++started;
        request.start_async();
        if (i % 3 == 0) request.cancel();
        if (i % 2 == 0) request.wait();
      }
    });
  }
  for (std::thread& user : users) user.join();
  EXPECT_EQ(completed, started);
}

TEST(InferRequestTime, wait_for_follows_the_executors_clock) {
  base::ManualExecutor executor;
  auto fake = std::make_shared<FakeModel>();
  fake->mode = FakeModel::Mode::kManual;
  CompiledModel model = compiled(fake, make_table(), {}, executor);
  InferRequest request = model.create_infer_request();
  request.start_async();
  executor.run_at(executor.now() + milliseconds(20), [&] { fake->finish_one(); });
  EXPECT_FALSE(request.wait_for(milliseconds(10)));
  EXPECT_TRUE(request.wait_for(milliseconds(15)));
  EXPECT_EQ(executor.elapsed(), milliseconds(20));
}

TEST_F(InferRequestTest, B1424_no_counters_before_a_run_that_keeps_them) {
  EXPECT_THAT(message_of<NotImplemented>([&] { request.get_profiling_info(); }), HasSubstr("PERF_COUNT=YES"));
}

TEST_F(InferRequestTest, counters_of_the_last_run) {
  fake->counters = std::vector<engine::NodeCounters>{{.name = "a",
                                                      .type = "Convolution",
                                                      .exec_type = "jit",
                                                      .status = engine::NodeCounters::Status::kExecuted,
                                                      .real_time = std::chrono::microseconds(7)}};
  request.infer();
  const std::vector<ProfilingInfo> infos = request.get_profiling_info();
  ASSERT_EQ(infos.size(), 1U);
  EXPECT_EQ(infos[0].node_name, "a");
  EXPECT_EQ(infos[0].status, ProfilingInfo::Status::EXECUTED);
  EXPECT_EQ(infos[0].real_time.count(), 7);
  fake->counters = base::Status::unsupported("the engine keeps no counters");
  request.infer();
  EXPECT_THROW(request.get_profiling_info(), NotImplemented);
}

TEST(InferRequestEmpty, an_empty_request_says_where_to_get_one) {
  InferRequest request;
  EXPECT_TRUE(!request);
  EXPECT_THAT(message_of<Exception>([&] { request.infer(); }), HasSubstr("create_infer_request"));
}

}  // namespace
}  // namespace baton::runtime::test
