// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "cuda_options.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "errors.h"
#include "provider_properties.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Status;

struct ReleaseCudaOptions {
  const OrtApi* api;
  void operator()(OrtCUDAProviderOptionsV2* options) const { api->ReleaseCUDAProviderOptions(options); }
};

}  // namespace

std::map<std::string, std::string> cuda_options(const CompileRequest& request, int ordinal) {
  // The exhaustive search times every algorithm, 450 ms for a text detector; the heuristic asks cuDNN, 60 ms. Both come
  // again with every change of shapes, so the first is for models whose shapes cannot change.
  const bool exhaustive = request.profile == Profile::kFull && !request.model.is_dynamic();
  std::map<std::string, std::string> options{
      {"device_id", std::to_string(ordinal)},
      {"cudnn_conv_algo_search", exhaustive ? "EXHAUSTIVE" : "HEURISTIC"},
      // Doubling the arena with each growth takes memory that other programs of the GPU may need.
      {"arena_extend_strategy", "kSameAsRequested"},
      {"use_tf32", wants_full_precision(request) ? "0" : "1"},
  };
  take_properties(request.properties, kCudaPrefix, options);
  return options;
}

std::uint32_t cuda_requests(unsigned cores) { return std::clamp(cores - cores / 4, 4u, 16u); }

std::string cuda_precision(const std::map<std::string, std::string>& options, bool has_tf32) {
  const auto tf32 = options.find("use_tf32");
  return has_tf32 && (tf32 == options.end() || tf32->second != "0") ? "tf32" : "f32";
}

Status append_cuda(const OrtApi& api, OrtSessionOptions& session, const std::map<std::string, std::string>& options) {
  OrtCUDAProviderOptionsV2* raw = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.CreateCUDAProviderOptions(&raw), "cannot use the CUDA provider");
  const std::unique_ptr<OrtCUDAProviderOptionsV2, ReleaseCudaOptions> owner(raw, {&api});
  const OptionArrays arrays(options);
  BATON_ORT_RETURN_IF_ERROR(
      api, api.UpdateCUDAProviderOptions(raw, arrays.keys.data(), arrays.values.data(), arrays.keys.size()),
      "cannot set an option of the CUDA provider");
  return to_status(api, api.SessionOptionsAppendExecutionProvider_CUDA_V2(&session, raw),
                   "cannot use the CUDA provider");
}

}  // namespace baton::engine::onnxruntime
