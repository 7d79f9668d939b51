# SPDX-License-Identifier: Apache-2.0
"""AsyncInferQueue: B-1517 to B-1529, B-1535, B-1537."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest

import baton
import onnx_models


def value(first):
    return np.full((1, 4), first, np.float32)


@pytest.fixture
def fails_for_a_while():
    """A program's first lines: a queue of two jobs on a device whose second and third runs fail."""
    return FAILING


FAILING = """
import json, os
os.environ["BATON_SIM"] = json.dumps({"only": True, "devices": [{"name": "NPU", "kind": "accelerator"}],
    "pairs": [{"device": "NPU", "engine": "toy", "slots": 2,
               "run_failures": [{"from": 2, "to": 3, "message": "out of luck"}]}]})
import baton, onnx_models
queue = baton.AsyncInferQueue(baton.compile_model(onnx_models.twice(), "NPU"), 2)
"""


def test_B1517_number_of_jobs(twice):
    assert len(baton.AsyncInferQueue(twice, 5)) == 5
    assert len(baton.AsyncInferQueue(twice)) == twice.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
    with pytest.raises(baton.Exception, match="-1 jobs") as error:
        baton.AsyncInferQueue(twice, -1)
    assert error.value.code == "InvalidArgument"


@pytest.mark.parametrize("jobs", [1, 4, 16])
def test_B1519_B1528_B1529_every_start_is_answered_once(twice, jobs):
    queue = baton.AsyncInferQueue(twice, jobs)
    seen = []

    def done(request, data):
        assert request.latency > 0
        seen.append((data, float(request.results[0][0, 0]), float(request.get_output_tensor().data[0, 3])))

    queue.set_callback(done)
    markers = [(index,) for index in range(1000)]
    for index, marker in enumerate(markers):
        queue.start_async(value(index), marker)
    assert queue.wait_all() is True
    assert sorted(data[0] for data, _, _ in seen) == list(range(1000))
    assert all(first == last == 2 * data[0] and data is markers[data[0]] for data, first, last in seen)
    assert queue.userdata == [None] * jobs


def test_B1520_without_callback_results_stay(twice):
    queue = baton.AsyncInferQueue(twice, 3)
    for index in range(3):
        queue.start_async({0: value(index)}, f"picture {index}")
    queue.wait_all()
    assert sorted(queue.userdata) == ["picture 0", "picture 1", "picture 2"]
    for job in queue:
        assert job.results[0][0, 0] == 2 * int(job.userdata[-1])
    assert queue[-1].userdata == queue[2].userdata
    assert queue.is_ready() and queue.get_idle_request_id() in range(3)


def test_B1523_wait_all_with_a_limit(twice):
    queue = baton.AsyncInferQueue(twice, 1)
    release = threading.Event()
    queue.set_callback(lambda request, data: release.wait(10))
    queue.start_async(value(1))
    assert queue.wait_all(20) is False and queue.is_ready() is False
    release.set()
    assert queue.wait_all(10_000) is True and queue.is_ready() is True


def test_B1524_B1535_a_callbacks_exception_comes_out_once_as_it_was(twice):
    class Mine(Exception):
        pass

    queue = baton.AsyncInferQueue(twice, 2)
    original = Mine("my mistake")

    def fail(request, data):
        raise original

    queue.set_callback(fail)
    queue.start_async(value(1))
    with pytest.raises(Mine) as error:
        queue.wait_all()
    assert error.value is original
    assert queue.wait_all() is True
    queue.start_async(value(1))
    while not queue_raises(queue, Mine):
        time.sleep(0.001)
    queue.set_callback(None)
    queue.start_async(value(1))
    assert queue.wait_all() is True


def queue_raises(queue, kind):
    try:
        queue.is_ready()
    except kind:
        return True
    return False


def test_B1524_what_C_code_raised_keeps_its_type_too(twice):
    """Such an exception is no object yet when it leaves the callback."""
    for callback, kind, text in (
        (lambda request: None, TypeError, "takes 1 positional argument"),
        (lambda request, data: 1 / 0, ZeroDivisionError, "division by zero"),
        (lambda request, data: {}["missing"], KeyError, "missing"),
        (lambda request, data: int("five"), ValueError, "five"),
        (lambda request, data: [].pop(), IndexError, "empty list"),
        (lambda request, data: request.nothing, AttributeError, "nothing"),
        (5 .__add__, TypeError, "expected 1 argument"),
    ):
        queue = baton.AsyncInferQueue(twice, 1)
        queue.set_callback(callback)
        queue.start_async(value(1))
        with pytest.raises(kind, match=text):
            queue.wait_all()


def test_B1525_an_error_names_job_and_userdata(fails_for_a_while):
    program = """
    seen = []
    queue.set_callback(lambda request, data: seen.append(data))
    for index in range(1, 4):
        try:
            queue.start_async(userdata=f"picture {index}")
            queue.wait_all()
        except baton.Exception as error:
            text = str(error)
            seen.append((error.code, f"picture {index}" in text, "job " in text, "out of luck" in text))
            attempt, = error.attempts  # B-623
            assert (attempt.device, attempt.error_class, attempt.text) == ("NPU", "ENGINE_ERROR", "out of luck"), attempt
    assert seen == ["picture 1"] + 2 * [("DeviceError", True, True, True)], seen
    """
    _check(fails_for_a_while, program)


def test_B1525_an_error_callback_takes_them(fails_for_a_while):
    program = """
    good, bad = [], []
    queue.set_callback(lambda request, data: good.append(data))
    queue.set_error_callback(lambda request, data, error: bad.append((data, error.code, error.attempts[0].device)))
    for index in range(1, 6):
        queue.start_async(userdata=index)
        queue.wait_all()
    assert good == [1, 4, 5] and bad == [(2, "DeviceError", "NPU"), (3, "DeviceError", "NPU")], (good, bad)
    """
    _check(fails_for_a_while, program)


def _check(head, program):
    import textwrap

    from conftest import check_program

    check_program(textwrap.dedent(program), prefix=head)


def test_B1526_a_job_is_not_started_by_hand_and_a_new_callback_is_for_later(twice):
    queue = baton.AsyncInferQueue(twice, 1)
    for start in (queue[0].start_async, queue[0].infer):
        with pytest.raises(baton.Exception) as error:
            start()
        assert error.value.code == "InvalidArgument"
    first, second, release = [], [], threading.Event()

    def slow_callback(request, data):
        release.wait(10)
        first.append(data)

    queue.set_callback(slow_callback)
    queue.start_async(value(1), 1)
    queue.set_callback(lambda request, data: second.append(data))
    release.set()
    queue.start_async(value(2), 2)
    queue.wait_all()
    assert (first, second) == ([1], [2])


def test_B1527_deleting_the_queue_and_the_model_while_jobs_run(core):
    for _ in range(20):
        compiled = core.compile_model(core.read_model(onnx_models.slow(128, 8)), "CPU")
        queue = baton.AsyncInferQueue(compiled, 4)
        queue.set_callback(lambda request, data: None)
        for index in range(8):
            queue.start_async(np.zeros((128, 128), np.float32), index)
        del compiled
        del queue
    gc.collect()


def test_B1528_userdata_is_released_after_the_callback(twice):
    class Data:
        pass

    queue = baton.AsyncInferQueue(twice, 1)
    queue.set_callback(lambda request, data: None)
    data = Data()
    gone = weakref.ref(data)
    queue.start_async(value(1), data)
    del data
    queue.wait_all()
    gc.collect()
    assert gone() is None


def test_B1537_bad_inputs_and_indices_lose_no_job(twice):
    queue = baton.AsyncInferQueue(twice, 2)
    for _ in range(5):
        with pytest.raises(baton.Exception):
            queue.start_async(np.zeros((7, 7), np.float32))
        with pytest.raises(baton.Exception):
            queue.start_async({"nobody": value(1)})
        with pytest.raises(TypeError):
            queue.start_async({1.5: value(1)})
        with pytest.raises((TypeError, ValueError)):
            queue.start_async(object())
        for index in (2, -3):
            with pytest.raises(IndexError):
                queue[index]
    seen = []
    queue.set_callback(lambda request, data: seen.append(data))
    for index in range(10):
        queue.start_async(value(index), index)
    queue.wait_all()
    assert sorted(seen) == list(range(10))
    with pytest.raises(TypeError):
        queue.set_callback(5)


def test_starts_from_many_threads(twice):
    queue = baton.AsyncInferQueue(twice, 3)
    seen, lock = [], threading.Lock()

    def done(request, data):
        with lock:
            seen.append(request.results[0][0, 0] == 2 * data)

    queue.set_callback(done)

    def work(base):
        for index in range(100):
            queue.start_async(value(base + index), base + index)

    threads = [threading.Thread(target=work, args=(1000 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.wait_all()
    assert len(seen) == 400 and all(seen)


def test_a_callback_may_start_another_queue(twice):
    second = baton.AsyncInferQueue(twice, 2)
    seen = []
    second.set_callback(lambda request, data: seen.append(request.results[0][0, 0]))
    first = baton.AsyncInferQueue(twice, 2)
    first.set_callback(lambda request, data: second.start_async(request.results[0], data))
    for index in range(20):
        first.start_async(value(index), index)
    first.wait_all()
    second.wait_all()
    assert sorted(seen) == [4 * index for index in range(20)]


def test_a_queue_in_a_cycle_with_its_callback_is_collected(twice):
    class Holder:
        pass

    holder = Holder()
    holder.queue = baton.AsyncInferQueue(twice, 2)
    holder.queue.set_callback(lambda request, data, holder=holder: None)
    holder.queue.start_async(value(1))
    holder.queue.wait_all()
    gone = weakref.ref(holder)
    del holder
    gc.collect()
    assert gone() is None
