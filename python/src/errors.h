// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "baton/exception.hpp"
#include "gil.h"

namespace baton::python {

/// What Python code raised on a thread of Baton, on its way to the thread that asks (B-1524, B-1535). Unlike
/// nb::python_error it can be copied and dropped without the GIL.
class RaisedInPython : public std::runtime_error {
 public:
  /// Takes the current Python error, of which there is one. REQUIRES: the GIL.
  RaisedInPython();

  /// Makes it the current Python error again, as it was. REQUIRES: the GIL.
  void restore() const;

 private:
  explicit RaisedInPython(nb::object raised);

  std::shared_ptr<PyObject> exception_;
};

/// The Python exception for an error of the runtime, with `text` as its message. REQUIRES: the GIL.
nb::object python_exception(const Exception& error, const std::string& text);

/// Calls a user's function inside `with_gil`; what it raises comes out as RaisedInPython.
template <typename... Arguments>
void call_user(const nb::object& function, const Arguments&... arguments) {
  PyObject* const list[] = {arguments.ptr()...};
  const nb::object result = nb::steal(call_surviving(function.ptr(), list, sizeof...(arguments)));
  if (result.is_valid()) return;
  throw RaisedInPython();
}

}  // namespace baton::python
