// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace baton::engine {

/// Reads one JSON object strictly: a key of the wrong type, out of range, missing or unknown is an error that names
/// the file and the key ("sim.json: pairs[2].load_ms: got text, expected a number >= 0"). The first error of a document
/// is kept; reading goes on without effect after it. An absent key leaves its variable as it is. Thread-safety: none.
/// Ownership: borrows the document and the error.
class JsonReader {
 public:
  using Fields = std::function<void(JsonReader&)>;

  /// Parses `text` and reads it with `fields`; `name` stands for the document in messages.
  static base::Status read_document(std::string_view text, const std::string& name, const Fields& fields);

  bool has(const char* key) const { return object_.contains(key); }
  void require(std::initializer_list<const char*> keys);

  void text(const char* key, std::string& out);
  void texts(const char* key, std::vector<std::string>& out);
  void text_map(const char* key, std::map<std::string, std::string>& out);
  void boolean(const char* key, bool& out);
  void number(const char* key, double& out, double least = 0);
  /// One number, or a list of at least one.
  void number_or_list(const char* key, std::vector<double>& out);
  template <typename T>
  void integer(const char* key, T& out, std::int64_t least = 0) {
    std::int64_t value = static_cast<std::int64_t>(out);
    constexpr auto kMost =
        std::min<std::uint64_t>(std::numeric_limits<T>::max(), std::numeric_limits<std::int64_t>::max());
    read_integer(key, value, least, static_cast<std::int64_t>(kMost));
    out = static_cast<T>(value);
  }
  /// One of some words.
  template <typename E>
  void choice(const char* key, E& out, std::span<const std::pair<std::string_view, E>> words) {
    std::string word;
    text(key, word);
    if (!word.empty()) out = find_word(key, word, words, out);
  }
  template <typename E>
  void choices(const char* key, std::vector<E>& out, std::span<const std::pair<std::string_view, E>> words) {
    std::vector<std::string> list;
    texts(key, list);
    for (const auto& word : list) out.push_back(find_word(key, word, words, words.front().second));
  }
  void object(const char* key, const Fields& fields);
  void objects(const char* key, const Fields& fields);

  /// A mistake that only the caller can see.
  void fail(const std::string& key, const std::string& what);

 private:
  JsonReader(const nlohmann::json& object, std::string where, base::Status& error)
      : object_(object), where_(std::move(where)), error_(error) {}

  static void read_object(const nlohmann::json& value, const std::string& where, base::Status& error,
                          const Fields& fields);
  const nlohmann::json* find(const char* key);
  void wrong_type(const std::string& key, const nlohmann::json& got, const char* expected);
  void read_integer(const char* key, std::int64_t& out, std::int64_t least, std::int64_t most);
  void refuse_unknown_keys();

  template <typename E>
  E find_word(const char* key, const std::string& word, std::span<const std::pair<std::string_view, E>> words,
              E otherwise) {
    std::string expected;
    for (const auto& [name, value] : words) {
      if (name == word) return value;
      expected += (expected.empty() ? "" : ", ") + std::string(name);
    }
    fail(key, "got \"" + word + "\", expected one of " + expected);
    return otherwise;
  }

  const nlohmann::json& object_;
  const std::string where_;  ///< "sim.json: pairs[2]."
  base::Status& error_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace baton::engine
