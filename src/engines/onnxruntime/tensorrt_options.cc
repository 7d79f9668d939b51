// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "tensorrt_options.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "cuda_options.h"
#include "errors.h"
#include "provider_properties.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Status;
using Options = std::map<std::string, std::string>;

constexpr const char* kFp16 = "trt_fp16_enable";
constexpr const char* kBf16 = "trt_bf16_enable";
constexpr const char* kInt8 = "trt_int8_enable";

bool is_on(const Options& options, const char* name) {
  const auto place = options.find(name);
  return place != options.end() && (place->second == "1" || place->second == "true" || place->second == "True");
}

/// With quantisation written out in the graph, which is the only kind that TensorRT reads.
bool is_qdq(const model::Facts& facts) {
  return std::any_of(facts.operators.begin(), facts.operators.end(),
                     [](const std::string& op) { return op == "QuantizeLinear" || op == "DequantizeLinear"; });
}

struct ReleaseTensorRtOptions {
  const OrtApi* api;
  void operator()(OrtTensorRTProviderOptionsV2* options) const { api->ReleaseTensorRTProviderOptions(options); }
};

}  // namespace

std::string tensorrt_refusal(const CompileRequest& request, bool has_tf32) {
  const std::string& label = request.model.facts().label.name;
  if (!has_tf32 || !wants_full_precision(request) || label == "FP16" || label == "BF16") return {};
  return "TensorRT computes f32 models in TF32 on this GPU, its provider has no option against it, and f32 was asked "
         "for";
}

Options tensorrt_options(const CompileRequest& request, int ordinal) {
  const model::Facts& facts = request.model.facts();
  Options options{{"device_id", std::to_string(ordinal)}};
  // Level 0 takes the first kernel that works, the default (3) times them.
  if (request.profile == Profile::kFast) options["trt_builder_optimization_level"] = "0";
  // TensorRT builds nothing with tensors of a type that is not enabled.
  if (facts.label.name == "FP16") options[kFp16] = "1";
  if (facts.label.name == "BF16") options[kBf16] = "1";
  if (is_qdq(facts)) options[kInt8] = "1";
  take_properties(request.properties, kTensorRtPrefix, options);
  return options;
}

std::string tensorrt_precision(const Options& options, bool has_tf32) {
  if (is_on(options, kInt8)) return "i8";
  if (is_on(options, kBf16)) return "bf16";
  if (is_on(options, kFp16)) return "f16";
  return has_tf32 ? "tf32" : "f32";
}

Status append_tensorrt(const OrtApi& api, OrtSessionOptions& session, const Options& options,
                       const Options& cuda_options) {
  OrtTensorRTProviderOptionsV2* raw = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.CreateTensorRTProviderOptions(&raw), "cannot use the TensorRT provider");
  const std::unique_ptr<OrtTensorRTProviderOptionsV2, ReleaseTensorRtOptions> owner(raw, {&api});
  const OptionArrays arrays(options);
  BATON_ORT_RETURN_IF_ERROR(
      api, api.UpdateTensorRTProviderOptions(raw, arrays.keys.data(), arrays.values.data(), arrays.keys.size()),
      "cannot set an option of the TensorRT provider");
  BATON_ORT_RETURN_IF_ERROR(api, api.SessionOptionsAppendExecutionProvider_TensorRT_V2(&session, raw),
                            "cannot use the TensorRT provider");
  return append_cuda(api, session, cuda_options);
}

}  // namespace baton::engine::onnxruntime
