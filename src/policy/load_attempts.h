// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>

#include "base/status.h"
#include "policy/selection.h"

namespace baton::policy {

/// Every load of one compile that failed, in order, and the one error that they make together (B-602, B-608).
/// Thread-safety: a value.
class LoadAttempts {
 public:
  void add(const Pair& pair, const base::Status& status);
  /// "CPU:[onnxruntime] ...; GPU:[...] ...;"
  const std::string& text() const { return text_; }
  /// When none is left. `tag`: AUTO, MULTI, or the name of a direct device.
  base::Status error(const std::string& tag) const;

 private:
  std::string text_;
  bool only_bad_models_ = true;  ///< every failed load said that the model itself is bad (B-608)
};

/// Nothing else on the device can be expected to load after this (B-601).
bool device_is_done(const base::Status& status);

}  // namespace baton::policy
