// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "executable.h"

#include <ostream>

namespace baton::engine::onnxruntime {

base::Result<std::string> OrtExecutable::property(const std::string& key) const {
  if (key == "INFERENCE_NUM_THREADS") return threads_;
  if (key == "OPTIMAL_NUMBER_OF_INFER_REQUESTS") return std::to_string(traits_.optimal_requests);
  if (key == "INFERENCE_PRECISION_HINT") return traits_.precision;
  return base::Status::not_found("no property " + key + " of " + session_->display_name);
}

base::Status OrtExecutable::export_model(std::ostream& out) const {
  if (!request_) return base::Status::unsupported("the engine exports no models");
  if (!request_->blob) return export_session(session_->library, *request_, out);
  const model::Bytes& blob = *request_->blob;
  out.write(reinterpret_cast<const char*>(blob.data()), static_cast<std::streamsize>(blob.size()));
  return out.good() ? base::Status::ok() : base::Status::unavailable("the export could not be written");
}

}  // namespace baton::engine::onnxruntime
