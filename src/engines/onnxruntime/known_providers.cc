// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "known_providers.h"

#include <algorithm>

#include "provider_properties.h"
#include "session.h"

namespace baton::engine::onnxruntime {
namespace {

struct Hazard {
  std::string_view provider;
  const char* reason;
};
constexpr Hazard kHazards[] = {
    {kWebGpu, "two sessions of one process that run, or are created, at once crash it"},
};

bool has_bf16(const DeviceReport& device) {
  return std::find(device.capabilities.begin(), device.capabilities.end(), "BF16") != device.capabilities.end();
}

}  // namespace

std::string overlap_hazard(std::string_view provider) {
  for (const Hazard& hazard : kHazards) {
    if (hazard.provider == provider) return hazard.reason;
  }
  return {};
}

std::map<std::string, std::string> provider_options(std::string_view provider, std::string_view family,
                                                    const CompileRequest& request, const std::string& prefix) {
  std::map<std::string, std::string> options;
  // Checking every call costs 40 % on small models; a model that passed the check of its outputs needs none.
  if (provider == kWebGpu && request.profile == Profile::kFull) options["validationMode"] = "disabled";
  // OpenVINO lowers the precision by itself where the hardware gains by it.
  if (provider == kOpenVino && wants_full_precision(request))
    options["load_config"] = "{\"" + std::string(family) + "\": {\"INFERENCE_PRECISION_HINT\": \"f32\"}}";
  take_properties(request.properties, prefix, options);
  return options;
}

/// An f16 model is computed in f16 where the device can, and nobody says whether it can.
std::string provider_precision(std::string_view provider, const DeviceReport& device, const CompileRequest& request) {
  const model::Facts& facts = request.model.facts();
  if (is_quantised(facts)) return "i8";
  if (facts.label.name == "FP16") return "f16";
  if (wants_full_precision(request) || provider == kWebGpu) return "f32";
  if (provider == kOpenVino && device.kind == DeviceKind::kCpu) return has_bf16(device) ? "bf16" : "f32";
  if (provider == kOpenVino) return "f16";
  // Libraries of NVIDIA's use TF32 for f32 models unless told otherwise.
  return device.vendor == "NVIDIA" ? "tf32" : "f32";
}

}  // namespace baton::engine::onnxruntime
