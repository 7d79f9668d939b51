# SPDX-License-Identifier: Apache-2.0
"""InferRequest: B-1501 to B-1513, B-1534, B-1535."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest

import baton
import onnx_models


def test_B1502_what_is_known_of_a_run(twice, x):
    request = twice.create_infer_request()
    assert (request.latency, request.device, request.engine, request.attempts) == (0.0, "", "", 0)
    request.infer(x)
    assert request.latency >= request.run_time > 0
    assert request.device == "CPU" and request.engine in ("openvino", "onnxruntime")
    assert (request.generation, request.attempts) == (1, 1)


def test_B1505_callback_gets_its_userdata_before_wait_returns(twice, x):
    request = twice.create_infer_request()
    marker, seen = object(), []
    request.set_callback(lambda data: (time.sleep(0.02), seen.append(data)), marker)
    request.start_async(x)
    request.wait()
    assert seen == [marker] and request.userdata is marker
    other = object()
    request.start_async(x, other)
    request.wait()
    assert seen == [marker, other]
    request.set_callback(None)
    request.start_async(x)
    request.wait()
    assert len(seen) == 2


def test_B1506_a_callback_may_start_its_request_again(twice, x):
    request = twice.create_infer_request()
    runs, done = [], threading.Event()

    def again(_):
        runs.append(request.latency)
        if len(runs) < 5:
            request.start_async()
        else:
            done.set()

    request.set_callback(again, None)
    request.start_async(x)
    assert done.wait(10)
    request.wait()
    assert len(runs) == 5 and all(latency > 0 for latency in runs)


def test_B1506_waiting_for_oneself_inside_the_callback_is_busy(twice, x):
    request = twice.create_infer_request()
    errors = []

    def wait(_):
        try:
            request.wait()
        except baton.Busy as error:
            errors.append(error)

    request.set_callback(wait, None)
    request.start_async(x)
    request.wait()
    assert [error.code for error in errors] == ["Busy"]


def test_B1508_B1534_waiting(twice, slow, x):
    request = twice.create_infer_request()
    request.wait()
    assert request.wait_for(0) is False
    request = slow.create_infer_request()
    request.start_async(np.zeros((256, 256), np.float32))
    while not request.wait_for(1):
        pass
    assert request.wait_for(0) is True


def test_B1509_a_running_request_is_busy(slow):
    request = slow.create_infer_request()
    request.start_async(np.zeros((256, 256), np.float32))
    busy = [request.start_async, request.infer, request.get_input_tensor]
    kinds = set()
    for call in busy:
        try:
            call()
        except baton.Busy as error:
            kinds.add((error.code, "request is busy" in str(error)))
    request.wait()
    assert kinds <= {("Busy", True)}  # a fast machine may be done before
    assert (request.results[0] == 0).all()


def test_B1512_set_tensors_in_every_form(two_by_two):
    ones, twos = (baton.Tensor(np.full((2, 3), value, np.float32)) for value in (1, 2))
    request = two_by_two.create_infer_request()
    setters = [
        lambda: (request.set_input_tensor(0, ones), request.set_input_tensor(1, twos)),
        lambda: (request.set_tensor("left", ones), request.set_tensor(two_by_two.input(1), twos)),
        lambda: request.set_tensors({"left": ones, 1: twos}),
        lambda: request.set_input_tensors({0: ones, "right": twos}),
    ]
    for set_all in setters:
        set_all()
        assert (request.infer()["difference"] == -1).all()
    mine = baton.Tensor(baton.Type.f32, [2, 3])
    for set_output in (
        lambda: request.set_output_tensor(0, mine),
        lambda: request.set_output_tensors({"sum": mine}),
        lambda: request.set_tensor("sum", mine),
    ):
        set_output()
        mine.data[:] = 0
        request.infer()
        assert (mine.data == 3).all()
    assert [t.shape == [2, 3] for t in request.input_tensors + request.output_tensors] == [True] * 4
    assert request.get_tensor("difference").data[0, 0] == request.get_output_tensor(1).data[0, 0] == -1
    assert request.model_inputs == two_by_two.inputs and request.model_outputs == two_by_two.outputs


def test_B1513_tensors_are_checked_when_they_are_set(twice):
    request = twice.create_infer_request()
    for wrong in (baton.Tensor(baton.Type.f32, [2, 4]), baton.Tensor(baton.Type.i32, [1, 4])):
        with pytest.raises(baton.Exception, match="'data'") as error:
            request.set_input_tensor(wrong)
        assert error.value.code == "InvalidArgument"
    with pytest.raises(baton.Exception, match="nobody"):
        request.set_tensor("nobody", baton.Tensor(baton.Type.f32, [1, 4]))
    with pytest.raises(TypeError):
        request.set_input_tensor(np.zeros((1, 4), np.float32))


def test_a_tensor_that_was_filled_in_place_is_the_input(twice):
    request = twice.create_infer_request()
    request.get_input_tensor().data[:] = 5
    assert (request.infer()[0] == 10).all()
    request.input_tensors[0].data[:] = 6
    request.start_async()
    request.wait()
    assert (request.results[0] == 12).all()


def test_B1534_a_synchronous_inference_calls_no_callback(twice, x):
    request = twice.create_infer_request()
    called = []
    request.set_callback(called.append, 1)
    request.infer(x)
    assert not called


def test_B1535_what_a_callback_raises_comes_out_of_wait_as_text(twice, x):
    request = twice.create_infer_request()

    def fail(_):
        raise KeyError("my mistake")

    request.set_callback(fail, None)
    request.start_async(x)
    with pytest.raises(RuntimeError, match="my mistake"):
        request.wait()
    request.set_callback(None)
    assert (request.infer(x)[0] == 2 * x).all()


def test_a_request_that_is_dropped_while_it_runs(slow):
    for _ in range(20):
        slow.create_infer_request().start_async(np.zeros((256, 256), np.float32))
    gc.collect()


def test_a_request_in_a_cycle_with_its_callback_is_collected(twice, x):
    class Holder:
        pass

    holder = Holder()
    holder.request = twice.create_infer_request()
    holder.request.set_callback(lambda data, holder=holder: None, holder)
    holder.request.infer(x)
    gone = weakref.ref(holder)
    del holder
    gc.collect()
    assert gone() is None


def test_userdata_of_a_request_is_released_with_it(twice):
    class Data:
        pass

    data = Data()
    gone = weakref.ref(data)
    request = twice.create_infer_request()
    request.set_callback(lambda _: None, data)
    del data
    assert gone() is not None
    del request
    gc.collect()
    assert gone() is None


def test_cancel_of_an_idle_request_does_nothing(twice, x):
    request = twice.create_infer_request()
    request.cancel()
    assert (request.infer(x)[0] == 2 * x).all()


def test_B1424_profiling_before_a_run(twice):
    request = twice.create_infer_request()
    with pytest.raises(baton.NotImplemented) as error:
        request.get_profiling_info()
    assert error.value.code == "NotImplemented" and isinstance(error.value, NotImplementedError)


def test_many_models_are_created_and_deleted(core):
    model = core.read_model(onnx_models.twice())
    for _ in range(50):
        core.compile_model(model, "AUTO")(np.ones((1, 4), np.float32))
