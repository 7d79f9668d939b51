// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/hash.h"

#include <gtest/gtest.h>

#include "model/source.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::model {
namespace {

std::string fingerprint(const std::string& onnx) { return fingerprint_of(open_memory(Bytes::own(onnx)).value()); }

/// A model whose structure depends on one attribute and whose weights are `values`.
std::string conv(int stride, const std::vector<float>& values) {
  const auto length = static_cast<std::int64_t>(values.size());
  return test::onnx_model(test::OnnxGraph()
                              .input("x", element::f32, {1, 1, 4, 4})
                              .weights("w", {1, 1, 1, length}, values)
                              .node("Conv", {"x", "w"}, {"y"}, {test::ints_attribute("strides", {stride, stride})})
                              .output("y", element::f32, {1, 1, "h", "w"}));
}

TEST(Fingerprint, is_that_of_the_bytes_and_not_of_the_path) {
  const test::TemporaryFolder folder;
  const std::vector<float> values(8, 0.5F);
  const std::string from_memory = fingerprint(conv(1, values));
  EXPECT_EQ(from_memory.size(), 32U);
  EXPECT_EQ(from_memory, fingerprint_of(open_source(folder.write("a.onnx", conv(1, values))).value()));
}

TEST(Fingerprint, any_change_of_the_structure_changes_it) {
  std::vector<float> values(20000, 0.5F);
  const std::string plain = fingerprint(conv(1, values));
  EXPECT_NE(plain, fingerprint(conv(2, values))) << "the files are of one length and differ in one attribute";
  values.push_back(0.5F);
  EXPECT_NE(plain, fingerprint(conv(1, values)));
}

TEST(Fingerprint, of_the_weights_a_sample_counts) {
  std::vector<float> values(20000, 0.5F);
  const std::string plain = fingerprint(conv(1, values));
  values[10000] = 1;
  EXPECT_EQ(plain, fingerprint(conv(1, values))) << "in the middle of a tensor: not read";
  values[0] = 1;
  EXPECT_NE(plain, fingerprint(conv(1, values)));
}

TEST(Fingerprint, of_a_weights_file_blocks_all_over_it_count) {
  const auto of = [](std::string weights) {
    return fingerprint_of({Format::kIr, {}, {}, Bytes::own("<net"), Bytes::own(std::move(weights)), {}});
  };
  std::string weights(8UL << 20U, 'a');
  const std::string plain = of(weights);
  EXPECT_EQ(plain, of(weights));
  for (const std::size_t place : {std::size_t{0}, weights.size() - 1}) {
    std::string changed = weights;
    changed[place] = 'b';
    EXPECT_NE(plain, of(changed)) << place;
  }
  weights.push_back('a');
  EXPECT_NE(plain, of(weights));
}

TEST(Fingerprint, damaged_bytes_have_one_too) {
  EXPECT_NE(fingerprint_of({Format::kOnnx, {}, {}, Bytes::own("\xff\xff\xff"), nullptr, {}}),
            fingerprint_of({Format::kOnnx, {}, {}, Bytes::own("\xff\xff\xfe"), nullptr, {}}));
}

}  // namespace
}  // namespace baton::model
