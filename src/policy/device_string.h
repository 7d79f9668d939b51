// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The text that names a device ("AUTO:GPU,-GPU.1", "MULTI:CPU(2),GPU", "BATCH:GPU(8)", "CPU") and its grammar:
//
//   device-string = nothing | AUTO [":" list] | MULTI [":" list] | BATCH ":" name [count] | name
//   list  = token { "," token }      token = nothing | name [count] | "-" name
//   name  = family [ "." id ]        family = letter { letter | digit | "_" }     id = anything but , ( ) : blank
//   count = "(" decimal digits ")"
//
// Blanks (space, tab) may stand around tokens, names and counts and after ":" and "-".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace baton::policy {

inline constexpr std::uint32_t kMaxCount = 4096;  ///< B-116

/// One element of a list.
struct Token {
  std::string family;
  std::string id;           ///< empty: the whole family
  std::uint32_t count = 0;  ///< X(n); 0: not given
  bool exclude = false;     ///< "-X"
  std::string text;         ///< as written, without blanks

  std::string name() const { return id.empty() ? family : family + "." + id; }
  bool operator==(const Token&) const = default;
};

/// A device string, taken apart. It says nothing about which devices exist.
struct DeviceString {
  enum class Kind { kAuto, kMulti, kBatch, kDirect };

  Kind kind = Kind::kAuto;
  std::string name;           ///< kBatch, kDirect: the device; empty otherwise
  std::uint32_t count = 0;    ///< kBatch: the batch size; 0: Baton picks it
  std::vector<Token> tokens;  ///< kAuto, kMulti: the list without empty tokens

  /// A list without any token counts as none (B-104).
  bool has_list() const { return !tokens.empty(); }
  /// One device by name, with batches or without: no helper, no hand-over (B-127, B-128).
  bool is_one_device() const { return kind == Kind::kDirect || kind == Kind::kBatch; }
  bool operator==(const DeviceString&) const = default;
};

/// B-101 to B-107, B-115, B-116, B-127, B-129. kInvalidArgument names the token and what was expected;
/// kNotImplemented for HETERO.
base::Result<DeviceString> parse_device_string(std::string_view text);

/// The same for a bare list, the value of MULTI_DEVICE_PRIORITIES.
base::Result<std::vector<Token>> parse_device_list(std::string_view text);

/// The text without blanks and empty tokens: parsing it gives the same value again.
std::string to_string(const DeviceString& device);
std::string to_string(DeviceString::Kind kind);  ///< "AUTO", "MULTI", "BATCH"; "" for a direct device

/// True for AUTO, MULTI, BATCH and HETERO, which are no hardware.
bool is_virtual(std::string_view family);

}  // namespace baton::policy
