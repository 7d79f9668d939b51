// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// One function per topic, each in the file of its name.
#pragma once

#include <nanobind/nanobind.h>

namespace baton::python {

void bind_errors(nanobind::module_& module);
void bind_types(nanobind::module_& module);
void bind_shapes(nanobind::module_& module);
void bind_tensor(nanobind::module_& module);
void bind_ports(nanobind::module_& module);
void bind_layout(nanobind::module_& module);
void bind_model(nanobind::module_& module);
void bind_reports(nanobind::module_& module);
void bind_states(nanobind::module_& module);
void bind_infer_request(nanobind::module_& module);
void bind_compiled_model(nanobind::module_& module);
void bind_async_infer_queue(nanobind::module_& module);
void bind_core(nanobind::module_& module);

}  // namespace baton::python
