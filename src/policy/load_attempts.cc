// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/load_attempts.h"

namespace baton::policy {

using base::Status;
using base::StatusCode;

void LoadAttempts::add(const Pair& pair, const Status& status) {
  if (!text_.empty()) text_ += ' ';
  text_ += pair.device + ":[" + pair.engine + "] " + status.message() + ";";
  only_bad_models_ &= status.code() == StatusCode::kInvalidArgument;
}

Status LoadAttempts::error(const std::string& tag) const {
  return {only_bad_models_ ? StatusCode::kInvalidArgument : StatusCode::kCompileFailed,
          "[" + tag + "] compile model failed, " + text_};
}

bool device_is_done(const Status& status) {
  return status.code() == StatusCode::kDeviceLost || status.code() == StatusCode::kResourceExhausted;
}

}  // namespace baton::policy
