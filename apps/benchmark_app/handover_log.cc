// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "handover_log.h"

namespace baton::bench {

void HandoverLog::note(const Event& event) {
  const bool helper_ready = event.type == "HELPER_READY", switched = event.type == "SWITCHED";
  if (!helper_ready && !switched) return;
  const std::string engine = event.engine + "/" + event.profile;
  const std::scoped_lock lock(mutex_);
  // The first executable to serve is no hand-over: it took over from nobody.
  if (switched && !device_.empty()) {
    const auto since_start = event.values.find("since_start_ms");
    switches_.push_back(
        {since_start == event.values.end() ? 0 : since_start->second, device_, engine_, event.device, engine, helper_});
  }
  device_ = event.device;
  engine_ = engine;
  helper_ = helper_ready;
}

std::vector<Switch> HandoverLog::switches() const {
  const std::scoped_lock lock(mutex_);
  return switches_;
}

}  // namespace baton::bench
