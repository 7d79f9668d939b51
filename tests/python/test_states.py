# SPDX-License-Identifier: Apache-2.0
"""Stateful models: B-1101 to B-1105, beside openvino where both can do it."""

import threading

import numpy as np
import pytest

import baton

openvino = pytest.importorskip("openvino")
opset = pytest.importorskip("openvino.opset13")

ONE = np.ones((1, 4), np.float32)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """total = total before + data: a variable that starts with zeros."""
    from openvino.op.util import Variable, VariableInfo

    info = VariableInfo()
    info.data_shape, info.data_type, info.variable_id = openvino.PartialShape([1, 4]), openvino.Type.f32, "total"
    variable = Variable(info)
    data = opset.parameter([1, 4], openvino.Type.f32, name="data")
    before = opset.read_value(opset.constant(np.zeros((1, 4), np.float32)), variable)
    total = opset.add(before, data)
    total.output(0).set_names({"sum"})
    model = openvino.Model([opset.result(total)], [opset.assign(total, variable)], [data], "adder")
    path = tmp_path_factory.mktemp("stateful") / "adder.xml"
    openvino.save_model(model, path, compress_to_fp16=False)
    return path


@pytest.fixture(scope="module", params=["CPU", "AUTO", "AUTO:CPU"])
def compiled(request, path):
    return baton.Core().compile_model(path, request.param)


def run(request, times):
    return [float(request.infer([ONE])[0][0, 0]) for _ in range(times)]


def test_B1105_every_request_keeps_its_own_state(compiled):
    requests = [compiled.create_infer_request() for _ in range(5)]
    for request in requests * 3:
        request.infer([ONE])
    assert [run(request, 1) for request in requests] == [[4.0]] * 5
    for request in requests:
        request.start_async([ONE])
    for request in requests:
        request.wait()
    assert [float(request.results[0][0, 0]) for request in requests] == [5.0] * 5


def test_B1103_states_are_listed_read_set_and_reset(compiled):
    request = compiled.create_infer_request()
    assert run(request, 3) == [1, 2, 3]
    (state,) = request.query_state()
    assert "total" in state.name and state.state.data.tolist() == [[3.0] * 4]
    state.state = baton.Tensor(np.full((1, 4), 10, np.float32))
    assert run(request, 2) == [11, 12]
    state.reset()
    assert run(request, 2) == [1, 2]
    request.reset_state()
    assert run(request, 1) == [1]
    with pytest.raises(baton.Exception, match="got type i32, expected f32"):
        state.state = baton.Tensor(np.zeros((1, 4), np.int32))
    assert run(request, 1) == [2]


def test_a_state_is_a_copy_and_outlives_the_model(path):
    request = baton.Core().compile_model(path, "CPU").create_infer_request()
    (state,) = request.query_state()
    run(request, 1)
    kept = state.state
    run(request, 1)
    del request
    assert kept.data.tolist() == [[1.0] * 4] and state.state.data.tolist() == [[2.0] * 4]


def test_B1506_a_request_may_end_in_its_own_callback(path):
    compiled = baton.Core().compile_model(path, "CPU")
    for _ in range(20):
        requests, ended = [compiled.create_infer_request()], threading.Event()

        def done(_, requests=requests, ended=ended):
            requests.clear()
            ended.set()

        requests[0].set_callback(done, None)
        requests[0].start_async([ONE])
        assert ended.wait(10)
    assert run(compiled.create_infer_request(), 2) == [1, 2]


def test_a_running_request_is_busy(path):
    request = baton.Core().compile_model(path, "CPU").create_infer_request()
    answers = []

    def ask(_):
        try:
            request.query_state()
        except baton.Busy:
            answers.append("busy")

    request.set_callback(ask, None)
    request.start_async([ONE])
    request.wait()
    assert answers in ([], ["busy"])  # inside its own callback a request is idle already
    (state,) = request.query_state()
    assert state.state.data.tolist() == [[1.0] * 4]


def test_calls_of_the_model_itself_go_on_from_each_other(path):
    compiled = baton.Core().compile_model(path, "CPU")
    assert [float(compiled(ONE)[0][0, 0]) for _ in range(3)] == [1, 2, 3]
    assert compiled.query_state()[0].state.data.tolist() == [[3.0] * 4]
    compiled.reset_state()
    assert float(compiled(ONE)[0][0, 0]) == 1


def test_no_helper_ever_serves_a_stateful_model(path):
    events = []
    compiled = baton.Core().compile_model(path, "AUTO", on_event=events.append)
    request = compiled.create_infer_request()
    assert compiled.wait_until_steady(10_000)
    assert run(request, 30) == list(range(1, 31))
    assert compiled.get_property("EXECUTION_GENERATION") == 1
    assert not [event for event in events if event.type == "SWITCHED"]


def test_the_same_sequence_on_openvino(path):
    def sequence(module):
        request = module.Core().compile_model(path, "CPU").create_infer_request()
        seen = [run(request, 2)]
        (state,) = request.query_state()
        seen.append(state.state.data.tolist())
        state.state = module.Tensor(np.full((1, 4), 7, np.float32))
        seen += [run(request, 1), state.name]
        state.reset()
        return [*seen, run(request, 1)]

    assert sequence(baton) == sequence(openvino)
