// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/log.h"
#include "baton/report.hpp"
#include "policy/event.h"
#include "runtime/listener.h"

namespace baton::runtime {

/// Takes the events of one compiled model and gives them to the log and to the user's listener.
/// Thread-safety: safe; `handle` is called for one event at a time.
class EventHub {
 public:
  EventHub(std::shared_ptr<base::LogSink> log, std::string tag) : log_(std::move(log)), tag_(std::move(tag)) {}

  void set_callback(EventCallback callback) { listener_.set(std::move(callback)); }
  void handle(const policy::Event& event) noexcept;

 private:
  const std::shared_ptr<base::LogSink> log_;
  const std::string tag_;
  Listener<EventCallback> listener_;
};

}  // namespace baton::runtime
