// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/async_infer_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <set>
#include <stdexcept>

#include "baton/exception.hpp"
#include "runtime/fake_model.h"

namespace baton::runtime::test {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

class AsyncInferQueueTest : public testing::Test {
 protected:
  std::shared_ptr<FakeModel> fake = std::make_shared<FakeModel>();
  CompiledModel model = compiled(fake);

  static Tensor value(float first) {
    Tensor input(element::f32, Shape{1, 4});
    input.data<float>()[0] = first;
    return input;
  }
};

template <typename F>
std::string message_of(const F& call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST_F(AsyncInferQueueTest, B1517_number_of_jobs) {
  fake->state.optimal_requests = 3;
  EXPECT_EQ(AsyncInferQueue(model).size(), 3U);
  EXPECT_EQ(AsyncInferQueue(model, 5).size(), 5U);
  EXPECT_THAT(message_of([&] { AsyncInferQueue(model, -1); }), HasSubstr("-1 jobs"));
  EXPECT_THROW(AsyncInferQueue(CompiledModel(), 1), Exception);
}

TEST_F(AsyncInferQueueTest, B1519_B1529_every_start_is_answered_once_with_its_userdata) {
  for (const int jobs : {1, 2, 8}) {
    AsyncInferQueue queue(model, jobs);
    std::mutex mutex;
    std::multiset<int> seen;
    queue.set_callback([&](InferRequest& request, const std::any& userdata) {
      const int id = std::any_cast<int>(userdata);
      EXPECT_EQ(request.get_output_tensor().data<float>()[0], static_cast<float>(id));
      EXPECT_EQ(request.latency(), 2.5);
      const std::lock_guard lock(mutex);
      seen.insert(id);
    });
    for (int i = 0; i < 200; ++i) queue.start_async(value(static_cast<float>(i)), i);
    EXPECT_TRUE(queue.wait_all());
    EXPECT_EQ(seen.size(), 200U);
    for (int i = 0; i < 200; ++i) EXPECT_EQ(seen.count(i), 1U);
  }
}

TEST_F(AsyncInferQueueTest, B1518_first_freed_is_first_used) {
  fake->mode = FakeModel::Mode::kManual;
  AsyncInferQueue queue(model, 2);
  EXPECT_EQ(queue.get_idle_request_id(), 0U);
  queue.start_async(value(1));
  EXPECT_EQ(queue.get_idle_request_id(), 1U);
  queue.start_async(value(2));
  fake->finish_one();
  fake->finish_one();
  EXPECT_EQ(queue.get_idle_request_id(), 0U);
}

TEST_F(AsyncInferQueueTest, B1518_inputs_by_name_in_order_and_not_at_all) {
  AsyncInferQueue queue(model, 1);
  queue.start_async(std::map<std::string, Tensor>{{"x", value(3)}});
  queue.wait_all();
  EXPECT_EQ(queue[0].get_output_tensor().data<float>()[0], 3);
  queue.start_async(std::vector<Tensor>{value(4)});
  queue.wait_all();
  EXPECT_EQ(queue[0].get_output_tensor().data<float>()[0], 4);
  queue.start_async();
  queue.wait_all();
  EXPECT_EQ(queue[0].get_output_tensor().data<float>()[0], 4) << "inputs keep their last value";
}

TEST_F(AsyncInferQueueTest, B1520_results_stay_in_the_job) {
  fake->mode = FakeModel::Mode::kManual;
  AsyncInferQueue queue(model, 2);
  queue.start_async(value(7), std::string("seven"));
  EXPECT_EQ(std::any_cast<std::string>(queue.userdata()[0]), "seven");
  EXPECT_FALSE(queue.userdata()[1].has_value());
  fake->finish_one();
  EXPECT_EQ(queue[0].get_output_tensor().data<float>()[0], 7);
}

TEST_F(AsyncInferQueueTest, B1521_a_pool_of_optimal_size_grows_before_it_would_block) {
  fake->mode = FakeModel::Mode::kManual;
  AsyncInferQueue automatic(model, 0);
  EXPECT_EQ(automatic.size(), 1U);
  automatic.start_async();
  fake->state.optimal_requests = 3;
  automatic.start_async();
  EXPECT_EQ(automatic.size(), 3U);
  AsyncInferQueue fixed(model, 1);
  EXPECT_EQ(fixed.size(), 1U);
}

TEST_F(AsyncInferQueueTest, B1522_B1523_is_ready_and_wait_all_with_a_limit) {
  fake->mode = FakeModel::Mode::kManual;
  AsyncInferQueue queue(model, 1);
  EXPECT_TRUE(queue.is_ready());
  queue.start_async();
  EXPECT_FALSE(queue.is_ready());
  EXPECT_FALSE(queue.wait_all(milliseconds(0)));
  fake->finish_one();
  EXPECT_TRUE(queue.wait_all(milliseconds(0)));
}

TEST_F(AsyncInferQueueTest, B1524_what_a_callback_throws_comes_out_once) {
  AsyncInferQueue queue(model, 1);
  queue.set_callback([](InferRequest&, const std::any&) { throw std::logic_error("mine"); });
  queue.start_async();
  EXPECT_THROW(queue.wait_all(), std::logic_error);
  EXPECT_TRUE(queue.wait_all());
  EXPECT_EQ(fake->runs, 1);
  queue.set_callback(nullptr);
  queue.start_async();
  EXPECT_TRUE(queue.wait_all());
}

TEST_F(AsyncInferQueueTest, B1524_an_error_comes_out_of_the_next_start_which_starts_nothing) {
  fake->mode = FakeModel::Mode::kManual;
  fake->result = base::Status::device_failed("out of luck");
  AsyncInferQueue queue(model, 2);
  queue.start_async(value(1), std::string("img7"));
  fake->finish_one();
  EXPECT_THAT(message_of([&] { queue.start_async(); }),
              AllOf(HasSubstr("job 0"), HasSubstr("img7"), HasSubstr("out of luck")));
  EXPECT_EQ(fake->runs, 1);
  EXPECT_TRUE(queue.is_ready());
}

TEST_F(AsyncInferQueueTest, B1525_an_error_callback_takes_errors_and_nothing_is_stored) {
  fake->result = base::Status::device_failed("out of luck");
  AsyncInferQueue queue(model, 1);
  int successes = 0, failures = 0;
  queue.set_callback([&](InferRequest&, const std::any&) { ++successes; });
  queue.set_error_callback([&](InferRequest&, const std::any& userdata, std::exception_ptr error) {
    EXPECT_EQ(std::any_cast<int>(userdata), 5);
    EXPECT_NE(error, nullptr);
    ++failures;
  });
  queue.start_async(5);
  EXPECT_TRUE(queue.wait_all());
  EXPECT_EQ(successes, 0);
  EXPECT_EQ(failures, 1);
}

TEST_F(AsyncInferQueueTest, B1526_jobs_by_index_cannot_be_started) {
  AsyncInferQueue queue(model, 1);
  InferRequest job = queue[0];
  EXPECT_THAT(message_of([&] { job.start_async(); }), HasSubstr("AsyncInferQueue"));
  EXPECT_THROW(job.infer(), Exception);
  EXPECT_THROW(job.set_callback(nullptr), Exception);
  EXPECT_THAT(message_of([&] { queue[1]; }), HasSubstr("job 1 does not exist"));
}

TEST_F(AsyncInferQueueTest, B1526_a_changed_callback_is_for_later_starts) {
  fake->mode = FakeModel::Mode::kManual;
  AsyncInferQueue queue(model, 2);
  std::string order;
  queue.set_callback([&](InferRequest&, const std::any&) { order += 'a'; });
  queue.start_async();
  queue.set_callback([&](InferRequest&, const std::any&) { order += 'b'; });
  queue.start_async();
  fake->finish_one();
  fake->finish_one();
  EXPECT_EQ(order, "ab");
}

TEST_F(AsyncInferQueueTest, B1527_deleting_a_queue_cancels_and_calls_nobody) {
  fake->mode = FakeModel::Mode::kManual;
  int calls = 0;
  {
    AsyncInferQueue queue(model, 2);
    queue.set_callback([&](InferRequest&, const std::any&) { ++calls; });
    queue.set_error_callback([&](InferRequest&, const std::any&, std::exception_ptr) { ++calls; });
    queue.start_async();
    queue.start_async();
    model.release();
  }
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(fake->waiting(), 0U);
  EXPECT_EQ(fake->closed, 1);
}

TEST_F(AsyncInferQueueTest, B1527_a_callback_may_delete_its_queue) {
  auto queue = std::make_unique<AsyncInferQueue>(model, 2);
  model.release();
  std::promise<void> gone;
  queue->set_callback([&](InferRequest&, const std::any&) {
    queue.reset();
    gone.set_value();
  });
  queue->start_async();
  gone.get_future().wait();
  fake->join();
  EXPECT_EQ(fake->closed, 1);
}

TEST_F(AsyncInferQueueTest, B1528_userdata_is_released_after_the_callback) {
  AsyncInferQueue queue(model, 1);
  auto data = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = data;
  queue.set_callback([](InferRequest&, const std::any&) {});
  queue.start_async(std::any(std::move(data)));
  queue.wait_all();
  EXPECT_TRUE(watch.expired());
}

TEST_F(AsyncInferQueueTest, B1537_a_bad_input_loses_no_job) {
  AsyncInferQueue queue(model, 1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(queue.start_async(Tensor(element::u8, Shape{1, 4})), Exception);
    EXPECT_THROW(queue.start_async(std::map<std::string, Tensor>{{"nobody", value(1)}}), Exception);
  }
  EXPECT_TRUE(queue.is_ready());
  queue.start_async(value(1));
  EXPECT_TRUE(queue.wait_all());
}

TEST_F(AsyncInferQueueTest, B1537_inputs_are_set_in_the_job_that_was_taken_and_a_failure_frees_it) {
  AsyncInferQueue queue(model, 2);
  const auto refuse = [](InferRequest&, std::size_t) -> std::any { throw std::logic_error("no input today"); };
  EXPECT_THROW(queue.start_prepared(refuse), std::logic_error);
  queue.set_callback([](InferRequest&, const std::any& userdata) { EXPECT_EQ(std::any_cast<int>(userdata), 5); });
  const std::size_t idle = queue.get_idle_request_id();
  std::size_t taken = 7;
  queue.start_prepared([&](InferRequest& job, std::size_t index) {
    taken = index;
    job.set_input_tensor(value(3));
    return std::any(5);
  });
  EXPECT_TRUE(queue.wait_all());
  EXPECT_EQ(taken, idle);
  EXPECT_EQ(queue[taken].get_output_tensor().data<float>()[0], 3.0F);
}

TEST_F(AsyncInferQueueTest, waiting_inside_the_own_callback_is_busy_and_not_a_deadlock) {
  AsyncInferQueue queue(model, 1);
  std::string waited, started;
  queue.set_callback([&](InferRequest&, const std::any&) {
    waited = message_of([&] { queue.wait_all(); });
    started = message_of([&] { queue.start_async(); });
  });
  queue.start_async();
  queue.wait_all();
  EXPECT_THAT(waited, HasSubstr("busy"));
  EXPECT_THAT(started, HasSubstr("busy"));
}

TEST_F(AsyncInferQueueTest, B1529_many_threads_may_start) {
  AsyncInferQueue queue(model, 3);
  std::atomic<int> answered{0};
  queue.set_callback([&](InferRequest&, const std::any&) { ++answered; });
  std::vector<std::thread> users;
  for (int t = 0; t < 4; ++t) {
    users.emplace_back([&] {
      for (int i = 0; i < 50; ++i) queue.start_async(value(1), i);
    });
  }
  for (std::thread& user : users) user.join();
  queue.wait_all();
  EXPECT_EQ(answered, 200);
}

}  // namespace
}  // namespace baton::runtime::test
