// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/json_reader.h"

namespace baton::engine {

namespace {

std::string spelled(double value) { return nlohmann::json(value).dump(); }

const char* type_word(const nlohmann::json& value) {
  if (value.is_string()) return "text";
  if (value.is_number()) return "a number";
  if (value.is_boolean()) return "a boolean";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  return "null";
}

}  // namespace

base::Status JsonReader::read_document(std::string_view text, const std::string& name, const Fields& fields) {
  nlohmann::json document;
  try {
    document = nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& e) {
    return base::Status::invalid_argument(name + ": not JSON: " + e.what());
  }
  base::Status error;
  read_object(document, name + ": ", error, fields);
  return error;
}

void JsonReader::read_object(const nlohmann::json& value, const std::string& where, base::Status& error,
                             const Fields& fields) {
  if (!error.is_ok()) return;
  JsonReader reader(value, where, error);
  if (!value.is_object()) {
    reader.fail("", std::string("got ") + type_word(value) + ", expected an object");
    return;
  }
  fields(reader);
  reader.refuse_unknown_keys();
}

void JsonReader::require(std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (!object_.contains(key)) fail(key, "missing");
  }
}

void JsonReader::text(const char* key, std::string& out) {
  const auto* value = find(key);
  if (!value) return;
  if (!value->is_string()) return wrong_type(key, *value, "text");
  out = value->get<std::string>();
}

void JsonReader::texts(const char* key, std::vector<std::string>& out) {
  const auto* value = find(key);
  if (!value) return;
  if (!value->is_array()) return wrong_type(key, *value, "a list of texts");
  out.clear();
  for (const auto& item : *value) {
    if (!item.is_string()) return wrong_type(key, item, "only texts in the list");
    out.push_back(item.get<std::string>());
  }
}

void JsonReader::text_map(const char* key, std::map<std::string, std::string>& out) {
  const auto* value = find(key);
  if (!value) return;
  if (!value->is_object()) return wrong_type(key, *value, "an object");
  for (const auto& [name, item] : value->items()) {
    if (!item.is_string()) return wrong_type(std::string(key) + "." + name, item, "text");
    out[name] = item.get<std::string>();
  }
}

void JsonReader::boolean(const char* key, bool& out) {
  const auto* value = find(key);
  if (!value) return;
  if (!value->is_boolean()) return wrong_type(key, *value, "a boolean");
  out = value->get<bool>();
}

void JsonReader::number(const char* key, double& out, double least) {
  const auto* value = find(key);
  if (!value) return;
  const std::string expected = "a number >= " + spelled(least);
  if (!value->is_number()) return wrong_type(key, *value, expected.c_str());
  const double number = value->get<double>();
  if (number < least) return fail(key, "got " + spelled(number) + ", expected " + expected);
  out = number;
}

void JsonReader::number_or_list(const char* key, std::vector<double>& out) {
  const auto* value = find(key);
  if (!value) return;
  constexpr const char* kExpected = "a number >= 0 or a list of such numbers";
  const nlohmann::json list = value->is_array() ? *value : nlohmann::json::array({*value});
  if (list.empty()) return fail(key, std::string("got an empty list, expected ") + kExpected);
  out.clear();
  for (const auto& item : list) {
    if (!item.is_number()) return wrong_type(key, item, kExpected);
    if (item.get<double>() < 0) return fail(key, "got " + item.dump() + ", expected " + kExpected);
    out.push_back(item.get<double>());
  }
}

void JsonReader::read_integer(const char* key, std::int64_t& out, std::int64_t least, std::int64_t most) {
  const auto* value = find(key);
  if (!value) return;
  const std::string expected = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (!value->is_number_integer()) return wrong_type(key, *value, expected.c_str());
  const bool beyond = value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(most);
  const auto number = value->get<std::int64_t>();
  if (beyond || number < least || number > most) return fail(key, "got " + value->dump() + ", expected " + expected);
  out = number;
}

void JsonReader::object(const char* key, const Fields& fields) {
  if (const auto* value = find(key)) read_object(*value, where_ + key + ".", error_, fields);
}

void JsonReader::objects(const char* key, const Fields& fields) {
  const auto* value = find(key);
  if (!value) return;
  if (!value->is_array()) return wrong_type(key, *value, "a list of objects");
  for (std::size_t i = 0; i < value->size(); ++i) {
    read_object((*value)[i], where_ + key + "[" + std::to_string(i) + "].", error_, fields);
  }
}

void JsonReader::fail(const std::string& key, const std::string& what) {
  if (!error_.is_ok()) return;
  std::string place = where_ + key;
  // An object itself is meant: its place ends with the separator of a key.
  if (key.empty()) place.pop_back();
  error_ = base::Status::invalid_argument(place + (place.ends_with(':') ? " " : ": ") + what);
}

const nlohmann::json* JsonReader::find(const char* key) {
  known_.insert(key);
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

void JsonReader::wrong_type(const std::string& key, const nlohmann::json& got, const char* expected) {
  fail(key, std::string("got ") + type_word(got) + ", expected " + expected);
}

void JsonReader::refuse_unknown_keys() {
  for (const auto& [key, value] : object_.items()) {
    if (known_.contains(key)) continue;
    std::string expected;
    for (const auto& name : known_) expected += (expected.empty() ? "" : ", ") + name;
    fail(key, "unknown key, expected one of " + expected);
  }
}

}  // namespace baton::engine
