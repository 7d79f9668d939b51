// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>

#include "baton/exception.hpp"
#include "baton/tensor.hpp"

namespace baton {
namespace {

TEST(ElementType, every_name_is_read_back) {
  for (const char* name : {"dynamic", "boolean", "bf16", "f16", "f32", "f64", "i4",  "i8",     "i16",    "i32",   "i64",
                           "u1",      "u4",      "u8",   "u16", "u32", "u64", "nf4", "f8e4m3", "f8e5m2", "string"}) {
    EXPECT_EQ(element::Type(name).to_string(), name);
  }
}

TEST(ElementType, an_unknown_name_is_refused_with_the_known_ones) {
  try {
    (void)element::Type("f31");
    FAIL() << "accepted";
  } catch (const Exception& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    EXPECT_NE(std::string(error.what()).find("'f31'"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("bf16"), std::string::npos);
  }
}

TEST(ElementType, sizes_and_kinds) {
  EXPECT_EQ(element::i4.size(), 1U);
  EXPECT_EQ(element::i4.bitwidth(), 4U);
  EXPECT_EQ(element::bf16.size(), 2U);
  EXPECT_EQ(element::string.size(), sizeof(std::string));
  EXPECT_EQ(element::from<std::string>(), element::string);
  EXPECT_TRUE(element::f8e5m2.is_real());
  EXPECT_TRUE(element::u8.is_integral());
  EXPECT_FALSE(element::u8.is_signed());
  EXPECT_FALSE(element::string.is_integral());
  EXPECT_FALSE(element::dynamic.is_integral());
  EXPECT_EQ(element::from<std::int64_t>(), element::i64);
}

TEST(Shapes, size_of_scalar_zero_and_overflow) {
  EXPECT_EQ(shape_size({}), 1U);
  EXPECT_EQ(shape_size({3, 4}), 12U);
  const std::size_t huge = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(shape_size({huge, huge, 0}), 0U);
  EXPECT_THROW((void)shape_size({huge, 2}), Exception);
}

TEST(Shapes, text_is_read_back) {
  for (const char* text : {"[]", "[1,3,224,224]", "[?,3]", "[1..8,2..]", "[...]"}) {
    EXPECT_EQ(PartialShape(std::string(text)).to_string(), text);
  }
  EXPECT_EQ(PartialShape(std::string(" 1, -1 , ..8 ")).to_string(), "[1,?,..8]");
}

TEST(Shapes, bad_text_is_refused) {
  for (const char* text : {"[1,2", "1,,2", "[1,]", "[x]", "[..]", "[8..1]", "[-2]", "[1 2]"}) {
    EXPECT_THROW((void)PartialShape(std::string(text)), Exception) << text;
  }
}

TEST(Shapes, accepting_and_compatible) {
  const PartialShape shape(std::string("[1..8,3,?]"));
  EXPECT_TRUE(shape.accepts({8, 3, 0}));
  EXPECT_FALSE(shape.accepts({9, 3, 5}));
  EXPECT_FALSE(shape.accepts({1, 3}));
  EXPECT_TRUE(PartialShape::dynamic().accepts({1, 2, 3, 4}));
  EXPECT_TRUE(shape.compatible(PartialShape(std::string("[8..9,3,2]"))));
  EXPECT_FALSE(shape.compatible(PartialShape(std::string("[9..,3,2]"))));
  EXPECT_FALSE(shape.compatible(PartialShape({1, 3})));
  EXPECT_EQ(shape.get_min_shape(), Shape({1, 3, 0}));
  EXPECT_THROW((void)shape.to_shape(), Exception);
}

TEST(Shapes, unknown_rank_is_not_a_scalar) {
  EXPECT_FALSE(PartialShape::dynamic() == PartialShape());
  EXPECT_TRUE(PartialShape::dynamic().is_dynamic());
  EXPECT_TRUE(PartialShape().is_static());
}

TEST(Shapes, are_printed) {
  std::ostringstream out;
  out << Shape{1, 2} << Dimension(1, 3) << PartialShape::dynamic() << element::f16;
  EXPECT_EQ(out.str(), "[1,2]1..3[...]f16");
}

TEST(Tensors, own_memory_is_aligned_and_shared_by_copies) {
  const Tensor tensor(element::f32, {2, 3});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data()) % 64, 0U);
  EXPECT_EQ(tensor.get_byte_size(), 24U);
  const Tensor copy = tensor;
  copy.data<float>()[5] = 7;
  EXPECT_EQ(tensor.data<float>()[5], 7);
}

TEST(Tensors, own_memory_grows_and_keeps_its_place_when_it_shrinks) {
  Tensor tensor(element::u8, {16});
  const void* place = tensor.data();
  tensor.set_shape({4});
  EXPECT_EQ(tensor.data(), place);
  tensor.set_shape({16});
  EXPECT_EQ(tensor.data(), place);
  tensor.set_shape({1024});
  EXPECT_EQ(tensor.get_size(), 1024U);
  static_cast<std::uint8_t*>(tensor.data())[1023] = 1;
}

TEST(Tensors, caller_memory_is_used_as_it_is_and_cannot_grow) {
  std::array<float, 4> memory = {1, 2, 3, 4};
  Tensor tensor(element::f32, {4}, memory.data());
  EXPECT_EQ(tensor.data(), memory.data());
  tensor.set_shape({2});
  tensor.set_shape({4});
  EXPECT_THROW(tensor.set_shape({5}), Exception);
  EXPECT_EQ(tensor.get_shape(), Shape({4}));
  EXPECT_THROW(Tensor(element::f32, {4}, nullptr), Exception);
}

TEST(Tensors, an_owner_lives_as_long_as_its_memory_is_needed) {
  auto memory = std::make_shared<std::array<float, 4>>();
  const std::weak_ptr<void> watch = memory;
  Tensor tensor(element::f32, {4}, memory->data(), memory);
  memory.reset();
  EXPECT_THROW(tensor.set_shape({5}), Exception);
  std::shared_ptr<void> view = tensor.memory();
  tensor = {};
  EXPECT_FALSE(watch.expired());
  view.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(Tensors, a_view_of_own_memory_survives_growth) {
  Tensor tensor(element::u8, {1});
  const std::shared_ptr<void> view = tensor.memory();
  tensor.set_shape({1024});
  EXPECT_NE(tensor.data(), view.get());
  EXPECT_EQ(view.use_count(), 1);
}

TEST(Tensors, small_types_are_packed) {
  EXPECT_EQ(Tensor(element::i4, {3}).get_byte_size(), 2U);
  EXPECT_EQ(Tensor(element::u1, {9}).get_byte_size(), 2U);
}

TEST(Tensors, wrong_use_is_refused) {
  EXPECT_THROW((void)Tensor().get_shape(), Exception);
  EXPECT_THROW(Tensor(element::dynamic, {1}), Exception);
  EXPECT_THROW(Tensor(element::f32, {std::numeric_limits<std::size_t>::max() / 2}), Exception);
  EXPECT_THROW((void)Tensor(element::f32, {1}).data<std::int32_t>(), Exception);
}

TEST(Tensors, strings_are_objects_that_are_copied_and_kept) {
  Tensor from(element::string, {2});
  EXPECT_EQ(from.data<std::string>()[1], "");
  from.data<std::string>()[0] = std::string("a text that is too long to lie inside the object") + '\0';
  const Tensor to(element::string, {5});
  from.copy_to(to);
  EXPECT_EQ(to.get_shape(), (Shape{2}));
  EXPECT_EQ(to.data<std::string>()[0], from.data<std::string>()[0]);
  from.set_shape({9});
  EXPECT_EQ(from.data<std::string>()[8], "");
  std::string mine[2] = {"one", "two"};
  EXPECT_EQ(Tensor(element::string, {2}, mine).data<std::string>()[1], "two");
}

TEST(Tensors, copies_take_shape_and_values_but_not_another_type) {
  Tensor from(element::i32, {2});
  from.data<std::int32_t>()[0] = 5;
  from.data<std::int32_t>()[1] = 6;
  const Tensor to(element::i32, {7});
  from.copy_to(to);
  EXPECT_EQ(to.get_shape(), Shape({2}));
  EXPECT_EQ(to.data<std::int32_t>()[1], 6);
  EXPECT_THROW(from.copy_to(Tensor(element::f32, {2})), Exception);
}

TEST(Exceptions, B1401_subtypes_carry_their_code) {
  try {
    throw Busy("request is busy");
  } catch (const Exception& error) {
    EXPECT_STREQ(to_string(error.code()), "Busy");
    EXPECT_STREQ(error.what(), "request is busy");
  }
  EXPECT_EQ(Cancelled("x").code(), ErrorCode::Cancelled);
  EXPECT_EQ(NotImplemented("x").code(), ErrorCode::NotImplemented);
}

}  // namespace
}  // namespace baton
