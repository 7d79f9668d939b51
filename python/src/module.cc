// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/version.hpp"
#include "bindings.h"
#include "gil.h"

NB_MODULE(_baton, module) {
  using namespace baton::python;
  // Objects that are alive when the interpreter ends are normal here: requests at work keep theirs.
  nb::set_leak_warnings(false);
  module.doc() = "The extension module of the package baton.";
  module.attr("__version__") = baton::get_baton_version().buildNumber.c_str();
  bind_errors(module);
  bind_types(module);
  bind_shapes(module);
  bind_tensor(module);
  bind_ports(module);
  bind_model(module);
  bind_layout(module);
  bind_reports(module);
  bind_states(module);
  bind_infer_request(module);
  bind_compiled_model(module);
  bind_async_infer_queue(module);
  bind_core(module);
  nb::module_::import_("atexit").attr("register")(nb::cpp_function(close_interpreter));
}
