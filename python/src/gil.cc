// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "gil.h"

#include <cxxabi.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace baton::python {
namespace {

constexpr std::chrono::seconds kExitWait{2};  // as long as Baton itself waits at exit (B-548)

/// Python calls on Baton's threads. Never destroyed: those threads use it until the very end.
struct Calls {
  std::mutex mutex;
  std::condition_variable changed;
  int running = 0;
  bool closed = false;
};

Calls& calls() {
  static Calls* const instance = new Calls;
  return *instance;
}

/// Python objects that nobody needs any more.
struct GivenUp {
  std::mutex mutex;
  std::vector<PyObject*> objects;
  std::atomic<bool> any{false};
};

GivenUp& given_up() {
  static GivenUp* const instance = new GivenUp;
  return *instance;
}

int release_kept_in_main_thread(void*) {
  release_kept();
  return 0;
}

void give_up(PyObject* object) {
  GivenUp& list = given_up();
  bool first = false;
  {
    const std::lock_guard<std::mutex> lock(list.mutex);
    list.objects.push_back(object);
    first = !list.any.exchange(true);
  }
  // Where no binding empties the list soon, the interpreter does it between two instructions.
  if (first && !interpreter_is_closed()) Py_AddPendingCall(release_kept_in_main_thread, nullptr);
}

/// CPython 3.11 ends a thread that asks for the GIL of an ending interpreter, by unwinding it. That would run into
/// functions that may not throw, and abort the process; so such a thread stays where it is until the process ends.
template <typename F>
void survive_the_interpreter(const F& f) {
  try {
    f();
  } catch (abi::__forced_unwind&) {
    for (;;) pause();
  }
}

}  // namespace

void restore_gil(PyThreadState* state) {
  survive_the_interpreter([&] { PyEval_RestoreThread(state); });
}

void with_gil(const std::function<void()>& f) {
  Calls& all = calls();
  {
    const std::lock_guard<std::mutex> lock(all.mutex);
    if (all.closed) return;
    ++all.running;
  }
  std::exception_ptr error;
  PyGILState_STATE state{};
  survive_the_interpreter([&] { state = PyGILState_Ensure(); });
  try {
    f();
  } catch (...) {
    error = std::current_exception();
  }
  release_kept();
  PyGILState_Release(state);
  {
    const std::lock_guard<std::mutex> lock(all.mutex);
    --all.running;
    all.changed.notify_all();
  }
  if (error) std::rethrow_exception(error);
}

PyObject* call_surviving(PyObject* function, PyObject* const* arguments, std::size_t count) {
  PyObject* result = nullptr;
  survive_the_interpreter([&] { result = PyObject_Vectorcall(function, arguments, count, nullptr); });
  return result;
}

void close_interpreter() {
  without_gil([] {
    Calls& all = calls();
    std::unique_lock<std::mutex> lock(all.mutex);
    all.closed = true;
    all.changed.wait_for(lock, kExitWait, [&] { return all.running == 0; });
  });
}

bool interpreter_is_closed() {
  const std::lock_guard<std::mutex> lock(calls().mutex);
  return calls().closed;
}

std::shared_ptr<PyObject> keep(nb::handle object) {
  return {object.inc_ref().ptr(), [](PyObject* kept) { give_up(kept); }};
}

void release_kept() {
  GivenUp& list = given_up();
  if (!list.any.load(std::memory_order_relaxed)) return;
  std::vector<PyObject*> objects;
  {
    const std::lock_guard<std::mutex> lock(list.mutex);
    objects.swap(list.objects);
    list.any.store(false);
  }
  if (interpreter_is_closed()) return;
  for (PyObject* object : objects) Py_DECREF(object);
}

}  // namespace baton::python
