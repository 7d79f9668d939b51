// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/device_string.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace baton::policy {

namespace {

using base::Result;
using base::Status;

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kExpectedToken = "expected NAME, NAME(n) or -NAME, where NAME is like CPU or GPU.1";

// Not <cctype>: the grammar must not depend on the locale.
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string without_blanks(std::string_view text) {
  std::string result(text);
  std::erase_if(result, [](char c) { return kBlanks.find(c) != std::string_view::npos; });
  return result;
}

std::string quoted(std::string_view text) {
  std::string result(1, '"');
  result += text;
  result += '"';
  return result;
}

Status bad_token(std::string_view token, std::string_view problem) {
  return Status::invalid_argument("device token " + quoted(token) + " is not valid: " + std::string(problem));
}

/// Splits "GPU.1" into family and id; false when `text` is no name.
bool parse_name(std::string_view text, Token& token) {
  const std::string_view family = text.substr(0, text.find('.'));
  const bool family_ok =
      !family.empty() && is_letter(family.front()) &&
      std::all_of(family.begin(), family.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
  if (!family_ok) return false;
  if (family.size() < text.size()) {
    const std::string_view id = text.substr(family.size() + 1);
    if (id.empty() || id.find_first_of(",(): \t") != std::string_view::npos) return false;
    token.id = id;
  }
  token.family = family;
  return true;
}

/// The number of "(n)"; `text` begins with the parenthesis.
Result<std::uint32_t> parse_count(std::string_view text, std::string_view whole) {
  const std::string range = "a count from 1 to " + std::to_string(kMaxCount);
  const auto close = text.find(')');
  if (close == std::string_view::npos) return bad_token(whole, "the parenthesis is not closed");
  if (close + 1 != text.size()) return bad_token(whole, "nothing may follow the count");
  const std::string_view digits = trim(text.substr(1, close - 1));
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size() || count < 1 || count > kMaxCount) {
    return bad_token(whole, "got count " + quoted(digits) + ", expected " + range);
  }
  return count;
}

/// `text` is trimmed and not empty.
Result<Token> parse_token(std::string_view text) {
  Token token;
  token.text = without_blanks(text);
  std::string_view rest = text;
  if (rest.front() == '-') {
    token.exclude = true;
    rest = trim(rest.substr(1));
  }
  const auto open = rest.find('(');
  if (!parse_name(trim(rest.substr(0, open)), token)) return bad_token(text, kExpectedToken);
  if (open == std::string_view::npos) return token;
  if (token.exclude) return bad_token(text, "an exclusion takes no count, expected -" + token.name());
  Result<std::uint32_t> count = parse_count(rest.substr(open), text);
  BATON_RETURN_IF_ERROR(count.status());
  token.count = count.value();
  return token;
}

/// What stands between the first pair of quotes in `text`.
std::string_view next_quoted(std::string_view text) {
  const auto open = text.find_first_of("\"'");
  if (open == std::string_view::npos) return {};
  const auto close = text.find(text[open], open + 1);
  return close == std::string_view::npos ? std::string_view() : text.substr(open + 1, close - open - 1);
}

/// Old texts print the arguments of a call as if they were one string: `"AUTO", {{"AUTO_DEVICE_LIST", "CPU,GPU"}}`.
std::optional<Status> legacy_call(std::string_view text) {
  if (text.find_first_of("\"'{") == std::string_view::npos) return std::nullopt;
  for (const std::string_view key : {"AUTO_DEVICE_LIST", "MULTI_DEVICE_PRIORITIES"}) {
    const auto at = text.find(key);
    if (at == std::string_view::npos) continue;
    std::string_view after = text.substr(at + key.size());
    after.remove_prefix(std::min(after.find_first_not_of("\"'"), after.size()));
    const std::string list = without_blanks(next_quoted(after));
    const std::string value = list.empty() ? "CPU,GPU" : list;
    return Status::invalid_argument("device string " + std::string(text) +
                                    " holds several arguments in one string: call compile_model(model, " +
                                    "\"AUTO\", {{\"" + std::string(key) + "\", \"" + value +
                                    "\"}}) or compile_model(model, \"AUTO:" + value + "\")");
  }
  return std::nullopt;
}

Result<DeviceString> parse_batch(std::string_view list) {
  const std::string_view text = trim(list);
  const std::string expected = "BATCH needs exactly one device, expected BATCH:NAME or BATCH:NAME(n)";
  if (text.empty()) return Status::invalid_argument(expected + ", got none");
  if (text.find(',') != std::string_view::npos) return bad_token(text, expected);
  Result<Token> token = parse_token(text);
  BATON_RETURN_IF_ERROR(token.status());
  if (token->exclude) return bad_token(text, expected);
  if (is_virtual(token->family)) {
    return bad_token(text, "virtual device not allowed under BATCH, expected hardware such as CPU or GPU.0");
  }
  DeviceString result;
  result.kind = DeviceString::Kind::kBatch;
  result.name = token->name();
  result.count = token->count;
  return result;
}

Result<DeviceString> parse_direct(std::string_view text) {
  if (text.find(',') != std::string_view::npos) {
    return bad_token(text, "a list needs AUTO or MULTI before it, expected AUTO:" + without_blanks(text));
  }
  Result<Token> token = parse_token(text);
  BATON_RETURN_IF_ERROR(token.status());
  if (token->exclude) return bad_token(text, "an exclusion needs AUTO before it, expected AUTO:" + token->text);
  if (token->count > 0) return bad_token(text, "a device used directly takes no count, expected " + token->name());
  if (is_virtual(token->family)) return bad_token(text, "virtual device " + token->family + " has no instances");
  DeviceString result;
  result.kind = DeviceString::Kind::kDirect;
  result.name = token->name();
  return result;
}

}  // namespace

bool is_virtual(std::string_view family) {
  return family == "AUTO" || family == "MULTI" || family == "BATCH" || family == "HETERO";
}

Result<std::vector<Token>> parse_device_list(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view element = trim(text.substr(begin, end - begin));
    begin = end + 1;
    if (element.empty()) continue;
    Result<Token> token = parse_token(element);
    BATON_RETURN_IF_ERROR(token.status());
    if (is_virtual(token->family)) {
      return bad_token(element, "virtual device not allowed as candidate, expected hardware such as CPU or GPU.0");
    }
    tokens.push_back(std::move(token).value());
  }
  return tokens;
}

Result<DeviceString> parse_device_string(std::string_view text) {
  const std::string_view whole = trim(text);
  if (whole.empty()) return DeviceString{};
  if (std::optional<Status> legacy = legacy_call(whole)) return *std::move(legacy);

  const auto colon = whole.find(':');
  const std::string_view head = trim(whole.substr(0, colon));
  const std::string_view list = colon == std::string_view::npos ? std::string_view() : whole.substr(colon + 1);
  if (head == "HETERO") {
    return Status::not_implemented(
        "device HETERO is not offered; AUTO:<devices> chooses one device for the whole model");
  }
  if (head == "BATCH") return parse_batch(list);
  if (head == "AUTO" || head == "MULTI") {
    Result<std::vector<Token>> tokens = parse_device_list(list);
    BATON_RETURN_IF_ERROR(tokens.status());
    DeviceString result;
    result.kind = head == "AUTO" ? DeviceString::Kind::kAuto : DeviceString::Kind::kMulti;
    result.tokens = std::move(tokens).value();
    return result;
  }
  if (colon != std::string_view::npos) {
    return bad_token(whole, "only AUTO, MULTI and BATCH take a list after \":\", got " + quoted(head));
  }
  return parse_direct(whole);
}

std::string to_string(DeviceString::Kind kind) {
  switch (kind) {
    case DeviceString::Kind::kAuto: return "AUTO";
    case DeviceString::Kind::kMulti: return "MULTI";
    case DeviceString::Kind::kBatch: return "BATCH";
    case DeviceString::Kind::kDirect: return "";
  }
  return "";
}

std::string to_string(const DeviceString& device) {
  std::string text = to_string(device.kind);
  if (device.kind == DeviceString::Kind::kDirect) return device.name;
  if (device.kind == DeviceString::Kind::kBatch) {
    text += ":" + device.name;
    return device.count == 0 ? text : text + "(" + std::to_string(device.count) + ")";
  }
  for (std::size_t i = 0; i < device.tokens.size(); ++i) text += (i == 0 ? ":" : ",") + device.tokens[i].text;
  return text;
}

}  // namespace baton::policy
