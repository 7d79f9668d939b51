// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "executable.h"

namespace baton::engine::onnxruntime {

base::Result<std::string> OrtExecutable::property(const std::string& key) const {
  if (key == "INFERENCE_NUM_THREADS") return threads_;
  if (key == "OPTIMAL_NUMBER_OF_INFER_REQUESTS") return std::to_string(traits_.optimal_requests);
  return base::Status::not_found("no property " + key + " of " + session_->display_name);
}

}  // namespace baton::engine::onnxruntime
