// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "auto/auto_model.h"
#include "base/executor.h"
#include "base/mutex.h"
#include "baton/compiled_model.hpp"
#include "runtime/event_hub.h"
#include "runtime/port_table.h"

namespace baton {

/// What the CompiledModel objects and requests of one compiled model share. The last of them closes the AUTO model
/// (B-544, B-545) and takes leave of the listener, whoever it is and wherever it goes, a completion callback included.
/// Thread-safety: safe.
class CompiledModel::Handle {
 public:
  struct Parts {
    std::shared_ptr<autodev::AutoModel> model;      ///< REQUIRED
    std::shared_ptr<const Port::Table> ports;       ///< REQUIRED, of this compiled model alone
    base::Executor* executor = nullptr;             ///< REQUIRED
    std::shared_ptr<runtime::EventHub> events;      ///< REQUIRED
    std::map<std::string, std::string> properties;  ///< the AUTO properties in effect, as text
  };

  explicit Handle(Parts parts) : parts_(std::move(parts)) {}
  ~Handle() {
    parts_.model->close();
    parts_.events->set_callback(nullptr);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  autodev::AutoModel& model() const { return *parts_.model; }
  const std::shared_ptr<const Port::Table>& ports() const { return parts_.ports; }
  base::Executor& executor() const { return *parts_.executor; }
  runtime::EventHub& events() const { return *parts_.events; }

  std::map<std::string, std::string> properties() const {
    base::MutexLock lock(mu_);
    return parts_.properties;
  }
  void set_property(const std::string& key, std::string value) {
    base::MutexLock lock(mu_);
    parts_.properties[key] = std::move(value);
  }

 private:
  Parts parts_;  // constant but for `properties`, which mu_ guards
  mutable base::Mutex mu_;
};

}  // namespace baton
