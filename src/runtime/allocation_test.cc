// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The memory that an inference asks for, counted by this program's own operator new.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "runtime/fake_model.h"

namespace {

thread_local bool counting = false;
thread_local int allocations = 0;

}  // namespace

// Not inlined: GCC would see free() for memory of operator new and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (counting) ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace baton::runtime::test {
namespace {

template <typename F>
int allocations_of(const F& call) {
  allocations = 0;
  counting = true;
  call();
  counting = false;
  return allocations;
}

TEST(Allocation, the_counter_counts) {
  EXPECT_EQ(allocations_of([] { ::operator delete(::operator new(1)); }), 1);
}

TEST(Allocation, B1205_a_synchronous_inference_allocates_nothing) {
  CompiledModel model = compiled(std::make_shared<FakeModel>());
  InferRequest request = model.create_infer_request();
  const Tensor input(element::f32, Shape{1, 4});
  request.set_input_tensor(input);
  request.infer();  // makes the output tensor
  EXPECT_EQ(allocations_of([&] {
              for (int i = 0; i < 100; ++i) request.infer();
            }),
            0);
  EXPECT_EQ(allocations_of([&] { request.set_input_tensor(input); }), 0);
}

TEST(Allocation, an_asynchronous_one_allocates_nothing_in_this_layer) {
  auto fake = std::make_shared<FakeModel>();
  fake->mode = FakeModel::Mode::kManual;
  CompiledModel model = compiled(fake);
  InferRequest request = model.create_infer_request();
  int calls = 0;
  request.set_callback([&calls](std::exception_ptr) { ++calls; });
  for (int i = 0; i < 3; ++i) {
    request.start_async();
    const int during = allocations_of([&] {
      fake->finish_one();
      request.wait();
    });
    EXPECT_TRUE(during == 0 || i == 0) << during;
  }
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace baton::runtime::test
