// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/compiled_model.hpp"

#include <utility>

#include "runtime/compiled_handle.h"
#include "runtime/compiled_properties.h"
#include "runtime/errors.h"
#include "runtime/public_report.h"
#include "runtime/request_state.h"

namespace baton {

CompiledModel::Handle& CompiledModel::require_handle() const {
  if (!handle_)
    throw Exception(ErrorCode::InvalidArgument, "the compiled model is empty: take it from Core::compile_model");
  return *handle_;
}

std::vector<Output<const Node>> CompiledModel::inputs() const {
  return runtime::port_list<const Node>(require_handle().ports(), false);
}
std::vector<Output<const Node>> CompiledModel::outputs() const {
  return runtime::port_list<const Node>(require_handle().ports(), true);
}
Output<const Node> CompiledModel::input() const { return runtime::single_port(require_handle().ports(), false); }
Output<const Node> CompiledModel::output() const { return runtime::single_port(require_handle().ports(), true); }
Output<const Node> CompiledModel::input(std::size_t index) const {
  return runtime::port_at(require_handle().ports(), false, index);
}
Output<const Node> CompiledModel::output(std::size_t index) const {
  return runtime::port_at(require_handle().ports(), true, index);
}
Output<const Node> CompiledModel::input(const std::string& name) const {
  return runtime::port_named(require_handle().ports(), false, name);
}
Output<const Node> CompiledModel::output(const std::string& name) const {
  return runtime::port_named(require_handle().ports(), true, name);
}

InferRequest CompiledModel::create_infer_request() {
  require_handle();
  return InferRequest(std::make_shared<InferRequest::Handle>(std::make_shared<runtime::RequestState>(handle_), false));
}

Any CompiledModel::get_property(const std::string& name) const {
  return runtime::value_or_throw(runtime::compiled_property(require_handle(), name));
}

void CompiledModel::set_property(const AnyMap& properties) {
  runtime::check(runtime::set_compiled_properties(require_handle(), properties));
}

SelectionReport CompiledModel::explain() const { return runtime::public_report(require_handle().model().report()); }
Statistics CompiledModel::statistics() const {
  return runtime::public_statistics(require_handle().model().statistics());
}

bool CompiledModel::wait_until_steady(std::optional<std::chrono::milliseconds> timeout) const {
  return require_handle().model().wait_until_steady(timeout);
}

void CompiledModel::set_event_callback(EventCallback callback) {
  require_handle().events().set_callback(std::move(callback));
}

std::shared_ptr<const Model> CompiledModel::get_runtime_model() const {
  runtime::throw_not_implemented("get_runtime_model", "read inputs and outputs from the compiled model itself");
}
void CompiledModel::export_model(std::ostream&) const {
  runtime::throw_not_implemented("export_model", runtime::kUseTheCache);
}

}  // namespace baton
