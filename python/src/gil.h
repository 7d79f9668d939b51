// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The rules between Baton's threads and the interpreter:
//   - what may wait runs without the GIL (`without_gil`);
//   - Python code runs on Baton's threads only inside `with_gil`, and no more once the interpreter is ending;
//   - Baton's objects never release a Python object themselves, because they may do it under a lock or on a thread
//     without the GIL: what `keep` returns hands the object to a list that is emptied where neither is the case.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace baton::python {

namespace nb = nanobind;

/// Takes the GIL back. Never returns when the interpreter is ending on another thread.
void restore_gil(PyThreadState* state);

/// What `f` returns, run without the GIL. REQUIRES: the GIL.
template <typename F>
std::invoke_result_t<F> without_gil(F&& f) {
  using R = std::invoke_result_t<F>;
  PyThreadState* const state = PyEval_SaveThread();
  std::exception_ptr error;
  std::optional<std::conditional_t<std::is_void_v<R>, char, R>> result;
  try {
    if constexpr (std::is_void_v<R>) f();
    else result.emplace(f());
  } catch (...) {
    error = std::current_exception();
  }
  restore_gil(state);
  if (error) std::rethrow_exception(error);
  if constexpr (!std::is_void_v<R>) return std::move(*result);
}

/// Runs `f` with the GIL on any thread; does nothing once `close_interpreter` was called.
void with_gil(const std::function<void()>& f);

/// PyObject_Vectorcall for use inside `with_gil`: safe when the interpreter ends during the call.
PyObject* call_surviving(PyObject* function, PyObject* const* arguments, std::size_t count);

/// From now on `with_gil` does nothing; waits up to 2 s for what it runs (B-548).
void close_interpreter();

/// True after `close_interpreter`: what might wait is then leaked instead of destroyed.
bool interpreter_is_closed();

/// Shares a Python object with Baton. The last copy may go anywhere: the object itself is released later, with the GIL
/// and outside Baton's locks.
std::shared_ptr<PyObject> keep(nb::handle object);

/// Releases what was given up since the last call. REQUIRES: the GIL and no lock of Baton's.
void release_kept();

/// Ends one of Baton's objects that may have to wait for running work, without the GIL.
template <typename T>
void destroy(T& object) {
  if (interpreter_is_closed()) {
    new T(std::move(object));
    return;
  }
  without_gil([&] { T(std::move(object)); });
  release_kept();
}

}  // namespace baton::python
