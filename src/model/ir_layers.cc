// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/ir_layers.h"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <system_error>
#include <utility>

namespace baton::model {
namespace {

using base::Result;
using base::Status;

/// "a,b\\,c": names, in which a backslash takes a comma's meaning.
std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) names.back().push_back(text[++i]);
    else if (text[i] == ',') names.emplace_back();
    else names.back().push_back(text[i]);
  }
  std::erase(names, "");
  return names;
}

/// A length, or -1 for "?", "1..8" and the like.
std::int64_t length_of(std::string_view text) {
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

bool is_body(std::string_view child) { return child == "body" || child.ends_with("_body"); }

IrLayer read_layer(const pugi::xml_node& from) {
  IrLayer layer{.name = from.attribute("name").as_string(),
                .type = from.attribute("type").as_string(),
                .version = from.attribute("version").as_string()};
  for (const pugi::xml_attribute& attribute : from.child("data").attributes())
    layer.data.emplace(attribute.name(), attribute.as_string());
  for (const pugi::xml_node& port : from.child("output").children("port")) {
    IrOutput& output = layer.outputs.emplace_back();
    output.names = split_names(port.attribute("names").as_string());
    for (const pugi::xml_node& dim : port.children("dim")) output.shape.push_back(length_of(dim.child_value()));
  }
  const auto children = from.children();
  layer.has_body =
      std::any_of(children.begin(), children.end(), [](const auto& child) { return is_body(child.name()); });
  return layer;
}

/// Layers and ports by their ids, and the edges between them.
class NetReader {
 public:
  explicit NetReader(const pugi::xml_node& root) {
    for (const pugi::xml_node& edge : root.child("edges").children("edge")) {
      edges_[{edge.attribute("to-layer").as_string(), edge.attribute("to-port").as_string()}] = {
          edge.attribute("from-layer").as_string(), edge.attribute("from-port").as_string()};
    }
  }

  Status add(const pugi::xml_node& from) {
    IrLayer layer = read_layer(from);
    const std::string_view id = from.attribute("id").as_string();
    for (const pugi::xml_node& port : from.child("input").children("port")) {
      const auto edge = edges_.find({id, port.attribute("id").as_string()});
      const auto source = edge == edges_.end() ? outputs_.end() : outputs_.find(edge->second);
      if (source == outputs_.end())
        return Status::unsupported("the IR's layer '" + layer.name + "' stands before what it uses");
      layer.inputs.push_back(source->second);
      net.layers[source->second.layer].outputs[source->second.output].used = true;
    }
    std::size_t output = 0;
    for (const pugi::xml_node& port : from.child("output").children("port"))
      outputs_[{id, port.attribute("id").as_string()}] = {net.layers.size(), output++};
    net.layers.push_back(std::move(layer));
    return Status::ok();
  }

  IrNet net;

 private:
  using Place = std::pair<std::string_view, std::string_view>;  ///< ids of a layer and of its port, in the document
  std::map<Place, Place> edges_;                                ///< by where they end
  std::map<Place, IrSource> outputs_;
};

}  // namespace

std::vector<std::int64_t> ir_numbers(std::string_view text) {
  std::vector<std::int64_t> numbers;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return numbers;
    numbers.push_back(value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

Result<IrNet> read_ir_net(std::string_view xml) {
  constexpr unsigned kParse = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_trim_pcdata;
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size(), kParse);
  if (!parsed) {
    return Status::invalid_argument(std::string("the IR's XML cannot be read: ") + parsed.description() + " at byte " +
                                    std::to_string(parsed.offset));
  }
  const pugi::xml_node root = document.child("net");
  if (!root) return Status::invalid_argument("the XML is not that of an IR: its root element is not <net>");
  NetReader reader(root);
  reader.net.version = root.attribute("version").as_int();
  for (const pugi::xml_node& layer : root.child("layers").children("layer")) BATON_RETURN_IF_ERROR(reader.add(layer));
  return std::move(reader.net);
}

}  // namespace baton::model
