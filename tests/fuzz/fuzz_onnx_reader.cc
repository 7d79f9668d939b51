// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Arbitrary bytes as a model: opening, reading and reshaping end with an answer or an error, and what was reshaped can
// be read again with the same ports and weights.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "model/onnx_reader.h"
#include "model/onnx_reshape.h"
#include "model/source.h"

namespace {

using namespace baton;  // NOLINT: a program of one file

std::shared_ptr<const model::ModelData> read(std::shared_ptr<const model::Bytes> bytes) {
  model::Source source;
  source.bytes = std::move(bytes);
  auto data = model::read_onnx(std::move(source));
  return data.is_ok() ? data.value() : nullptr;
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = model::Bytes::borrow(std::as_bytes(std::span(data, size)), nullptr);
  (void)model::open_memory(bytes, bytes);
  const auto model = read(bytes);
  if (model == nullptr) return 0;

  std::vector<PartialShape> shapes;
  for (const model::Port& input : model->facts().inputs) {
    PartialShape shape = input.shape;
    for (Dimension& dimension : shape) dimension = dimension.is_static() ? Dimension() : Dimension(3);
    shapes.push_back(shape);
  }
  const auto reshaped = model::with_input_shapes(*model, shapes);
  if (!reshaped.is_ok()) return 0;
  const auto again = read(model::Bytes::own(reshaped.value()));
  require(again != nullptr);
  require(again->facts().inputs.size() == shapes.size());
  require(again->facts().weight_bytes == model->facts().weight_bytes);
  require(again->facts().operators == model->facts().operators);
  return 0;
}
