// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "errors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <vector>

#include <openvino/core/except.hpp>
#include <openvino/runtime/exception.hpp>

namespace baton::engine::openvino {
namespace {

using base::Status;
using base::StatusCode;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.front()))) line.remove_prefix(1);
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

/// Lines that say where in OpenVINO something failed, not what.
bool is_wrapper(std::string_view line) {
  constexpr std::array<std::string_view, 6> kPrefixes = {
      "Exception from ", "FrontEnd API failed with ",    "While validating ",
      "Check '",         "Model wasn't fully converted", "Summary:"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [line](auto prefix) { return line.starts_with(prefix); });
}

/// The text between `open` and `close`; empty when either is missing.
std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const std::size_t begin = text.find(open);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + open.size());
  const std::size_t end = text.find(close);
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](auto word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

std::string clean_message(std::string_view text) {
  std::string_view sentence;
  std::string_view operation;
  for (std::string_view line : lines_of(text)) {
    if (auto name = between(line, "with friendly_name '", "'"); !name.empty()) operation = name;
    if (auto name = between(line, "While validating ONNX node '<Node(", ")"); !name.empty()) operation = name;
    // The front ends' report names the operator on a line of its own, above its cause.
    if (auto name = between(line, "-- ", " with a message"); line.starts_with("-- ") && !name.empty()) {
      operation = name;
      continue;
    }
    if (line.starts_with("-- ")) line.remove_prefix(3);
    if (is_wrapper(line)) continue;
    sentence = line;
    break;
  }
  if (sentence.empty()) {
    const auto lines = lines_of(text);
    sentence = lines.empty() ? std::string_view("OpenVINO gave no reason") : lines.back();
  }
  std::string message(sentence);
  if (!operation.empty() && message.find(operation) == std::string::npos) {
    message.append(" (operator '").append(operation).append("')");
  }
  return message;
}

StatusCode classify(std::string_view text, StatusCode fallback) {
  if (contains_any(text, {"bad_alloc", "bad allocation", "ut of memory", "OUT_OF_HOST_MEMORY", "OUT_OF_DEVICE_MEMORY",
                          "CL_OUT_OF_RESOURCES", "CL_MEM_OBJECT_ALLOCATION_FAILURE", "Exceeded max size of memory"})) {
    return StatusCode::kResourceExhausted;
  }
  if (contains_any(text, {"DEVICE_LOST", "evice lost", "CL_DEVICE_NOT_AVAILABLE", "evice removed", "evice hung",
                          "evice is lost", "device hang"})) {
    return StatusCode::kDeviceLost;
  }
  if (contains_any(text, {"Cannot load library", "is not registered in the OpenVINO Runtime"})) {
    return StatusCode::kUnavailable;
  }
  if (contains_any(text, {"nsupported property", "Wrong value ", "No conversion rule",
                          "doesn't contain the operation with type"})) {
    return StatusCode::kUnsupported;
  }
  return fallback;
}

Status to_status(std::exception_ptr error, StatusCode fallback, std::string_view context) {
  const auto make = [context](StatusCode code, const char* text) {
    return Status(code, std::string(context) + ": " + clean_message(text), text);
  };
  try {
    std::rethrow_exception(std::move(error));
  } catch (const ov::Cancelled&) {
    return Status::cancelled(std::string(context) + ": cancelled");
  } catch (const ov::Busy& e) {
    return make(StatusCode::kBusy, e.what());
  } catch (const std::bad_alloc&) {
    return make(StatusCode::kResourceExhausted, "out of memory");
  } catch (const ov::NotImplemented& e) {
    return make(classify(e.what(), StatusCode::kUnsupported), e.what());
  } catch (const std::exception& e) {
    return make(classify(e.what(), fallback), e.what());
  } catch (...) {
    return make(fallback, "an exception of unknown type");
  }
}

}  // namespace baton::engine::openvino
