// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/layout.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "baton/exception.hpp"

namespace baton {
namespace {

constexpr const char* kEllipsis = "...";
constexpr const char* kScalar = "**SCALAR**";

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Exception(ErrorCode::InvalidArgument,
                  "'" + text + "' is no layout: " + why + "; expected a form such as NCHW, N...C or [N,height,...]");
}

std::string capitals(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  constexpr std::array<std::pair<const char*, const char*>, 7> kOtherNames = {{{"B", "N"},
                                                                               {"BATCH", "N"},
                                                                               {"CHANNEL", "C"},
                                                                               {"CHANNELS", "C"},
                                                                               {"DEPTH", "D"},
                                                                               {"HEIGHT", "H"},
                                                                               {"WIDTH", "W"}}};
  for (const auto& [other, letter] : kOtherNames)
    if (name == other) return letter;
  return name;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// "[N, height,...]" and "N?C..." as their dimensions, "..." among them.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> names;
  if (text.front() == '[') {
    if (text.back() != ']') refuse(text, "the bracket is not closed");
    for (std::size_t begin = 1; begin < text.size() - 1;) {
      const std::size_t end = std::min(text.find(',', begin), text.size() - 1);
      names.push_back(trimmed(text.substr(begin, end - begin)));
      begin = end + 1;
    }
    return names;
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = text.compare(at, 3, kEllipsis) == 0 ? 3 : 1;
    names.push_back(text.substr(at, length));
    at += length;
  }
  return names;
}

bool is_name(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

std::ptrdiff_t position(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : found - names.begin();
}

}  // namespace

Layout::Layout(const std::string& given) {
  const std::string text = trimmed(given);
  if (text.empty() || text == kEllipsis) return;
  if (text == kScalar) {
    *this = scalar();
    return;
  }
  open_ = false;
  const std::vector<std::string> names = split(text);
  if (names.empty()) refuse(text, "it has no dimension");
  for (const std::string& word : names) {
    if (word == kEllipsis) {
      if (open_) refuse(text, "\"...\" stands there more than once");
      open_ = true;
      continue;
    }
    const std::string name = capitals(word);
    if (name != "?" && !is_name(name)) refuse(text, "'" + word + "' is no name of letters, digits and _");
    if (name != "?" && has_name(name)) refuse(text, "the dimension " + name + " stands there more than once");
    (open_ ? back_ : front_).push_back(name);
  }
}

Layout Layout::scalar() {
  Layout layout;
  layout.open_ = false;
  layout.scalar_ = true;
  return layout;
}

bool Layout::has_name(const std::string& dimension) const {
  const std::string name = capitals(dimension);
  return name != "?" && (position(front_, name) >= 0 || position(back_, name) >= 0);
}

std::int64_t Layout::get_index_by_name(const std::string& dimension) const {
  const std::string name = capitals(dimension);
  if (!has_name(name)) {
    throw Exception(ErrorCode::InvalidArgument, "the layout " + to_string() + " has no dimension " + name);
  }
  if (const std::ptrdiff_t at = position(front_, name); at >= 0) return at;
  return position(back_, name) - static_cast<std::ptrdiff_t>(back_.size());
}

std::string Layout::to_string() const {
  if (scalar_) return kScalar;
  std::string text;
  const auto add = [&text](const std::string& name) { text += (text.empty() ? "" : ",") + name; };
  std::for_each(front_.begin(), front_.end(), add);
  if (open_) add(kEllipsis);
  std::for_each(back_.begin(), back_.end(), add);
  return "[" + text + "]";
}

namespace layout {

bool has_batch(const Layout& layout) { return layout.has_name("N"); }
std::int64_t batch_idx(const Layout& layout) { return layout.get_index_by_name("N"); }
bool has_channels(const Layout& layout) { return layout.has_name("C"); }
std::int64_t channels_idx(const Layout& layout) { return layout.get_index_by_name("C"); }
bool has_depth(const Layout& layout) { return layout.has_name("D"); }
std::int64_t depth_idx(const Layout& layout) { return layout.get_index_by_name("D"); }
bool has_height(const Layout& layout) { return layout.has_name("H"); }
std::int64_t height_idx(const Layout& layout) { return layout.get_index_by_name("H"); }
bool has_width(const Layout& layout) { return layout.has_name("W"); }
std::int64_t width_idx(const Layout& layout) { return layout.get_index_by_name("W"); }

}  // namespace layout
}  // namespace baton
