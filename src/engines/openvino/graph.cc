// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "graph.h"

#include <algorithm>
#include <istream>
#include <map>
#include <streambuf>
#include <string>

#include <openvino/frontend/input_model.hpp>
#include <openvino/runtime/tensor.hpp>

#include "convert.h"
#include "shared_core.h"

namespace baton::engine::openvino {
namespace {

using model::Format;

/// Reads memory as a file, without a copy of it.
class SpanBuffer final : public std::streambuf {
 public:
  explicit SpanBuffer(std::span<const std::byte> memory) {
    auto* begin = const_cast<char*>(reinterpret_cast<const char*>(memory.data()));  // never written: no overflow()
    setg(begin, begin, begin + memory.size());
  }

 protected:
  pos_type seekoff(off_type offset, std::ios_base::seekdir direction, std::ios_base::openmode) override {
    const char* base = direction == std::ios_base::beg ? eback() : direction == std::ios_base::cur ? gptr() : egptr();
    return seekpos(pos_type((base - eback()) + offset), std::ios_base::in);
  }
  pos_type seekpos(pos_type position, std::ios_base::openmode) override {
    const auto offset = static_cast<off_type>(position);
    if (offset < 0 || offset > egptr() - eback()) return pos_type(off_type(-1));
    setg(eback(), eback() + offset, egptr());
    return position;
  }
};

/// What the model is to be given: nothing when it is taken as declared.
struct WantedShapes {
  std::span<const model::Port> inputs;
  std::span<const PartialShape> shapes;
};

const char* front_end_name(Format format) {
  switch (format) {
    case Format::kOnnx: return "onnx";
    case Format::kPaddle: return "paddle";
    case Format::kTensorFlow: return "tf";
    case Format::kTfLite: return "tflite";
    case Format::kIr: break;
  }
  return "ir";
}

std::shared_ptr<ov::Model> read_ir(const model::Source& source) {
  if (source.path.empty()) {
    const auto xml = source.bytes->span();
    return shared_core().read_model(std::string(reinterpret_cast<const char*>(xml.data()), xml.size()),
                                    as_tensor(source.weights));
  }
  // Without this question OpenVINO hands an old IR to every other front end, one of which writes to stderr.
  if (!shared_front_ends().load_by_framework("ir")->supported(source.path.string())) {
    OPENVINO_THROW("not an OpenVINO IR of version 10 or 11; convert the original model again with a current release");
  }
  return shared_core().read_model(source.path.string(), source.weights_path.string());
}

/// Shapes are set before conversion: a front end may bake the declared shape into the graph (OpenVINO's turns an
/// adaptive pooling of PaddlePaddle into one of a fixed kernel), and reshaping afterwards would compute something else.
void set_shapes(ov::frontend::InputModel& input_model, const WantedShapes& wanted) {
  for (std::size_t i = 0; i < wanted.shapes.size(); ++i) {
    if (wanted.shapes[i] == wanted.inputs[i].shape) continue;
    for (const std::string& name : wanted.inputs[i].names) {
      const auto place = input_model.get_place_by_tensor_name(name);
      if (!place) continue;
      input_model.set_partial_shape(place, to_ov(wanted.shapes[i]));
      break;
    }
  }
}

std::shared_ptr<ov::Model> convert(const model::Source& source, Format format, const WantedShapes& wanted) {
  const auto front_end = shared_front_ends().load_by_framework(front_end_name(format));
  ov::frontend::InputModel::Ptr input_model;
  if (source.path.empty()) {
    SpanBuffer buffer(source.bytes->span());
    std::istream stream(&buffer);
    input_model = front_end->load(static_cast<std::istream*>(&stream));
  } else {
    constexpr bool kMapWeights = true;
    input_model = front_end->load(source.path.string(), kMapWeights);
  }
  set_shapes(*input_model, wanted);
  return front_end->convert(input_model);
}

/// For formats whose front end takes no shapes (IR).
void reshape(ov::Model& graph, const WantedShapes& wanted) {
  const auto matched = match_ports(wanted.inputs, std::as_const(graph).inputs());
  std::map<ov::Output<ov::Node>, ov::PartialShape> shapes;
  for (std::size_t i = 0; i < wanted.shapes.size(); ++i) {
    if (matched[i] < 0) continue;
    const auto input = graph.input(static_cast<std::size_t>(matched[i]));
    const ov::PartialShape shape = to_ov(wanted.shapes[i]);
    if (input.get_partial_shape() != shape) shapes.emplace(input, shape);
  }
  if (!shapes.empty()) graph.reshape(shapes);
}

}  // namespace

ov::Tensor as_tensor(const std::shared_ptr<const model::Bytes>& memory) {
  if (!memory || memory->size() == 0) return {};
  const ov::Tensor view(ov::element::u8, ov::Shape{memory->size()}, const_cast<std::byte*>(memory->data()));
  return ov::Tensor(view, std::const_pointer_cast<model::Bytes>(memory));
}

void open_front_end(Format format) { shared_front_ends().load_by_framework(front_end_name(format)); }

std::shared_ptr<ov::Model> read_graph(const model::Source& source, Format format) {
  return format == Format::kIr ? read_ir(source) : convert(source, format, {});
}

std::shared_ptr<const ov::Model> graph_for(const model::Model& model) {
  const auto kept = std::static_pointer_cast<ov::Model>(model.data->representation(kEngineName));
  if (kept && !model.is_reshaped()) return kept;
  const Format format = model.facts().format;
  const WantedShapes wanted{model.facts().inputs, model.input_shapes};
  std::shared_ptr<ov::Model> graph;
  if (format != Format::kIr) {
    graph = convert(model.data->source(), format, wanted);
  } else {
    graph = kept ? kept->clone() : read_ir(model.data->source());
  }
  reshape(*graph, wanted);
  return graph;
}

std::vector<int> match_ports(std::span<const model::Port> ports,
                             const std::vector<ov::Output<const ov::Node>>& outputs) {
  const auto matches = [&](const model::Port& port, std::size_t i) {
    const auto& names = outputs[i].get_names();
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return port.has_name(name); });
  };
  std::vector<int> matched(ports.size(), -1);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    // The own position first: several outputs may be one tensor with the names of all of them.
    if (i < outputs.size() && (outputs[i].get_names().empty() || matches(ports[i], i))) {
      matched[i] = static_cast<int>(i);
      continue;
    }
    for (std::size_t k = 0; k < outputs.size() && matched[i] < 0; ++k) {
      if (matches(ports[i], k)) matched[i] = static_cast<int>(k);
    }
  }
  return matched;
}

}  // namespace baton::engine::openvino
