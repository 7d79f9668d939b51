// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/layout.hpp"

#include <gtest/gtest.h>

#include "baton/exception.hpp"

namespace baton {
namespace {

TEST(LayoutTest, letters_and_names) {
  EXPECT_EQ(Layout("nchw").to_string(), "[N,C,H,W]");
  EXPECT_EQ(Layout("[batch, channels, height ,width]"), Layout("NCHW"));
  EXPECT_EQ(Layout("[row,column_2]").to_string(), "[ROW,COLUMN_2]");
  EXPECT_EQ(Layout("N??C").to_string(), "[N,?,?,C]");
  EXPECT_EQ(Layout("N...C").to_string(), "[N,...,C]");
  EXPECT_EQ(Layout("...").to_string(), "[...]");
  EXPECT_TRUE(Layout("").empty() && Layout().empty());
  EXPECT_FALSE(Layout("?").empty());
}

TEST(LayoutTest, dimensions_behind_the_dots_count_from_the_end) {
  const Layout layout("N...HWC");
  EXPECT_EQ(layout::batch_idx(layout), 0);
  EXPECT_EQ(layout::height_idx(layout), -3);
  EXPECT_EQ(layout::channels_idx(layout), -1);
  EXPECT_TRUE(layout::has_width(layout));
  EXPECT_FALSE(layout::has_depth(layout));
  EXPECT_EQ(layout.get_index_by_name("channel"), -1);
  EXPECT_THROW((void)layout::depth_idx(layout), Exception);
  EXPECT_FALSE(Layout("N?").has_name("?"));
}

TEST(LayoutTest, scalars_have_no_dimension) {
  EXPECT_EQ(Layout::scalar().to_string(), "**SCALAR**");
  EXPECT_EQ(Layout("**SCALAR**"), Layout::scalar());
  EXPECT_NE(Layout::scalar(), Layout());
  EXPECT_FALSE(Layout::scalar().empty());
}

TEST(LayoutTest, what_is_no_layout_is_refused_with_the_text) {
  for (const char* text : {"NN", "N C", "N,C", "N....", "[N,...,...]", "[]", "[N", "[batch,n]", "N-C"}) {
    try {
      const Layout layout(text);
      ADD_FAILURE() << text << " became " << layout.to_string();
    } catch (const Exception& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
      EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace baton
