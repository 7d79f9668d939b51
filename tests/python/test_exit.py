# SPDX-License-Identifier: Apache-2.0
"""B-1538: the interpreter may exit, and collect garbage, at any moment. Each case is a process that must end well."""

import time

import pytest

from conftest import check_program, run_program

HEAD = """
import atexit, gc, os, sys, threading, time
import numpy as np
import baton, onnx_models
core = baton.Core()
data = np.zeros((256, 256), np.float32)
compiled = core.compile_model(core.read_model(onnx_models.slow()), "DEVICE")
"""

CASES = {
    "queue at work": """
        queue = baton.AsyncInferQueue(compiled, 4)
        queue.set_callback(lambda request, userdata: request.results)
        for index in range(6):
            queue.start_async(data, index)
        """,
    "queue in a cycle": """
        queue = baton.AsyncInferQueue(compiled, 4)
        queue.set_callback(lambda request, userdata, queue=queue: len(queue))
        queue.start_async(data)
        """,
    "endless restarts": """
        request = compiled.create_infer_request()
        request.set_callback(lambda _: request.start_async(), None)
        request.start_async(data)
        time.sleep(0.02)
        """,
    "callback asleep": """
        queue = baton.AsyncInferQueue(compiled, 2)
        queue.set_callback(lambda request, userdata: time.sleep(0.3))
        queue.start_async(data)
        time.sleep(0.05)
        """,
    "callback that never ends": """
        queue = baton.AsyncInferQueue(compiled, 2)
        def never(request, userdata):
            while True:
                pass
        queue.set_callback(never)
        queue.start_async(data)
        time.sleep(0.05)
        """,
    "daemon threads": """
        def work():
            while True:
                compiled(data)
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.05)
        """,
    "daemon thread waits": """
        queue = baton.AsyncInferQueue(compiled, 1)
        queue.set_callback(lambda request, userdata: None)
        def work():
            while True:
                queue.start_async(data)
        threading.Thread(target=work, daemon=True).start()
        time.sleep(0.05)
        """,
    "events at work": """
        again = core.compile_model(core.read_model(onnx_models.slow()), "AUTO", on_event=lambda event: str(event))
        again.create_infer_request().start_async(data)
        """,
    "exit by exception": """
        queue = baton.AsyncInferQueue(compiled, 2)
        queue.start_async(data)
        sys.exit(0)
        """,
    "objects in globals of a dying module": """
        sys.kept = [compiled, compiled.create_infer_request(), baton.Tensor(data, shared_memory=True), compiled(data)]
        sys.kept[1].start_async(data, share_inputs=True)
        """,
    "work in atexit": """
        atexit.register(lambda: compiled(data))
        """,
    "collector at work": """
        gc.set_threshold(1)
        queue = baton.AsyncInferQueue(compiled, 2)
        queue.set_callback(lambda request, userdata: [object() for _ in range(100)])
        for index in range(20):
            queue.start_async(np.zeros((256, 256), np.float32), [index])
        """,
}


@pytest.mark.parametrize("device", ["CPU", "AUTO"])
@pytest.mark.parametrize("name", CASES)
def test_B1538_exit(name, device):
    begin = time.monotonic()
    check_program(CASES[name], prefix=HEAD.replace("DEVICE", device), timeout=30)
    assert time.monotonic() - begin < 20


def test_B1538_the_exit_code_is_kept():
    program = """
    queue = baton.AsyncInferQueue(compiled, 2)
    queue.start_async(data)
    sys.exit(7)
    """
    assert run_program(program, prefix=HEAD.replace("DEVICE", "AUTO")).returncode == 7


def test_B1538_a_run_that_hangs_does_not_hold_the_exit():
    import json

    script = {
        "only": True,
        "devices": [{"name": "NPU", "kind": "accelerator"}],
        "pairs": [
            {
                "device": "NPU",
                "engine": "toy",
                "cancel_run": False,
                "run_failures": [{"from": 1, "class": "HANG", "message": "stuck"}],
            }
        ],
    }
    program = """
    import baton, onnx_models
    queue = baton.AsyncInferQueue(baton.compile_model(onnx_models.twice(), "NPU"), 2)
    queue.set_callback(print)
    queue.start_async()
    """
    begin = time.monotonic()
    check_program(program, env={"BATON_SIM": json.dumps(script)}, timeout=30)
    assert time.monotonic() - begin < 15


@pytest.mark.parametrize("order", [("baton", "openvino", "onnxruntime"), ("onnxruntime", "baton", "openvino"),
                                   ("openvino", "onnxruntime", "baton")])
def test_other_packages_of_the_engines_in_one_process(order):
    program = "".join(f"import {name}\n" for name in order) + (
        "import numpy as np, onnx_models\n"
        "content, x = onnx_models.twice(), np.ones((1, 4), np.float32)\n"
        "session = onnxruntime.InferenceSession(content, providers=['CPUExecutionProvider'])\n"
        "assert (session.run(None, {'data': x})[0] == 2).all()\n"
        "theirs = openvino.Core()\n"
        "assert (theirs.compile_model(theirs.read_model(content), 'CPU')(x)[0] == 2).all()\n"
        "ours = baton.compile_model(content)\n"
        "assert (ours(x)[0] == 2).all() and ours.wait_until_steady(30_000)\n"
        "reasons = [engine.reason for engine in baton.Core().get_engines() if engine.name != 'sim']\n"
        "assert reasons == ['', ''], reasons\n"
    )
    check_program(program)
