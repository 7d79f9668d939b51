// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/host_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "baton/tensor.hpp"

namespace baton::model {
namespace {

/// Notes what is prepared, and the end of it.
struct Notes {
  std::vector<std::size_t> prepared;
  int undone = 0;

  HostMemory::Prepare prepare() {
    return [this](void*, std::size_t bytes) -> HostMemory::Undo {
      prepared.push_back(bytes);
      return [this] { ++undone; };
    };
  }
};

TEST(HostMemory, a_block_that_is_used_again_is_prepared_once_and_until_it_goes) {
  HostMemory memory;
  Notes notes;
  void* const block = memory.allocate(HostMemory::kLarge + 1);
  memory.use(block, notes.prepare());
  EXPECT_TRUE(notes.prepared.empty()) << "once may be all";
  memory.use(block, notes.prepare());
  memory.use(block, notes.prepare());
  EXPECT_EQ(notes.prepared, std::vector<std::size_t>{HostMemory::kLarge + 4096}) << "the pages, all of them its own";
  EXPECT_EQ(notes.undone, 0);
  memory.release(block, HostMemory::kLarge + 1);
  EXPECT_EQ(notes.undone, 1);
}

TEST(HostMemory, the_next_block_at_an_address_is_another) {
  HostMemory memory;
  Notes notes;
  for (int i = 0; i < 3; ++i) {
    void* const block = memory.allocate(HostMemory::kLarge);
    memory.use(block, notes.prepare());
    memory.release(block, HostMemory::kLarge);
  }
  EXPECT_TRUE(notes.prepared.empty());
  EXPECT_EQ(notes.undone, 0);
}

TEST(HostMemory, what_cannot_be_prepared_has_no_end_and_is_not_tried_again) {
  HostMemory memory;
  int tried = 0;
  void* const block = memory.allocate(HostMemory::kLarge);
  for (int i = 0; i < 4; ++i) {
    memory.use(block, [&](void*, std::size_t) -> HostMemory::Undo {
      ++tried;
      return {};
    });
  }
  memory.release(block, HostMemory::kLarge);
  EXPECT_EQ(tried, 1);
}

TEST(HostMemory, small_blocks_others_memory_and_the_middle_of_a_block_are_left_alone) {
  HostMemory memory;
  Notes notes;
  void* const small = memory.allocate(HostMemory::kLarge - 1);
  void* const none = memory.allocate(0);
  void* const large = memory.allocate(HostMemory::kLarge);
  std::vector<char> mine(HostMemory::kLarge);
  for (int i = 0; i < 3; ++i) {
    for (void* data :
         {small, none, static_cast<void*>(static_cast<char*>(large) + 64), static_cast<void*>(mine.data())})
      memory.use(data, notes.prepare());
  }
  EXPECT_TRUE(notes.prepared.empty());
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(small) % 64, 0U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(large) % 4096, 0U);
  memory.release(small, HostMemory::kLarge - 1);
  memory.release(none, 0);
  memory.release(large, HostMemory::kLarge);
}

TEST(HostMemory, a_size_whose_pages_have_no_number_is_refused) {
  HostMemory memory;
  EXPECT_THROW(memory.allocate(std::numeric_limits<std::size_t>::max() - 1), std::bad_alloc);
}

TEST(HostMemory, requests_may_meet_at_one_block) {
  HostMemory memory;
  std::atomic<int> prepared = 0, undone = 0;
  void* const block = memory.allocate(HostMemory::kLarge);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        memory.use(block, [&](void*, std::size_t) -> HostMemory::Undo {
          ++prepared;
          return [&] { ++undone; };
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  memory.release(block, HostMemory::kLarge);
  EXPECT_EQ(prepared, 1);
  EXPECT_EQ(undone, 1);
}

TEST(HostMemory, own_tensors_lie_there_and_callers_memory_does_not) {
  Notes notes;
  {
    Tensor own(element::u8, {16});
    own.set_shape({HostMemory::kLarge});
    std::vector<char> mine(HostMemory::kLarge);
    const Tensor callers(element::u8, {HostMemory::kLarge}, mine.data());
    const Tensor texts(element::string, {HostMemory::kLarge / sizeof(std::string)});
    for (int i = 0; i < 2; ++i) {
      for (const Tensor& tensor : {own, callers, texts}) HostMemory::instance().use(tensor.data(), notes.prepare());
    }
    EXPECT_EQ(notes.prepared, std::vector<std::size_t>{HostMemory::kLarge});
  }
  EXPECT_EQ(notes.undone, 1);
}

}  // namespace
}  // namespace baton::model
