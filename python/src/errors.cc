// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "errors.h"

#include "baton/exception.hpp"
#include "bindings.h"
#include "text.h"

namespace baton::python {
namespace {

std::string text_of(nb::handle exception) {
  return nb::cast<std::string>(nb::str(exception.type().attr("__name__"))) + ": " +
         nb::cast<std::string>(nb::str(exception));
}

/// The current error as an exception object with its traceback. What C code raised, such as a wrong number of
/// arguments, is until then a type and the arguments for it.
nb::object current_exception() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback != nullptr) PyException_SetTraceback(value, traceback);
  Py_XDECREF(type);
  Py_XDECREF(traceback);
  return nb::steal(value);
}

void raise_exception(const Exception& error) {
  try {
    const nb::object made = python_exception(error, error.what());
    PyErr_SetObject(made.type().ptr(), made.ptr());
  } catch (nb::python_error& broken) {
    broken.restore();
  }
}

void translate(const std::exception_ptr& pointer, void*) {
  try {
    std::rethrow_exception(pointer);
  } catch (const RaisedInPython& error) {
    error.restore();
  } catch (const Exception& error) {
    raise_exception(error);
  }
}

}  // namespace

nb::object python_exception(const Exception& error, const std::string& text) {
  nb::list attempts;
  for (const FailedAttempt& attempt : error.attempts())
    attempts.append(nb::make_tuple(attempt.device, attempt.engine, attempt.error_class, attempt.text));
  return nb::module_::import_("baton.exceptions")
      .attr("from_code")(to_string(error.code()), text, error.details(), attempts);
}

RaisedInPython::RaisedInPython() : RaisedInPython(current_exception()) {}

RaisedInPython::RaisedInPython(nb::object raised) : std::runtime_error(text_of(raised)), exception_(keep(raised)) {}

void RaisedInPython::restore() const {
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception_.get())), exception_.get());
}

void bind_errors(nb::module_&) { nb::register_exception_translator(translate, nullptr); }

}  // namespace baton::python
