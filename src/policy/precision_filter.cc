// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/precision_filter.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace baton::policy {

namespace {

using base::Result;
using base::Status;
using engine::DeviceRecord;

constexpr std::string_view kPrecisionWords[] = {"FP32", "FP16", "BF16", "INT8", "BIN", "WINOGRAD"};
constexpr double kMemoryPerWeightByte = 1.2;

bool has(const DeviceRecord& device, std::string_view word) {
  return std::find(device.capabilities.begin(), device.capabilities.end(), word) != device.capabilities.end();
}

/// "FP32 FP16", without the words that name no precision.
std::string precisions_of(const DeviceRecord& device) {
  std::string text;
  for (const std::string_view word : kPrecisionWords) {
    if (!has(device, word)) continue;
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text.empty() ? "none" : text;
}

/// The labels to try, best first. A model that lost its special form is then a plain floating one.
std::vector<std::string> acceptable(const model::PrecisionLabel& label) {
  std::vector<std::string> labels = {label.name};
  if (label.name == "WINOGRAD") labels.push_back(label.without_winograd);
  if (labels.back() == "INT8") labels.push_back(label.without_int8);
  if (labels.back() == "BF16") labels.push_back("FP32");
  if (labels.back() == "FP32") {
    labels.push_back("FP16");
  } else if (labels.back() == "FP16") {
    labels.push_back("FP32");
  }
  return labels;
}

std::vector<Candidate*> accepted(std::span<Candidate> candidates) {
  std::vector<Candidate*> result;
  for (Candidate& candidate : candidates) {
    if (candidate.accepted) result.push_back(&candidate);
  }
  return result;
}

const DeviceRecord& record_of(const Candidate& candidate, std::span<const DeviceRecord> devices) {
  return devices[static_cast<std::size_t>(candidate.record)];
}

void reject(Candidate& candidate, Reason reason, std::string text) {
  candidate.accepted = false;
  candidate.reason = reason;
  candidate.text = std::move(text);
}

std::string megabytes(double bytes) { return std::to_string(static_cast<std::uint64_t>(bytes / 1e6)) + " MB"; }

}  // namespace

Result<model::PrecisionLabel> apply_precision_hint(const model::PrecisionLabel& label, std::string_view hint) {
  if (hint.empty()) return label;
  constexpr std::pair<std::string_view, std::string_view> kLabels[] = {
      {"f32", "FP32"}, {"f16", "FP16"}, {"bf16", "BF16"}, {"i8", "INT8"}};
  const auto* const it = std::ranges::find(kLabels, hint, [](const auto& entry) { return entry.first; });
  if (it == std::end(kLabels)) {
    return Status::invalid_argument("Invalid value for property INFERENCE_PRECISION_HINT: " + std::string(hint) +
                                    "; expected f32, f16, bf16 or i8");
  }
  model::PrecisionLabel result = label;
  result.name = it->second;
  result.row = 1;
  return result;
}

Result<PrecisionChoice> filter_by_precision(const model::PrecisionLabel& label, std::span<Candidate> candidates,
                                            std::span<const DeviceRecord> devices) {
  const std::vector<Candidate*> open = accepted(candidates);
  if (open.size() <= 1 || label.name == "ANY") return PrecisionChoice{label.name, {}};

  for (const std::string& wanted : acceptable(label)) {
    const auto suits = [&](const Candidate* candidate) {
      return wanted == "ANY" || has(record_of(*candidate, devices), wanted);
    };
    if (std::none_of(open.begin(), open.end(), suits)) continue;
    for (Candidate* candidate : open) {
      if (suits(candidate)) continue;
      reject(*candidate, Reason::kPrecisionUnsupported,
             "label " + wanted + ", device has " + precisions_of(record_of(*candidate, devices)));
    }
    PrecisionChoice choice{wanted, {}};
    if (wanted != label.name) {
      choice.note = "label " + label.name + " is offered by no candidate, devices are chosen by " + wanted + " instead";
    }
    return choice;
  }

  std::string text = "no candidate supports precision " + label.name;
  for (Candidate* candidate : open) {
    const std::string words = precisions_of(record_of(*candidate, devices));
    text += (candidate == open.front() ? ": " : ", ") + candidate->device + " has " + words;
    reject(*candidate, Reason::kPrecisionUnsupported, "label " + label.name + ", device has " + words);
  }
  return Status::unsupported(std::move(text));
}

void filter_by_memory(std::uint64_t weight_bytes, std::span<Candidate> candidates,
                      std::span<const DeviceRecord> devices) {
  const double needed = static_cast<double>(weight_bytes) * kMemoryPerWeightByte;
  const auto memory = [&](const Candidate* candidate) { return record_of(*candidate, devices).memory_bytes; };
  const auto too_small = [&](const Candidate* candidate) {
    return memory(candidate) > 0 && static_cast<double>(memory(candidate)) < needed;
  };
  const std::vector<Candidate*> open = accepted(candidates);
  const Candidate* kept = nullptr;
  if (std::all_of(open.begin(), open.end(), too_small)) {
    const auto largest = std::max_element(
        open.begin(), open.end(), [&](const Candidate* a, const Candidate* b) { return memory(a) < memory(b); });
    if (largest != open.end()) kept = *largest;
  }
  for (Candidate* candidate : open) {
    if (candidate == kept || !too_small(candidate)) continue;
    reject(*candidate, Reason::kNotEnoughMemory,
           "the model needs about " + megabytes(needed) + ", device has " +
               megabytes(static_cast<double>(memory(candidate))));
  }
}

}  // namespace baton::policy
