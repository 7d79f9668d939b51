// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "errors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <tuple>
#include <utility>

#include "ort_library.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Status;
using base::StatusCode;

thread_local LoggedErrors* collector = nullptr;

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](auto word) { return text.find(word) != std::string_view::npos; });
}

/// Errors after which a CUDA context is of no use any more; the number stands in the provider's text.
bool is_lost_cuda_context(std::string_view text) {
  constexpr std::string_view kPrefix = "CUDA failure ";
  const std::size_t begin = text.find(kPrefix);
  if (begin == std::string_view::npos) return false;
  int number = 0;
  for (const char c : text.substr(begin + kPrefix.size())) {
    if (!std::isdigit(static_cast<unsigned char>(c)) || number > 9999) break;
    number = number * 10 + (c - '0');
  }
  constexpr std::array kLost{46, 214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 999};
  return std::find(kLost.begin(), kLost.end(), number) != kLost.end();
}

/// Where a place like "/onnxruntime/core/graph/model.cc:149" begins and ends; npos when there is none.
std::pair<std::size_t, std::size_t> find_source_place(std::string_view text) {
  for (std::string_view suffix : {".cc:", ".h:", ".cpp:", ".hpp:", ".inl:"}) {
    const std::size_t dot = text.find(suffix);
    if (dot == std::string_view::npos) continue;
    std::size_t end = dot + suffix.size();
    if (end >= text.size() || !std::isdigit(static_cast<unsigned char>(text[end]))) continue;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
    // A place follows a blank or the colon of an outer message; its own path has neither.
    const std::size_t before = text.find_last_of(" :", dot);
    return {before == std::string_view::npos ? 0 : before + 1, end};
  }
  return {std::string_view::npos, 0};
}

/// After a place stands the function it is in, with parameters: its length in `text`, 0 when it is no signature.
std::size_t signature_length(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || text.substr(0, open).find("::") == std::string_view::npos) return 0;
  if (contains_any(text.substr(0, open), {". ", ": ", "'"})) return 0;  // a sentence
  int depth = 0;
  std::size_t end = open;
  for (; end < text.size(); ++end) {
    if (text[end] == '(') ++depth;
    if (text[end] == ')' && --depth == 0) break;
  }
  if (end == text.size()) return 0;
  ++end;
  if (text.substr(end).starts_with(" const")) end += std::string_view(" const").size();
  if (text.substr(end).starts_with(" [with ")) {
    const std::size_t close = text.find(']', end);
    if (close != std::string_view::npos) end = close + 1;
  }
  return end;
}

/// Removes what a wrapped error begins with: "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : ".
void drop_code_prefix(std::string& line) {
  constexpr std::string_view kPrefix = "[ONNXRuntimeError] : ";
  const std::size_t begin = line.find(kPrefix);
  if (begin == std::string::npos) return;
  const std::size_t number_end = line.find(" : ", begin + kPrefix.size());
  const std::size_t end = number_end == std::string::npos ? number_end : line.find(" : ", number_end + 3);
  if (end != std::string::npos) line.erase(begin, end + 3 - begin);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string clean_message(std::string_view text) {
  text = trimmed(text);
  std::string line(trimmed(text.substr(0, text.find('\n'))));
  for (auto [begin, end] = find_source_place(line); begin != std::string::npos;
       std::tie(begin, end) = find_source_place(line)) {
    const std::string_view rest = std::string_view(line).substr(end);
    const std::string_view after = trimmed(rest.substr(signature_length(rest)));
    std::string joined(trimmed(std::string_view(line).substr(0, begin)));
    if (!joined.empty() && !after.empty()) joined += ' ';
    line = joined.append(after);
  }
  drop_code_prefix(line);
  return line.empty() ? "ONNX Runtime gave no reason" : line;
}

StatusCode classify(OrtErrorCode code, std::string_view text) {
  if (contains_any(text, {"bad_alloc", "Failed to allocate memory", "ut of memory", "Available memory of",
                          "ALLOC_FAILED", "ALLOCATION_FAILED"})) {
    return StatusCode::kResourceExhausted;
  }
  if (is_lost_cuda_context(text) ||
      contains_any(text, {"evice lost", "evice is lost", "evice was lost", "evice removed", "evice hung", "DEVICE_LOST",
                          "DEVICE_REMOVED", "an illegal memory access was encountered"})) {
    return StatusCode::kDeviceLost;
  }
  if (contains_any(text,
                   {"Failed to get a WebGPU", "Failed to create wgpu::Instance", "Error creating execution provider"}))
    return StatusCode::kUnavailable;
  // A shape that is too large for the adapter: another device may bear it.
  if (contains_any(text, {"exceeds the WebGPU supported maximum", "exceeds WebGPU"})) return StatusCode::kUnsupported;
  // TensorRT has no kernel for it, or needs shapes that the model does not give: CUDA's provider may do.
  if (contains_any(text, {"TensorRT EP failed to create engine from network", "TensorRT EP could not build engine",
                          "TensorRT EP Failed to Build Engine", "has no shape specified"}))
    return StatusCode::kUnsupported;
  if (contains_any(text, {"Unknown provider option", "Failed to parse provider option"}))
    return StatusCode::kInvalidArgument;
  if (contains_any(text, {"Exiting due to terminate flag"})) return StatusCode::kCancelled;
  switch (code) {
    case ORT_MODEL_LOAD_CANCELED: return StatusCode::kCancelled;
    case ORT_NOT_IMPLEMENTED: return StatusCode::kUnsupported;
    case ORT_INVALID_ARGUMENT:
    case ORT_INVALID_PROTOBUF:
    case ORT_NO_SUCHFILE: return StatusCode::kInvalidArgument;
    default: break;
  }
  if (contains_any(text,
                   {"is not a registered function/op", "Could not find an implementation", "No Op registered for"})) {
    return StatusCode::kUnsupported;
  }
  return StatusCode::kDeviceFailed;
}

Status to_status(const OrtApi& api, OrtStatus* status, std::string_view context) {
  if (status == nullptr) return Status::ok();
  const StatusHandle owner(status, {&api});
  const std::string text = api.GetErrorMessage(status);
  return Status(classify(api.GetErrorCode(status), text), std::string(context) + ": " + clean_message(text), text);
}

LoggedErrors::LoggedErrors() : outer_(std::exchange(collector, this)) {}

LoggedErrors::~LoggedErrors() { collector = outer_; }

void LoggedErrors::add(const char* line) {
  if (collector != nullptr && collector->first_.empty()) collector->first_ = clean_message(line);
}

Status LoggedErrors::explain(const Status& status) const {
  if (first_.empty() || status.is_ok() || status.code() == StatusCode::kCancelled) return status;
  std::string_view cause = first_;
  // "[2026-11-27 22:10:43   ERROR] "
  constexpr std::string_view kLevel = "ERROR] ";
  const auto level = cause.find(kLevel);
  if (cause.front() == '[' && level != std::string_view::npos) cause.remove_prefix(level + kLevel.size());
  return Status(status.code(), status.message() + ": " + std::string(cause), status.details());
}

}  // namespace baton::engine::onnxruntime
