// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baton/exception.hpp"
#include "baton/model.hpp"
#include "runtime/port_table.h"

namespace baton::runtime {
namespace {

using testing::HasSubstr;

Model model_with(std::map<std::vector<std::string>, std::string> metadata) {
  model::Facts facts;
  facts.metadata = std::move(metadata);
  auto data = std::make_shared<const model::ModelData>(model::Source{}, std::move(facts));
  return Model(std::make_shared<Port::Table>(model::Model{std::move(data), {}}, nullptr));
}

TEST(ModelRtInfo, is_read_by_path_and_as_the_type_asked_for) {
  const Model model = model_with({{{"info", "labels"}, "cat dog"}, {{"info", "resize", "keep"}, "true"}, {{"n"}, "3"}});
  EXPECT_EQ(model.get_rt_info<int>("n"), 3);
  EXPECT_EQ(model.get_rt_info<std::string>("info", "labels"), "cat dog");
  EXPECT_EQ(model.get_rt_info<std::vector<std::string>>("info", "labels"), (std::vector<std::string>{"cat", "dog"}));
  EXPECT_TRUE(model.get_rt_info<bool>({"info", "resize", "keep"}));
  EXPECT_TRUE(model.get_rt_info<Any>("info", "resize").is<AnyMap>());
}

TEST(ModelRtInfo, inner_entries_are_maps) {
  const Model model = model_with({{{"info", "a"}, "1"}, {{"info", "deep", "b"}, "2"}, {{"info", "deep", "c"}, "3"}});
  const AnyMap all = model.get_rt_info();
  ASSERT_EQ(all.size(), 1U);
  const auto info = all.at("info").as<AnyMap>();
  EXPECT_EQ(info.at("a"), Any("1"));
  EXPECT_EQ(info.at("deep").as<AnyMap>().at("c"), Any("3"));
  EXPECT_EQ(model.get_rt_info<AnyMap>("info", "deep").size(), 2U);
  EXPECT_TRUE(model_with({}).get_rt_info().empty());
}

TEST(ModelRtInfo, a_path_that_is_not_there) {
  const Model model = model_with({{{"info", "labels"}, "cat"}});
  EXPECT_TRUE(model.has_rt_info("info") && model.has_rt_info({"info", "labels"}));
  EXPECT_FALSE(model.has_rt_info("labels") || model.has_rt_info("info", "labels", "cat"));
  try {
    (void)model.get_rt_info<std::string>("info", "none");
    FAIL() << "nothing was thrown";
  } catch (const Exception& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("no rt_info 'info/none'"));
  }
}

}  // namespace
}  // namespace baton::runtime
