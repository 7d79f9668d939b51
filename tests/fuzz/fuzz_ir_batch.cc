// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Any text as the XML of an IR: following a batch through it ends with an answer or a reason. The first bytes say where
// in an IR that is right the rest of the input is put, and how much it takes the place of: so it gets behind the
// parser.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "model/batch_obstacle.h"
#include "support/ir_builder.h"

namespace {

using namespace baton;  // NOLINT: a program of one file

void require(bool condition) {
  if (!condition) std::abort();
}

const test::IrGraph& right_ir() {
  static const test::IrGraph graph = [] {
    test::IrGraph ir;
    ir.parameter("x", {1, 4, 6, 6}).weights("k", {4, 4, 1, 1}).numbers("order", {0, 2, 3, 1}).numbers("shape", {0, -1});
    ir.numbers("axes", {2}).scalar("axis", 1);
    ir.layer("Convolution", "c", {"x", "k"}, {1, 4, 6, 6}).layer("Transpose", "t", {"c", "order"}, {1, 6, 6, 4});
    ir.layer("Add", "a", {"c", "x"}, {1, 4, 6, 6}, {{"auto_broadcast", "numpy"}});
    ir.layer("Concat", "j", {"a", "c"}, {1, 8, 6, 6}, {{"axis", "1"}});
    ir.layers("Split", "s", {"j", "axis"}, {{1, 4, 6, 6}, {1, 4, 6, 6}});
    ir.layer("ReduceMean", "m", {"s.1", "axes"}, {1, 4, 6}, {{"keep_dims", "false"}});
    ir.layer("Gather", "g", {"s", "axes", "axis"}, {1, 1, 6, 6}, {{"batch_dims", "0"}}, "opset8");
    ir.layer("StridedSlice", "u", {"t", "order", "order"}, {1, 6, 6, 4}, {{"begin_mask", "1,0"}, {"end_mask", "1,0"}});
    ir.layer("Reshape", "f", {"m", "shape"}, {1, 24}, {{"special_zero", "true"}});
    ir.numbers("zero", {0}).numbers("one", {1}).numbers("rest", {-1}).layer("ShapeOf", "l", {"f"}, {2}, {}, "opset3");
    ir.layer("StridedSlice", "n", {"l", "zero", "one", "one"}, {1}, {{"begin_mask", "0"}, {"end_mask", "0"}});
    ir.layer("Concat", "to", {"n", "rest"}, {2}, {{"axis", "0"}}).layer("Reshape", "y", {"f", "to"}, {1, 24});
    return ir.result("y");
  }();
  return graph;
}

std::string follow(std::string xml) {
  model::Facts facts;
  facts.format = model::Format::kIr;
  facts.inputs = {{{"x"}, element::f32, {1, 4, 6, 6}}};
  facts.outputs = {{{"y"}, element::f32, {1, 24}}};
  model::Source source{.format = model::Format::kIr,
                       .bytes = model::Bytes::own(std::move(xml)),
                       .weights = model::Bytes::own(right_ir().bin())};
  const model::Model model{std::make_shared<const model::ModelData>(std::move(source), std::move(facts)),
                           {PartialShape{1, 4, 6, 6}}};
  return model::batch_obstacle(model, {true}, {true});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string right = right_ir().xml();
  static const bool followed = follow(right).empty();
  require(followed);
  constexpr std::size_t kPlace = 3;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)follow(std::string(text));
  if (size < kPlace) return 0;
  const std::size_t at = (data[0] * 256U + data[1]) % right.size();
  std::string changed = right;
  changed.replace(at, std::min<std::size_t>(data[2], right.size() - at), text.substr(kPlace));
  (void)follow(std::move(changed));
  return 0;
}
