// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "text_picture.h"
#include "text_reader.h"

namespace baton::tool {
namespace {

TEST(TextPicture, ink_stands_in_the_middle_on_white) {
  const GreyPicture picture = draw_text("I", 320, 48);
  ASSERT_EQ(picture.pixels.size(), 320U * 48U);
  EXPECT_EQ(picture.at(0, 0), 255);
  EXPECT_LT(picture.at(160 - 2, 24), 100);  // the stem of the I
  EXPECT_EQ(picture.at(160 - 40, 24), 255);
}

TEST(TextPicture, small_letters_are_capitals_and_unknown_ones_blank) {
  EXPECT_EQ(draw_text("baton 7", 320, 48).pixels, draw_text("BATON 7", 320, 48).pixels);
  EXPECT_EQ(draw_text("B$", 320, 48).pixels, draw_text("B ", 320, 48).pixels);
  EXPECT_NE(draw_text("B", 320, 48).pixels, draw_text("8", 320, 48).pixels);
}

TEST(TextPicture, a_line_too_long_leaves_the_picture_white) {
  const GreyPicture picture = draw_text(std::string(60, 'M'), 320, 48);
  EXPECT_TRUE(std::all_of(picture.pixels.begin(), picture.pixels.end(), [](float value) { return value == 255; }));
}

TEST(TextPicture, a_terminal_shows_only_rows_with_ink) {
  GreyPicture picture{4, 6, std::vector<float>(24, 255)};
  picture.at(1, 2) = 0;
  picture.at(2, 3) = 0;
  picture.at(3, 2) = picture.at(3, 3) = 0;
  EXPECT_EQ(to_terminal(picture, 4), " ▀▄█\n");
}

TEST(TextReader, repeats_are_one_character_and_class_0_separates) {
  const TextReader reader("a\nb");
  ASSERT_EQ(reader.classes(), 4U);  // nothing, a, b, blank
  const auto scores = [](std::initializer_list<int> best) {
    std::vector<float> values;
    for (int index : best) {
      std::array<float, 4> place{};
      place[static_cast<std::size_t>(index)] = 1;
      values.insert(values.end(), place.begin(), place.end());
    }
    return values;
  };
  EXPECT_EQ(reader.read(scores({1, 1, 0, 1, 2, 2})), "aab");
  EXPECT_EQ(reader.read(scores({3, 1, 3, 2, 0, 3})), "a b");
  EXPECT_EQ(reader.read(scores({0, 3, 0})), "");
}

}  // namespace
}  // namespace baton::tool
