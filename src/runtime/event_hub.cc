// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/event_hub.h"

#include <exception>

#include "report/log_lines.h"

namespace baton::runtime {
namespace {

Event public_event(const policy::Event& event) {
  return {std::string(to_string(event.type)),
          event.time,
          std::string(to_string(event.phase)),
          event.device,
          event.engine,
          event.profile,
          event.generation,
          event.reason,
          event.text,
          event.values};
}

}  // namespace

void EventHub::handle(const policy::Event& event) noexcept {
  report::write_log_lines(event, tag_, *log_);
  try {
    listener_.visit([&](const EventCallback& callback) { callback(public_event(event)); });
  } catch (const std::exception& error) {
    BATON_LOG(*log_, base::LogLevel::kWarning, tag_, std::string("the event listener threw: ") + error.what());
  } catch (...) {
    BATON_LOG(*log_, base::LogLevel::kWarning, tag_, "the event listener threw something that is no std::exception");
  }
}

}  // namespace baton::runtime
