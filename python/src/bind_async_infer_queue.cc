// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <deque>
#include <optional>

#include "baton/async_infer_queue.hpp"
#include "baton/exception.hpp"
#include "bindings.h"
#include "errors.h"
#include "inference.h"
#include "text.h"

namespace baton::python {
namespace {

/// What Python needs to know of one job. Functions are those of its last start.
struct PythonJob {
  Shared shared;
  std::shared_ptr<PyObject> userdata;
  std::shared_ptr<PyObject> callback;
  std::shared_ptr<PyObject> error_callback;
};

/// Shared by the queue object and by what it gave to C++. Used with the GIL only; may be dropped anywhere.
struct PythonJobs {
  std::shared_ptr<const ModelPorts> ports;
  std::deque<PythonJob> jobs;  // a deque: growing moves no job
  std::shared_ptr<PyObject> callback;
  std::shared_ptr<PyObject> error_callback;

  PythonJob& at(std::size_t id) {
    while (jobs.size() <= id) jobs.push_back({Shared(ports->inputs.size()), nullptr, nullptr, nullptr});
    return jobs[id];
  }
  nb::object userdata(std::size_t id) { return at(id).userdata ? nb::borrow(at(id).userdata.get()) : nb::none(); }
};

nb::object job_object(const InferRequest& request, const std::shared_ptr<PythonJobs>& state, std::size_t id) {
  auto object = std::make_unique<RequestObject>(request, state->ports);
  object->shared = state->at(id).shared;
  object->callback->userdata = state->at(id).userdata;
  return nb::cast(std::move(object));
}

/// B-1519, B-1528: the callback gets the userdata itself, which is released when it returns.
void job_done(const std::shared_ptr<PythonJobs>& state, const InferRequest& request, std::size_t id) {
  with_gil([&] {
    PythonJob& job = state->at(id);
    const std::shared_ptr<PyObject> callback = job.callback;
    if (!callback) return;
    const nb::object userdata = state->userdata(id);
    nb::object wrapped = job_object(request, state, id);
    job.userdata = nullptr;
    call_user(nb::borrow(callback.get()), wrapped, userdata);
  });
}

/// B-1525: what is thrown here is what the queue keeps for the next call.
void job_failed(const std::shared_ptr<PythonJobs>& state, const InferRequest& request, std::size_t id,
                const std::exception_ptr& error) {
  with_gil([&] {
    PythonJob& job = state->at(id);
    const std::shared_ptr<PyObject> callback = job.error_callback;
    const nb::object userdata = state->userdata(id);
    try {
      std::rethrow_exception(error);
    } catch (const Exception& failure) {
      const std::string text = "job " + std::to_string(id) + ", userdata " + shown(userdata) + ": " + failure.what();
      if (!callback) throw Exception(failure.code(), text, failure.details(), failure.attempts());
      const nb::object python_error = python_exception(failure, text);
      nb::object wrapped = job_object(request, state, id);
      job.userdata = nullptr;
      call_user(nb::borrow(callback.get()), wrapped, userdata, python_error);
    }
  });
}

/// The Python class AsyncInferQueue.
struct QueueObject {
  QueueObject(const CompiledModelObject& model, int jobs)
      : queue(without_gil([&] { return std::make_unique<AsyncInferQueue>(model.model, jobs); })) {
    state->ports = model.ports;
    queue->set_callback([state = state](InferRequest& request, const std::any& id) {
      job_done(state, request, std::any_cast<std::size_t>(id));
    });
    queue->set_error_callback(
        [state = state](InferRequest& request, const std::any& id, const std::exception_ptr& error) {
          job_failed(state, request, std::any_cast<std::size_t>(id), error);
        });
  }
  ~QueueObject() {
    destroy(queue);
    state->jobs.clear();
    state->callback = nullptr;
    state->error_callback = nullptr;
  }
  QueueObject(const QueueObject&) = delete;
  QueueObject& operator=(const QueueObject&) = delete;

  void start(nb::handle inputs, const nb::object& userdata, bool share_inputs);

  std::shared_ptr<PythonJobs> state = std::make_shared<PythonJobs>();
  std::unique_ptr<AsyncInferQueue> queue;
};

void QueueObject::start(nb::handle inputs, const nb::object& userdata, bool share_inputs) {
  const auto prepare = [&](InferRequest& request, std::size_t id) {
    with_gil([&] {
      PythonJob& job = state->at(id);
      InputSetter(request, *state->ports, job.shared, share_inputs).set(inputs);
      job.userdata = keep(userdata);
      job.callback = state->callback;
      job.error_callback = state->error_callback;
    });
    return std::any(id);
  };
  without_gil([&] { queue->start_prepared(prepare); });
  release_kept();
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (!nb::inst_ready(self)) return 0;
  const PythonJobs& state = *nb::inst_ptr<QueueObject>(self)->state;
  Py_VISIT(state.callback.get());
  Py_VISIT(state.error_callback.get());
  return 0;
}

int clear(PyObject* self) {
  PythonJobs& state = *nb::inst_ptr<QueueObject>(self)->state;
  state.callback = nullptr;
  state.error_callback = nullptr;
  return 0;
}

std::shared_ptr<PyObject> callable(nb::handle function) {
  if (function.is_none()) return nullptr;
  if (!PyCallable_Check(function.ptr())) throw nb::type_error("the callback of a queue must be callable");
  return keep(function);
}

nb::object job(const QueueObject& self, Py_ssize_t index) {
  const auto size = static_cast<Py_ssize_t>(self.queue->size());
  const Py_ssize_t id = index < 0 ? index + size : index;
  if (id < 0 || id >= size)
    throw nb::index_error(
        ("there is no job " + std::to_string(index) + ": the queue has " + std::to_string(size)).c_str());
  return job_object((*self.queue)[static_cast<std::size_t>(id)], self.state, static_cast<std::size_t>(id));
}

nb::list all_jobs(const QueueObject& self) {
  nb::list list;
  for (std::size_t i = 0; i < self.queue->size(); ++i) list.append(job(self, static_cast<Py_ssize_t>(i)));
  return list;
}

nb::list all_userdata(const QueueObject& self) {
  nb::list list;
  for (std::size_t i = 0; i < self.queue->size(); ++i) list.append(self.state->userdata(i));
  return list;
}

bool wait_all(const QueueObject& self, std::optional<double> timeout) {
  std::optional<std::chrono::milliseconds> limit;
  if (timeout) limit = std::chrono::milliseconds(static_cast<std::int64_t>(*timeout));
  const bool done = without_gil([&] { return self.queue->wait_all(limit); });
  release_kept();
  return done;
}

void bind_work(nb::class_<QueueObject>& type) {
  type.def(
      "start_async",
      [](QueueObject& self, nb::object inputs, nb::object userdata, bool share_inputs) {
        self.start(inputs, userdata, share_inputs);
      },
      nb::arg("inputs") = nb::none(), nb::arg("userdata") = nb::none(), nb::arg("share_inputs") = false,
      "Waits until a job is free, sets its inputs (as InferRequest.infer) and starts it. Raises the first error of an "
      "earlier job or callback instead, once.");
  type.def(
      "set_callback", [](QueueObject& self, nb::object function) { self.state->callback = callable(function); },
      nb::arg("callback").none(),
      "callback(request, userdata) after each successful run, on a thread of Baton. For later starts; None: none.");
  type.def(
      "set_error_callback",
      [](QueueObject& self, nb::object function) { self.state->error_callback = callable(function); },
      nb::arg("callback").none(),
      "callback(request, userdata, error) for each failed run, instead of keeping the error.");
  type.def(
      "wait_all", wait_all, nb::arg("timeout") = nb::none(),
      "Blocks until every job is free and every callback has returned; False when `timeout` ms passed first. Raises "
      "the first error of a job or callback, once.");
  type.def(
      "is_ready", [](QueueObject& self) { return without_gil([&] { return self.queue->is_ready(); }); },
      "True when a job is free now.");
  type.def(
      "get_idle_request_id",
      [](QueueObject& self) { return without_gil([&] { return self.queue->get_idle_request_id(); }); },
      "Blocks until a job is free; its index.");
}

}  // namespace

void bind_async_infer_queue(nb::module_& module) {
  static PyType_Slot slots[] = {
      {Py_tp_traverse, reinterpret_cast<void*>(traverse)}, {Py_tp_clear, reinterpret_cast<void*>(clear)}, {0, nullptr}};
  nb::class_<QueueObject> type(module, "AsyncInferQueue", nb::type_slots(slots), nb::is_weak_referenceable(),
                               "A pool of requests (jobs) of one model. Deleting it cancels what waits and waits for "
                               "what runs. Thread-safe.");
  type.def(nb::init<const CompiledModelObject&, int>(), nb::arg("model"), nb::arg("jobs") = 0,
           "`jobs` requests; 0: the optimal number, growing with it after a hand-over.");
  bind_work(type);
  type.def_prop_ro("userdata", all_userdata, nb::sig("def userdata(self) -> list[typing.Any]"),
                   "By job: what it was started with, None where a callback has had it.");
  type.def("__len__", [](const QueueObject& self) { return self.queue->size(); });
  type.def("__getitem__", job, nb::arg("index"), nb::sig("def __getitem__(self, index: int, /) -> InferRequest"),
           "A job, to read its results; it cannot be started.");
  type.def(
      "__iter__", [](const QueueObject& self) { return nb::iter(all_jobs(self)); },
      nb::sig("def __iter__(self) -> collections.abc.Iterator[InferRequest]"));
  type.def("__repr__", [](const QueueObject& self) {
    return "<AsyncInferQueue: " + std::to_string(self.queue->size()) + " jobs>";
  });
}

}  // namespace baton::python
