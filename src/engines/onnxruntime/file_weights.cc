// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "file_weights.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdint>
#include <cstdio>
#include <deque>
#include <fstream>
#include <optional>
#include <utility>

#include "model/onnx_fields.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Status;
using model::ByteSpan;
using model::WireField;
using model::WireReader;
using model::WireWriter;
namespace onnx = model::onnx;

constexpr std::size_t kLargeTensor = 4096;      ///< a page: less is not worth a mapping
constexpr std::size_t kWorthwhile = 64 * 1024;  ///< bytes moved out, else the copy is cheaper than the detour
constexpr std::uint64_t kExternal = 1;          ///< TensorProto::DataLocation

/// Copies a model through, leaving large payloads out. Anything unusual makes `rewrite` fail, never guess.
class Rewriter {
 public:
  Rewriter(ByteSpan model, const std::string& file_name, std::size_t offset)
      : model_(model), file_name_(file_name), offset_(offset) {}

  std::optional<std::string> rewrite() {
    WireWriter out;
    const Status status = model::visit_fields(model_, "model", [&](const WireField& field) {
      if (!field.is_bytes(onnx::model_proto::kGraph)) return copy(field, out);
      return nested(field, out, [this](ByteSpan graph, WireWriter& w) { return rewrite_graph(graph, w); });
    });
    if (!status.is_ok() || moved_ < kWorthwhile) return std::nullopt;
    return out.str();
  }

 private:
  static Status copy(const WireField& field, WireWriter& out) {
    out.append_raw(field.raw);
    return Status::ok();
  }

  template <typename Rewrite>
  static Status nested(const WireField& field, WireWriter& out, Rewrite&& rewrite) {
    WireWriter inner;
    BATON_RETURN_IF_ERROR(rewrite(field.payload, inner));
    out.append_message(field.number, std::move(inner));
    return Status::ok();
  }

  Status rewrite_graph(ByteSpan graph, WireWriter& out) {
    return model::visit_fields(graph, "graph", [&](const WireField& field) {
      if (field.is_bytes(onnx::graph_proto::kInitializer)) {
        return nested(field, out, [this](ByteSpan t, WireWriter& w) { return rewrite_tensor(t, {}, w); });
      }
      if (field.is_bytes(onnx::graph_proto::kNode)) {
        if (const auto constant = constant_node(field.payload)) {
          WireWriter inner;
          BATON_RETURN_IF_ERROR(rewrite_tensor(constant->tensor, constant->output, inner));
          out.append_message(onnx::graph_proto::kInitializer, std::move(inner));
          return Status::ok();
        }
      }
      return copy(field, out);
    });
  }

  struct Constant {
    ByteSpan tensor;
    ByteSpan output;  ///< its name
  };

  /// A Constant node with a large tensor: the same as an initializer of its output's name. Nodes and initializers may
  /// stand in any order in a graph message.
  static std::optional<Constant> constant_node(ByteSpan node) {
    Constant constant;
    bool is_constant = false;
    WireReader reader(node);
    while (const auto field = reader.next()) {
      if (field->is_bytes(onnx::node_proto::kOpType)) is_constant = field->text() == "Constant";
      if (field->is_bytes(onnx::node_proto::kDomain) && !field->payload.empty()) return std::nullopt;
      if (field->is_bytes(onnx::node_proto::kOutput)) constant.output = field->payload;
      if (!field->is_bytes(onnx::node_proto::kAttribute)) continue;
      WireReader attribute(field->payload);
      while (const auto part = attribute.next()) {
        if (part->is_bytes(onnx::attribute_proto::kTensor)) constant.tensor = part->payload;
      }
    }
    if (!is_constant || constant.output.empty() || constant.tensor.size() < kLargeTensor) return std::nullopt;
    return constant;
  }

  /// `name` replaces the tensor's own unless empty.
  Status rewrite_tensor(ByteSpan tensor, ByteSpan name, WireWriter& out) {
    const ByteSpan* payload = nullptr;
    ByteSpan found;
    BATON_RETURN_IF_ERROR(model::visit_fields(tensor, "tensor", [&](const WireField& field) {
      if (field.is_varint(onnx::tensor_proto::kDataLocation) && field.value == kExternal) {
        return Status::unsupported("external data");
      }
      if (field.number == onnx::tensor_proto::kName && !name.empty()) return Status::ok();
      if (field.is_bytes(onnx::tensor_proto::kRawData) && field.payload.size() >= kLargeTensor) {
        found = field.payload;
        payload = &found;
        return Status::ok();
      }
      return copy(field, out);
    }));
    if (!name.empty()) append_text(onnx::tensor_proto::kName, name, out);
    if (payload == nullptr) return Status::ok();
    moved_ += payload->size();
    append_entry("location", file_name_, out);
    append_entry("offset", std::to_string(offset_ + static_cast<std::size_t>(payload->data() - model_.data())), out);
    append_entry("length", std::to_string(payload->size()), out);
    out.append_varint(onnx::tensor_proto::kDataLocation, kExternal);
    return Status::ok();
  }

  static void append_text(std::uint32_t number, ByteSpan text, WireWriter& out) {
    WireWriter inner;
    inner.append_raw(text);
    out.append_message(number, std::move(inner));
  }

  void append_entry(std::string_view key, std::string value, WireWriter& out) {
    WireWriter entry;
    append_text(onnx::entry_proto::kKey, model::as_span(key), entry);
    append_text(onnx::entry_proto::kValue, model::as_span(texts_.emplace_back(std::move(value))), entry);
    out.append_message(onnx::tensor_proto::kExternalData, std::move(entry));
  }

  const ByteSpan model_;
  const std::string& file_name_;
  const std::size_t offset_;
  std::deque<std::string> texts_;  ///< what the writers borrow until the end
  std::size_t moved_ = 0;
};

}  // namespace

std::optional<std::string> weights_as_external(model::ByteSpan model, const std::string& file_name,
                                               std::size_t offset) {
  return Rewriter(model, file_name, offset).rewrite();
}

std::optional<MappedFile> mapped_file(const void* memory) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(memory);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0, end = 0, offset = 0, inode = 0;
    unsigned major_number = 0, minor_number = 0;
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %*s %lx %x:%x %lu %n", &begin, &end, &offset, &major_number, &minor_number,
                    &inode, &path_at) != 6) {
      continue;
    }
    if (wanted < begin || wanted >= end || inode == 0) continue;
    const std::string path = line.substr(static_cast<std::size_t>(path_at));
    struct stat now = {};
    const bool same =
        ::stat(path.c_str(), &now) == 0 && now.st_ino == inode && now.st_dev == makedev(major_number, minor_number);
    if (!same) break;
    return MappedFile{path, offset + (wanted - begin)};
  }
  return std::nullopt;
}

}  // namespace baton::engine::onnxruntime
