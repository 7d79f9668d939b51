// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The extension module of the command `baton`, apart from _baton so that a program that only infers does not load it.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "program.h"

namespace nb = nanobind;

namespace {

int run(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return baton::tool::baton_main(static_cast<int>(argv.size()), argv.data());
}

}  // namespace

NB_MODULE(_tools, module) {
  module.doc() = "The command-line program baton.";
  module.def("main", run, nb::arg("arguments"), nb::call_guard<nb::gil_scoped_release>(),
             "Runs the program on `arguments`, the first of which is its name; its exit status.");
}
