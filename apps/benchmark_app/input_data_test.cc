// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "input_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "baton/exception.hpp"
#include "support/temporary_folder.h"
#include "values.h"

namespace baton::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const InputDataLog kSilent{.info = [](const std::string&) {}, .warning = [](const std::string&) {}};

template <typename T>
std::vector<T> values_of(const Tensor& tensor) {
  return {tensor.data<T>(), tensor.data<T>() + tensor.get_size()};
}

/// A .npy file as numpy.save writes it.
std::string npy(const std::string& type, const std::string& shape, const std::string& bytes) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(117, ' ');
  header += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + std::string{static_cast<char>(header.size()), '\0'} + header + bytes;
}

template <typename T>
std::string bytes_of(std::vector<T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// A 24-bit .bmp of one row: blue, then red.
std::string two_pixels() {
  std::string bmp(54, '\0');
  const auto put = [&](std::size_t at, std::uint32_t value) { std::memcpy(bmp.data() + at, &value, 4); };
  bmp.replace(0, 2, "BM");
  put(2, 62);
  put(10, 54);
  put(14, 40);
  put(18, 2);
  put(22, 1);
  put(26, 1 | 24 << 16);
  return bmp + std::string("\xff\0\0\0\0\xff\0\0", 8);
}

class InputFilesTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& content) {
    return folder_.write(name, content).string();
  }
  std::string folder() const { return folder_.path().string(); }

  /// The tensors of one input fed by one value of -i.
  InputData data_for(InputPlan& plan, const std::string& text) {
    std::vector<InputPlan> plans{plan};
    InputData data = make_input_data(plans, map_input_files({text}, {plan.name}), kSilent);
    plan = plans.front();
    return data;
  }

  std::string error_for(InputPlan plan, const std::string& text) {
    try {
      data_for(plan, text);
    } catch (const Exception& error) {
      return error.what();
    }
    return "no error";
  }

  test::TemporaryFolder folder_;
};

InputPlan plan(const PartialShape& shape, element::Type type = element::f32) {
  InputPlan result{.name = "x", .type = type, .data_type = type, .layout = Layout::guess(shape), .shape = shape};
  if (shape.is_static()) result.data_shapes = {shape.to_shape()};
  return result;
}

TEST_F(InputFilesTest, files_folders_and_names) {
  const std::string a = write("d/a.png", ""), b = write("d/b.png", ""), c = write("c.npy", "");
  write("d/readme.txt", "");
  const InputMapping mapping = map_input_files({"x:" + folder() + "/d,y:" + c}, {"x", "y"});
  EXPECT_THAT(mapping.files.at("x").paths, ElementsAre(a, b));
  EXPECT_EQ(mapping.files.at("x").kind, InputFiles::Kind::kImages);
  EXPECT_THAT(mapping.files.at("y").paths, ElementsAre(c));
  EXPECT_THAT(mapping.warnings.at(0), HasSubstr("readme.txt"));
}

TEST_F(InputFilesTest, files_without_names_are_dealt_out) {
  const std::string a = write("a.bin", ""), b = write("b.bin", "");
  const InputMapping mapping = map_input_files({a, b}, {"x", "y"});
  EXPECT_THAT(mapping.files.at("x").paths, ElementsAre(a));
  EXPECT_THAT(mapping.files.at("y").paths, ElementsAre(b));
  EXPECT_EQ(mapping.warnings.size(), 1U);
}

TEST_F(InputFilesTest, random_is_no_file_and_mistakes_are_named) {
  EXPECT_TRUE(map_input_files({"random"}, {"x"}).files.empty());
  EXPECT_TRUE(map_input_files({"x:random"}, {"x"}).files.empty());
  EXPECT_THROW(map_input_files({folder() + "/nowhere.png"}, {"x"}), Exception);
  EXPECT_THROW(map_input_files({"z:" + folder()}, {"x"}), Exception);
  write("a.png", "");
  write("b.npy", "");
  EXPECT_THROW(map_input_files({folder()}, {"x"}), Exception) << "two kinds for one input";
}

TEST_F(InputFilesTest, pictures_become_planes_of_blue_green_red) {
  const std::string path = write("p.bmp", two_pixels());
  InputPlan input = plan({1, 3, 1, 2});
  input.layout = Layout("NCHW");
  EXPECT_THAT(values_of<float>(data_for(input, path).at(0)[0]), ElementsAre(255, 0, 0, 0, 0, 255));
  input.layout = Layout("NHWC");
  input.shape = PartialShape{1, 1, 2, 3};
  input.data_shapes = {Shape{1, 1, 2, 3}};
  EXPECT_THAT(values_of<float>(data_for(input, path).at(0)[0]), ElementsAre(255, 0, 0, 0, 0, 255));
  input.mean = {5, 0, 0};
  input.scale = {2};
  EXPECT_THAT(values_of<float>(data_for(input, path).at(0)[0]), ElementsAre(125, 0, 0, -2.5, 0, 127.5));
}

TEST_F(InputFilesTest, a_batch_takes_as_many_pictures) {
  const std::string path = write("p.bmp", two_pixels());
  InputPlan input = plan({2, 3, 4, 4});
  input.layout = Layout("NCHW");
  const Tensor tensor = data_for(input, path).at(0)[0];
  EXPECT_EQ(tensor.get_size(), 96U);
  EXPECT_EQ(std::memcmp(tensor.data<float>(), tensor.data<float>() + 48, 48 * sizeof(float)), 0) << "one used twice";
  EXPECT_THAT(error_for(plan({1, 64}), path), HasSubstr("takes no pictures"));
  EXPECT_THAT(error_for(input, write("broken.png", "no picture")), HasSubstr("broken.png"));
}

TEST_F(InputFilesTest, arrays) {
  InputPlan input = plan({1, 2});
  EXPECT_THAT(values_of<float>(data_for(input, write("a.npy", npy("<f4", "(1, 2)", bytes_of<float>({1, 2})))).at(0)[0]),
              ElementsAre(1, 2));
  EXPECT_THAT(error_for(input, write("b.npy", npy("<f4", "(2,)", bytes_of<float>({1, 2})))), HasSubstr("[2]"));
  EXPECT_THAT(error_for(input, write("c.npy", npy("<i8", "(1, 2)", bytes_of<std::int64_t>({1, 2})))), HasSubstr("i64"));
  EXPECT_THAT(error_for(input, write("d.npy", npy("<f4", "(1, 2)", "1234"))), HasSubstr("expected 8"));
  EXPECT_THAT(error_for(input, write("e.npy", "not numpy at all")), HasSubstr("not a .npy file"));
  input.data_type = element::u8;
  EXPECT_THAT(values_of<float>(data_for(input, write("f.npy", npy("|u1", "(1, 2)", "\x07\x09"))).at(0)[0]),
              ElementsAre(7, 9))
      << "converted";
}

TEST_F(InputFilesTest, arrays_give_a_dynamic_input_its_shapes) {
  write("d/1.npy", npy("<f4", "(1, 2)", bytes_of<float>({1, 2})));
  write("d/2.npy", npy("<f4", "(1, 3)", bytes_of<float>({1, 2, 3})));
  InputPlan input = plan({1, Dimension()});
  const InputData data = data_for(input, folder() + "/d");
  EXPECT_THAT(input.data_shapes, ElementsAre(Shape{1, 2}, Shape{1, 3}));
  EXPECT_EQ(data.at(1)[0].get_shape(), (Shape{1, 3}));
  EXPECT_EQ(data.at(2)[0].get_shape(), (Shape{1, 2})) << "in turn";
}

TEST_F(InputFilesTest, binaries_have_the_tensors_size) {
  InputPlan input = plan({1, 2});
  EXPECT_THAT(values_of<float>(data_for(input, write("a.bin", bytes_of<float>({3, 4}))).at(0)[0]), ElementsAre(3, 4));
  EXPECT_THAT(error_for(input, write("b.bin", "123")), HasSubstr("expected 8"));
}

TEST_F(InputFilesTest, a_dynamic_input_without_shapes_says_what_is_missing) {
  EXPECT_THAT(error_for(plan({1, Dimension()}), "random"), HasSubstr("-data_shape x[1,64]"));
}

TEST(RandomData, is_the_same_every_time_and_within_its_range) {
  for (const element::Type type :
       {element::f32, element::i64, element::u8, element::i8, element::boolean, element::f16}) {
    std::vector<InputPlan> plans{plan({1, 1000}, type)};
    const Tensor a = make_input_data(plans, {}, kSilent).at(0)[0], b = make_input_data(plans, {}, kSilent).at(0)[0];
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.get_byte_size()), 0) << type;
    if (type == element::f16) continue;
    for (std::size_t i = 0; i < a.get_size(); ++i) {
      const double value = read_value(type, a.data(), i);
      ASSERT_TRUE(value >= 0 && value <= 255) << type << " " << value;
    }
  }
}

TEST(WriteValues, keeps_integers_in_range_and_rounds_halves) {
  const Tensor bytes(element::u8, {3});
  write_values(bytes, [](std::size_t i) { return std::vector<double>{-5, 3.9, 400}[i]; });
  EXPECT_THAT(values_of<std::uint8_t>(bytes), ElementsAre(0, 3, 255));
  const auto bits = [](element::Type type, double value) {
    const Tensor tensor(type, {1});
    write_values(tensor, [value](std::size_t) { return value; });
    return *static_cast<const std::uint16_t*>(tensor.data());
  };
  EXPECT_EQ(bits(element::f16, 1), 0x3C00);
  EXPECT_EQ(bits(element::f16, -2.5), 0xC100);
  EXPECT_EQ(bits(element::f16, 255), 0x5BF8);
  EXPECT_EQ(bits(element::f16, 1e6), 0x7BFF);
  EXPECT_EQ(bits(element::f16, 0), 0);
  EXPECT_EQ(bits(element::bf16, 1), 0x3F80);
  EXPECT_THROW(write_values(Tensor(element::u4, {2}), [](std::size_t) { return 0.0; }), Exception);
}

}  // namespace
}  // namespace baton::bench
