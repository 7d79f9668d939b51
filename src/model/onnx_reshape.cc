// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_reshape.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/onnx_fields.h"
#include "model/onnx_values.h"
#include "model/wire.h"

namespace baton::model {

namespace {

using namespace onnx;
using base::Result;
using base::Status;

// No stack for deeper files; the reader refuses them first.
constexpr int kMaxDepth = 32;

/// Copies a message; `edit(field, writer)` writes what stands in place of a field.
template <typename Edit>
Status rewrite(ByteSpan message, WireWriter& writer, const Edit& edit) {
  return visit_fields(message, "model", [&](const WireField& field) { return edit(field, writer); });
}

/// As `rewrite`, into a submessage of `writer` with the field's number.
template <typename Edit>
Status rewrite_submessage(const WireField& field, WireWriter& writer, const Edit& edit) {
  WireWriter inner;
  BATON_RETURN_IF_ERROR(rewrite(field.payload, inner, edit));
  writer.append_message(field.number, std::move(inner));
  return Status::ok();
}

Status keep(const WireField& field, WireWriter& writer) {
  writer.append_raw(field.raw);
  return Status::ok();
}

void append_dimension(const Dimension& dimension, WireWriter& writer) {
  WireWriter inner;
  if (dimension.is_static())
    inner.append_varint(dimension_proto::kValue, static_cast<std::uint64_t>(dimension.get_length()));
  writer.append_message(shape_proto::kDimension, std::move(inner));
}

/// True when the dimension states no length: it may have a name, which then ties it to others.
Result<bool> is_open(ByteSpan dimension) {
  bool open = true;
  const Status status = visit_fields(dimension, "dimension", [&](const WireField& field) {
    open = open && field.number != dimension_proto::kValue;
    return Status::ok();
  });
  if (!status.is_ok()) return status;
  return open;
}

/// Writes `shape` in place of the declared one; where both leave a length open the declared name stays.
Status replace_shape(ByteSpan declared, const PartialShape& shape, WireWriter& writer) {
  if (!shape.rank_is_static()) return Status::ok();
  std::vector<WireField> dimensions;
  BATON_RETURN_IF_ERROR(visit_fields(declared, "shape", [&](const WireField& field) {
    if (field.is_bytes(shape_proto::kDimension)) dimensions.push_back(field);
    return Status::ok();
  }));
  WireWriter inner;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    Result<bool> open = i < dimensions.size() ? is_open(dimensions[i].payload) : Result<bool>(false);
    if (!open.is_ok()) return open.status();
    if (open.value() && shape[i].is_dynamic()) {
      inner.append_raw(dimensions[i].raw);
    } else {
      append_dimension(shape[i], inner);
    }
  }
  writer.append_message(tensor_type_proto::kShape, std::move(inner));
  return Status::ok();
}

/// Keeps the rank, forgets the lengths.
Status open_shape(const WireField& shape, WireWriter& writer) {
  return rewrite_submessage(shape, writer, [](const WireField& field, WireWriter& out) {
    if (field.is_bytes(shape_proto::kDimension)) append_dimension(Dimension::dynamic(), out);
    return Status::ok();
  });
}

/// Edits a ValueInfoProto: puts `shape` in, or opens the declared one when it is null.
Status edit_value(const WireField& value, const PartialShape* shape, WireWriter& writer) {
  const auto edit_tensor = [shape](const WireField& tensor, WireWriter& out) {
    ByteSpan declared;
    BATON_RETURN_IF_ERROR(rewrite(tensor.payload, out, [&](const WireField& field, WireWriter& type) {
      if (!field.is_bytes(tensor_type_proto::kShape)) return keep(field, type);
      declared = field.payload;
      return shape == nullptr ? open_shape(field, type) : Status::ok();
    }));
    return shape == nullptr ? Status::ok() : replace_shape(declared, *shape, out);
  };
  return rewrite_submessage(value, writer, [&](const WireField& field, WireWriter& out) {
    if (!field.is_bytes(value_info_proto::kType)) return keep(field, out);
    return rewrite_submessage(field, out, [&](const WireField& kind, WireWriter& type) {
      if (!kind.is_bytes(type_proto::kTensor)) return keep(kind, type);
      WireWriter inner;
      BATON_RETURN_IF_ERROR(edit_tensor(kind, inner));
      type.append_message(kind.number, std::move(inner));
      return Status::ok();
    });
  });
}

/// New shapes by input name; empty for the bodies of loops and branches.
using ShapesByName = std::unordered_map<std::string_view, const PartialShape*>;

Status edit_graph(const WireField& graph, const ShapesByName& shapes, int depth, WireWriter& writer);

/// Nodes are copied, but for bodies inside of them, which state shapes too.
Status edit_node(const WireField& node, int depth, WireWriter& writer) {
  bool has_body = false;
  WireWriter edited;
  BATON_RETURN_IF_ERROR(rewrite(node.payload, edited, [&](const WireField& field, WireWriter& out) {
    if (!field.is_bytes(node_proto::kAttribute)) return keep(field, out);
    return rewrite_submessage(field, out, [&](const WireField& part, WireWriter& attribute) {
      if (!part.is_bytes(attribute_proto::kGraph) && !part.is_bytes(attribute_proto::kGraphs))
        return keep(part, attribute);
      has_body = true;
      return edit_graph(part, {}, depth + 1, attribute);
    });
  }));
  if (!has_body) return keep(node, writer);
  writer.append_message(node.number, std::move(edited));
  return Status::ok();
}

Status edit_graph(const WireField& graph, const ShapesByName& shapes, int depth, WireWriter& writer) {
  if (depth > kMaxDepth) return Status::invalid_argument("its graphs are nested too deeply");
  return rewrite_submessage(graph, writer, [&](const WireField& field, WireWriter& out) {
    if (field.type != WireType::kBytes) return keep(field, out);
    switch (field.number) {
      case graph_proto::kNode: return edit_node(field, depth, out);
      case graph_proto::kValueInfo: return Status::ok();
      case graph_proto::kOutput: return edit_value(field, nullptr, out);
      case graph_proto::kInput: {
        const Result<OnnxValueInfo> info = read_onnx_value_info(field.payload);
        if (!info.is_ok()) return info.status();
        const auto found = shapes.find(info->name);
        if (found != shapes.end()) return edit_value(field, found->second, out);
        return depth == 0 ? keep(field, out) : edit_value(field, nullptr, out);
      }
      default: return keep(field, out);
    }
  });
}

}  // namespace

Status check_reshape(const Facts& facts, std::size_t index, const PartialShape& shape) {
  if (index >= facts.inputs.size()) {
    return Status::invalid_argument("there is no input " + std::to_string(index) + "; the model has " +
                                    std::to_string(facts.inputs.size()) + " inputs, counted from 0");
  }
  const Port& port = facts.inputs[index];
  if (!shape.rank_is_static() || !port.shape.rank_is_static() || shape.size() == port.shape.size()) return Status::ok();
  return Status::invalid_argument("input '" + port.any_name() + "' cannot take shape " + shape.to_string() +
                                  " of rank " + std::to_string(shape.size()) + "; the model declares " +
                                  port.shape.to_string() + " of rank " + std::to_string(port.shape.size()));
}

Result<std::string> with_input_shapes(const ModelData& model, std::span<const PartialShape> shapes) {
  const Facts& facts = model.facts();
  if (shapes.size() != facts.inputs.size()) {
    return Status::invalid_argument("got " + std::to_string(shapes.size()) + " shapes for the " +
                                    std::to_string(facts.inputs.size()) + " inputs of " +
                                    model.source().display_name() + "; give one shape per input");
  }
  ShapesByName by_name;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    BATON_RETURN_IF_ERROR(check_reshape(facts, i, shapes[i]));
    by_name.emplace(facts.inputs[i].any_name(), &shapes[i]);
  }
  WireWriter writer;
  BATON_RETURN_IF_ERROR(rewrite(model.source().bytes->span(), writer, [&](const WireField& field, WireWriter& out) {
    if (field.is_bytes(model_proto::kGraph)) return edit_graph(field, by_name, 0, out);
    if (!field.is_bytes(model_proto::kFunction)) return keep(field, out);
    return rewrite_submessage(field, out, [](const WireField& part, WireWriter& function) {
      return part.is_bytes(function_proto::kValueInfo) ? Status::ok() : keep(part, function);
    });
  }));
  return writer.str();
}

}  // namespace baton::model
