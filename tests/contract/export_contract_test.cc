// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What an engine exports must come back as the same executable, and nothing else may pass for it (B-1001, B-1005).
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "contract/engine_harness.h"
#include "contract/subject.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

using engine::CompileRequest;
using engine::Profile;

constexpr std::size_t kWidth = 256;

/// Two layers with weights worth a mapping, an activation to fuse, and two outputs.
std::string network(const OnnxDim& rows) {
  std::vector<float> weights(kWidth * kWidth);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>((i * 31) % 17) / 170.f - 0.05f;
  OnnxGraph graph;
  graph.input("x", element::f32, {rows, static_cast<int>(kWidth)});
  graph.weights("w1", {kWidth, kWidth}, weights).weights("w2", {kWidth, kWidth}, weights);
  graph.weights("b", {kWidth}, std::vector<float>(kWidth, 0.25f));
  graph.node("MatMul", {"x", "w1"}, {"m1"}).node("Add", {"m1", "b"}, {"a1"}).node("Relu", {"a1"}, {"r1"});
  graph.node("MatMul", {"r1", "w2"}, {"m2"}).node("Softmax", {"m2"}, {"p"}, {int_attribute("axis", 1)});
  graph.output("r1", element::f32, {rows, static_cast<int>(kWidth)});
  graph.output("p", element::f32, {rows, static_cast<int>(kWidth)});
  return onnx_model(graph);
}

class ExportContract : public SubjectTest {
 protected:
  /// What the engine exports of the model; none where it says that it cannot.
  std::optional<std::string> exported(const CompileRequest& request) const {
    const auto executable = engine_->compile(request, {});
    if (!executable.is_ok()) {
      ADD_FAILURE() << executable.status().message();
      return std::nullopt;
    }
    EXPECT_FALSE(executable.value()->traits().loaded_from_cache);
    std::ostringstream out;
    const base::Status status = executable.value()->export_model(out);
    if (status.code() == base::StatusCode::kUnsupported) return std::nullopt;
    EXPECT_TRUE(status.is_ok()) << status.message() << status.details();
    return out.str();
  }

  static std::vector<std::vector<float>> answers(engine::Executable& executable, std::size_t rows) {
    std::vector<float> x(rows * kWidth);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
    auto request = executable.create_request();
    if (!request.is_ok()) return {};
    const auto result = run(*request.value(), {InputData::of<float>({rows, kWidth}, x)}, 2);
    EXPECT_TRUE(result.status.is_ok()) << result.status.message();
    return {result.outputs[0].values<float>(), result.outputs[1].values<float>()};
  }

  void expect_same(const CompileRequest& request, std::shared_ptr<const model::Bytes> blob, std::size_t rows) const {
    const auto compiled = engine_->compile(request, {});
    CompileRequest import = request;
    import.blob = std::move(blob);
    const auto imported = engine_->compile(import, {});
    ASSERT_TRUE(compiled.is_ok() && imported.is_ok()) << imported.status().message() << imported.status().details();
    EXPECT_TRUE(imported.value()->traits().loaded_from_cache);
    EXPECT_EQ(imported.value()->traits().precision, compiled.value()->traits().precision);
    EXPECT_EQ(imported.value()->traits().optimal_requests, compiled.value()->traits().optimal_requests);
    const auto expected = answers(*compiled.value(), rows);
    const auto got = answers(*imported.value(), rows);
    ASSERT_EQ(got.size(), 2u);
    for (std::size_t o = 0; o < 2; ++o) {
      ASSERT_EQ(got[o].size(), expected[o].size());
      for (std::size_t i = 0; i < got[o].size(); ++i) ASSERT_NEAR(got[o][i], expected[o][i], 1e-6f);
    }
  }
};

TEST_P(ExportContract, what_is_exported_loads_again_and_answers_the_same) {
  const CompileRequest request = request_for(model_of(network(2)));
  const auto blob = exported(request);
  if (!blob) GTEST_SKIP() << "exports nothing";
  expect_same(request, model::Bytes::own(*blob), 2);
}

TEST_P(ExportContract, from_the_middle_of_a_mapped_file_too) {
  const TemporaryFolder folder;
  const CompileRequest request = request_for(model_at(folder.write("model.onnx", network(1))));
  const auto blob = exported(request);
  if (!blob) GTEST_SKIP() << "exports nothing";
  const auto file = model::Bytes::map_file(folder.write("entry.blob", std::string(192, '#') + *blob));
  ASSERT_TRUE(file.is_ok());
  expect_same(request, model::Bytes::borrow(file.value()->span().subspan(192), file.value()), 1);
}

TEST_P(ExportContract, with_other_shapes_and_with_dynamic_ones) {
  const CompileRequest other = request_for(reshaped(model_of(network("n")), {PartialShape{3, 256}}));
  const auto blob = exported(other);
  if (!blob) GTEST_SKIP() << "exports nothing";
  expect_same(other, model::Bytes::own(*blob), 3);
  const CompileRequest dynamic = request_for(model_of(network("n")));
  const auto dynamic_blob = exported(dynamic);
  ASSERT_TRUE(dynamic_blob);
  expect_same(dynamic, model::Bytes::own(*dynamic_blob), 2);
  expect_same(dynamic, model::Bytes::own(*dynamic_blob), 5);
}

TEST_P(ExportContract, what_was_imported_can_be_exported_again) {
  CompileRequest request = request_for(model_of(network(1)));
  const auto blob = exported(request);
  if (!blob) GTEST_SKIP() << "exports nothing";
  CompileRequest import = request;
  import.blob = model::Bytes::own(*blob);
  const auto imported = engine_->compile(import, {});
  ASSERT_TRUE(imported.is_ok()) << imported.status().message();
  std::ostringstream out;
  const base::Status status = imported.value()->export_model(out);
  ASSERT_TRUE(status.is_ok()) << status.message();
  expect_same(request, model::Bytes::own(out.str()), 1);
}

TEST_P(ExportContract, B1005_what_is_no_export_is_refused) {
  CompileRequest request = request_for(model_of(network(1)));
  for (const std::string& garbage : {std::string("this is no export"), std::string(100000, '\xff')}) {
    request.blob = model::Bytes::own(garbage);
    const auto executable = engine_->compile(request, {});
    ASSERT_FALSE(executable.is_ok());
    EXPECT_FALSE(executable.status().message().empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, ExportContract,
                         testing::Values(Subject{"onnxruntime", Profile::kFast}, Subject{"onnxruntime", Profile::kFull},
                                         Subject{"openvino", Profile::kFull}, Subject{"sim", Profile::kFull}),
                         name_of);

}  // namespace
}  // namespace baton::test
