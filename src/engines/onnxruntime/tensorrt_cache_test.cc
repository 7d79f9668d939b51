// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Files of TensorRT's own, written by the test in its place.
#include "tensorrt_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>

#include "support/temporary_folder.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
namespace fs = std::filesystem;
using base::Status;
using Options = std::map<std::string, std::string>;

const TensorRtBuild kBuild{"1.31.1", "101600", "NVIDIA H100", "580.159.04"};

void put(const fs::path& file, const std::string& content) { std::ofstream(file, std::ios::binary) << content; }

model::Model model_of(const std::string& bytes, PartialShape shape = PartialShape{1, 4}) {
  model::Source source;
  source.bytes = model::Bytes::own(bytes);
  model::Model model;
  model.data = std::make_shared<const model::ModelData>(std::move(source), model::Facts());
  model.input_shapes = {std::move(shape)};
  return model;
}

class TensorRtCaches : public ::testing::Test {
 protected:
  TensorRtCaches() {
    request_.model = model_of("a model");
    request_.cache_folder = folder_.path() / "own";
  }

  TensorRtCache cache() const { return TensorRtCache(kBuild, request_, {{"device_id", "0"}}); }
  /// What a load leaves there.
  static void build(const TensorRtCache& cache, const std::string& name = "graph_0_sm90.engine") {
    fs::create_directories(cache.engines());
    put(cache.engines() / name, "engine");
  }

  test::TemporaryFolder folder_;
  CompileRequest request_;
};

TEST_F(TensorRtCaches, without_a_folder_nothing_is_written_or_told) {
  request_.cache_folder.clear();
  TensorRtCache none = cache();
  Options options{{"device_id", "0"}};
  none.add_to(options);
  EXPECT_THAT(options, UnorderedElementsAre(Pair("device_id", "0")));
  EXPECT_FALSE(none.was_read(request_.model));
  EXPECT_FALSE(none.forget_if_refused(Status::device_failed("could not deserialize engine from cache")));
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(TensorRtCaches, B1018_the_provider_is_told_folders_below_the_pairs_own) {
  TensorRtCache own = cache();
  Options options{{"device_id", "0"}};
  own.add_to(options);
  EXPECT_EQ(options.at("trt_engine_cache_enable"), "1");
  EXPECT_EQ(options.at("trt_timing_cache_enable"), "1");
  EXPECT_EQ(options.at("trt_engine_cache_path"), own.engines().string());
  EXPECT_EQ(options.at("trt_timing_cache_path"), own.engines().parent_path().string());
  EXPECT_EQ(own.engines().parent_path().parent_path(), request_.cache_folder);
  EXPECT_TRUE(fs::is_directory(own.engines()));
}

TEST_F(TensorRtCaches, the_users_own_cache_stays) {
  TensorRtCache own = cache();
  Options options{{"trt_engine_cache_enable", "0"}, {"trt_engine_cache_path", "/elsewhere"}};
  own.add_to(options);
  EXPECT_EQ(options.at("trt_engine_cache_enable"), "0");
  EXPECT_EQ(options.at("trt_engine_cache_path"), "/elsewhere");
}

TEST_F(TensorRtCaches, B1006_where_nothing_can_be_written_it_goes_without) {
  put(request_.cache_folder, "a file");
  TensorRtCache none = cache();
  Options options;
  none.add_to(options);
  EXPECT_THAT(options, IsEmpty());
  EXPECT_FALSE(none.was_read(request_.model));
}

TEST_F(TensorRtCaches, B1002_whatever_an_engine_depends_on_has_a_folder_of_its_own) {
  const Options options{{"device_id", "0"}};
  std::set<fs::path> folders{TensorRtCache(kBuild, request_, options).engines()};
  const auto add = [&](const std::string& what, const TensorRtBuild& build, const CompileRequest& request,
                       const Options& given) {
    EXPECT_TRUE(folders.insert(TensorRtCache(build, request, given).engines()).second) << what;
  };
  const auto with = [&](const std::function<void(CompileRequest&)>& change) {
    CompileRequest changed = request_;
    change(changed);
    return changed;
  };
  add("weights", kBuild, with([](auto& r) { r.model = model_of("another"); }), options);
  add("shapes", kBuild, with([](auto& r) { r.model = model_of("a model", PartialShape{2, 4}); }), options);
  add("profile", kBuild, with([](auto& r) { r.profile = Profile::kFast; }), options);
  add("options", kBuild, request_, {{"device_id", "0"}, {"trt_fp16_enable", "1"}});
  add("onnxruntime", {"1.32.0", "101600", "NVIDIA H100", "580.159.04"}, request_, options);
  add("tensorrt", {"1.31.1", "101700", "NVIDIA H100", "580.159.04"}, request_, options);
  add("gpu", {"1.31.1", "101600", "NVIDIA H200", "580.159.04"}, request_, options);
  add("driver", {"1.31.1", "101600", "NVIDIA H100", "590.1"}, request_, options);
  add("arithmetic", {"1.31.1", "101600", "NVIDIA H100", "580.159.04", /*tf32=*/false}, request_, options);
  EXPECT_EQ(TensorRtCache(kBuild, request_, {{"device_id", "3"}}).engines(), cache().engines())
      << "the number of the GPU in this process is not in it";
}

TEST_F(TensorRtCaches, B1003_the_same_bytes_under_another_name_share_it) {
  const fs::path before = cache().engines();
  request_.model = model_of("a model");
  EXPECT_EQ(cache().engines(), before);
}

TEST_F(TensorRtCaches, B1008_read_means_that_engines_were_there_and_none_was_made) {
  Options options;
  TensorRtCache first = cache();
  first.add_to(options);
  EXPECT_FALSE(first.was_read(request_.model));
  build(first);
  EXPECT_FALSE(first.was_read(request_.model)) << "this load built it";

  TensorRtCache second = cache();
  second.add_to(options);
  EXPECT_TRUE(second.was_read(request_.model));
  EXPECT_FALSE(second.was_read(model_of("a model", PartialShape{-1, 4}))) << "what is not known is not claimed";
  build(second, "graph_1_sm90.engine");
  EXPECT_FALSE(second.was_read(request_.model)) << "another part of the graph was built";

  TensorRtCache third = cache();
  third.add_to(options);
  fs::last_write_time(third.engines() / "graph_0_sm90.engine",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_FALSE(third.was_read(request_.model)) << "one was written anew";
}

TEST_F(TensorRtCaches, B1005_a_file_that_is_refused_is_removed_and_built_again) {
  const char* const refusals[] = {
      "cannot load x: TensorRT EP could not deserialize engine from cache: /c/graph_0_sm90.engine",
      "cannot load x: TensorRT EP failed to deserialize engine for fused node: graph_0",
      "cannot load x: TensorRT EP could not create timing cache: /c/TensorrtExecutionProvider_cache_sm90.timing"};
  for (const char* text : refusals) {
    Options options;
    build(cache());
    TensorRtCache own = cache();
    own.add_to(options);
    const fs::path file = own.engines() / "graph_0_sm90.engine";
    const auto time = fs::last_write_time(file);
    EXPECT_TRUE(own.forget_if_refused(Status::device_failed(text))) << text;
    EXPECT_TRUE(fs::is_directory(own.engines()) && fs::is_empty(own.engines())) << "there, for the next try";
    build(own);
    fs::last_write_time(file, time);  // clocks of file systems are coarse
    EXPECT_FALSE(own.was_read(request_.model));
    fs::remove_all(request_.cache_folder);
  }
}

TEST_F(TensorRtCaches, other_failures_leave_it_alone) {
  Options options;
  TensorRtCache own = cache();
  own.add_to(options);
  EXPECT_FALSE(own.forget_if_refused(Status::device_failed("TensorRT EP could not deserialize engine from cache: x")))
      << "nothing of ours is there";
  build(own);
  EXPECT_FALSE(own.forget_if_refused(Status::device_failed("TensorRT EP failed to create engine from network.")));
  EXPECT_FALSE(fs::is_empty(own.engines()));
}

}  // namespace
}  // namespace baton::engine::onnxruntime
