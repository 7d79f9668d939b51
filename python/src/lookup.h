// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <nanobind/nanobind.h>

namespace baton::python {

/// An attribute of a Python module, looked up at first use and kept until the process ends. Not a static local of a
/// function: an import gives up the GIL, and a thread that then waits for the local's guard with the GIL blocks both.
class Lookup {
 public:
  constexpr Lookup(const char* module, const char* name) : module_(module), name_(name) {}

  /// REQUIRES: the GIL.
  nanobind::handle get() {
    if (object_ == nullptr) {
      nanobind::object found = nanobind::module_::import_(module_).attr(name_);
      if (object_ == nullptr) object_ = found.release().ptr();  // else another thread was faster
    }
    return object_;
  }

 private:
  const char* module_;
  const char* name_;
  PyObject* object_ = nullptr;
};

}  // namespace baton::python
