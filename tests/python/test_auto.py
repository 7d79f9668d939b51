# SPDX-License-Identifier: Apache-2.0
"""AUTO on simulated devices, each in a process of its own: hand-over, events, failures (docs/simulation.md)."""

import json
import re

from conftest import check_program, run_program

HEAD = """
import json, time
import numpy as np
import baton, onnx_models
core = baton.Core()
model = core.read_model(onnx_models.twice())
"""


def machine(**gpu):
    """A CPU that loads in 5 ms and runs in 4, and a GPU that loads in 300 ms and runs in 1."""
    return {
        "BATON_SIM": json.dumps(
            {
                "only": True,
                "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
                "pairs": [
                    {"device": "CPU", "engine": "quick", "load_ms": 5, "run_ms": 4, "slots": 1},
                    {"device": "GPU", "engine": "fast", "load_ms": 300, "run_ms": 1, "slots": 4, **gpu},
                ],
            }
        )
    }


def test_the_helper_answers_first_and_the_target_takes_over():
    check_program(
        """
        compiled = core.compile_model(model, "AUTO")
        assert compiled.get_property("EXECUTION_DEVICES") == ["(CPU)"]
        assert compiled.get_property("EXECUTION_PHASE") == "HELPER"
        request = compiled.create_infer_request()
        request.infer()
        assert (request.device, request.engine, request.generation) == ("CPU", "quick", 1)
        first = request.results[0]
        while request.device != "GPU":
            request.infer()
        assert compiled.wait_until_steady(10_000)
        assert request.generation == 2 and (request.results[0] == first).all()
        assert compiled.get_property("EXECUTION_DEVICES") == ["GPU"]
        """,
        prefix=HEAD,
        env=machine(),
    )


def test_B1213_events_come_in_order_from_the_start():
    check_program(
        """
        events = []
        compiled = core.compile_model(model, "AUTO", on_event=events.append)
        request = compiled.create_infer_request()
        while not compiled.wait_until_steady(1):
            request.infer()
        time.sleep(0.2)
        kinds = [event.type for event in events]
        order = ["LOAD_STARTED", "LOAD_FINISHED", "HELPER_READY", "LOAD_FINISHED", "CHECK_DONE", "SWITCHED",
                 "HELPER_RELEASED"]
        rest = iter(kinds)
        assert all(kind in rest for kind in order), kinds
        assert [event.time for event in events] == sorted(event.time for event in events)
        assert all(isinstance(event.values, dict) for event in events)
        later = []
        compiled.on_event(later.append)
        compiled.on_event(None)
        """,
        prefix=HEAD,
        env=machine(),
    )


def test_B1209_a_compile_that_fails_tells_its_listener_why_and_then_nothing():
    failing = {"load_failures": [{"from": 1, "message": "out of luck"}]}
    check_program(
        """
        for attempt in range(20):
            events = []
            try:
                core.compile_model(model, "AUTO:GPU", on_event=events.append)
                raise SystemExit("no error")
            except RuntimeError as error:
                heard = [event.type for event in events]
                assert "out of luck" in str(error)
            assert "CANDIDATE_FAILED" in heard, heard
            time.sleep(0.01)
            assert [event.type for event in events] == heard
        """,
        prefix=HEAD,
        env=machine(load_ms=1, **failing),
    )


def test_a_listener_that_raises_harms_nothing():
    check_program(
        """
        import sys
        unraisable = []
        sys.unraisablehook = unraisable.append
        def listener(event):
            raise KeyError("mine")
        compiled = core.compile_model(model, "AUTO", on_event=listener)
        compiled(np.zeros((1, 4), np.float32))
        time.sleep(0.1)
        assert unraisable
        """,
        prefix=HEAD,
        env=machine(),
    )


def test_B1521_a_queue_grows_and_B1529_answers_all_over_a_switch():
    check_program(
        """
        compiled = core.compile_model(model, "AUTO", {"PERFORMANCE_HINT": "THROUGHPUT"})
        queue, seen = baton.AsyncInferQueue(compiled), []
        queue.set_callback(lambda request, data: seen.append((data, request.device, float(request.results[0].sum()))))
        for index in range(1000):
            queue.start_async(np.zeros((1, 4), np.float32), index)
        queue.wait_all()
        assert sorted(data for data, _, _ in seen) == list(range(1000))
        assert {device for _, device, _ in seen} == {"CPU", "GPU"}
        assert len({total for _, _, total in seen}) == 1
        assert len(queue) == compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        """,
        prefix=HEAD,
        env=machine(),
    )


def test_B1521_a_queue_without_a_number_grows_and_one_with_a_number_does_not():
    # Before the GPU is there its optimal number can only be predicted: 4 (B-712). It turns out to be 6.
    check_program(
        """
        config = {"PERFORMANCE_HINT": "THROUGHPUT", "HANDOVER_HOLD": True}
        compiled = core.compile_model(model, "AUTO", config)
        grows, fixed = baton.AsyncInferQueue(compiled), baton.AsyncInferQueue(compiled, 2)
        assert (len(grows), len(fixed)) == (4, 2)
        zeros = np.zeros((1, 4), np.float32)
        for queue in (grows, fixed):
            for _ in range(8):
                queue.start_async(zeros)
            queue.wait_all()
        assert (len(grows), len(fixed)) == (4, 2)
        compiled.set_property({"HANDOVER_HOLD": False})
        while not compiled.wait_until_steady(1):
            fixed.start_async(zeros)
        fixed.wait_all()
        assert compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") == 6
        for queue in (grows, fixed):
            for _ in range(8):
                queue.start_async(zeros)
            queue.wait_all()
        assert (len(grows), len(fixed)) == (6, 2)
        """,
        prefix=HEAD,
        env=machine(slots=6, run_ms=20),
    )


def test_a_wrong_newcomer_is_refused():
    check_program(
        """
        compiled = core.compile_model(model, "AUTO")
        request = compiled.create_infer_request()
        for _ in range(200):
            request.infer()
        assert request.device == "CPU"
        gpu = [c for c in compiled.explain().candidates if c.device == "GPU"]
        assert gpu[0].reason == "OUTPUT_MISMATCH" and gpu[0].verdict == "failed", str(compiled.explain())
        """,
        prefix=HEAD,
        env=machine(output_error={"bias": 100}, load_ms=20),
    )


def test_a_device_that_fails_to_load_is_reported():
    check_program(
        """
        compiled = core.compile_model(model, "AUTO")
        for _ in range(50):
            compiled(np.zeros((1, 4), np.float32))
        assert "no driver" in str(compiled.explain())
        try:
            core.compile_model(model, "GPU")
        except baton.Exception as error:
            assert error.code == "CompileError" and "no driver" in str(error), (error.code, str(error))
        else:
            raise AssertionError("a load that failed made a model")
        """,
        prefix=HEAD,
        env=machine(load_failures=[{"message": "no driver"}], load_ms=20),
    )


def test_B1510_cancel():
    check_program(
        """
        compiled = core.compile_model(model, "GPU")
        request = compiled.create_infer_request()
        request.start_async()
        request.cancel()
        try:
            request.wait()
        except baton.Cancelled as error:
            assert error.code == "Cancelled" and "cancelled" in str(error)
        else:
            raise AssertionError("nothing was cancelled")
        """,
        prefix=HEAD,
        env=machine(run_ms=5000, load_ms=1),
    )


WORK_UNTIL_STEADY = """
request = core.compile_model(model, "AUTO", {"LOG_LEVEL": LEVEL}).create_infer_request()
while not request.get_compiled_model().wait_until_steady(1):
    request.infer()
time.sleep(0.3)     # the helper's release
"""


def test_B1206_B1207_log_lines_go_to_a_callback():
    check_program(
        "LEVEL = 'LOG_INFO'\nlines = []\n"
        "baton.Core.set_log_callback(lambda level, tag, text: lines.append((level, tag, text)))\n"
        + WORK_UNTIL_STEADY
        + """
import re
baton.Core.set_log_callback(None)
texts = [text for _, _, text in lines]
for expected in ("select device:GPU", "will load CPU as helper", "device:CPU compiling model finished",
                 "device:GPU compiling model finished", "switched to GPU", r"CPU_HELP:infer:[1-9][0-9]*$",
                 r"CPU_HELP:fps:[0-9.]+", "helper released!!"):
    assert sum(bool(re.search("^" + expected, text)) for text in texts) == 1, (expected, texts)
order = [next(i for i, text in enumerate(texts) if part in text) for part in
         ("as helper", "switched to", "helper released")]
assert order == sorted(order), texts
assert {tag for _, tag, _ in lines} == {"AUTO"} and {level for level, _, _ in lines} <= {1, 2, 3}, lines
""",
        prefix=HEAD,
        env=machine(),
    )


def test_B1201_B1202_log_lines_on_stderr():
    line = r"\[\d\d:\d\d:\d\d\.\d{4}\]([EWIDT]|ERROR)\[[\w.]+:\d+\] \[AUTO\]: .+"
    for level, shown in (("LOG_NONE", ""), ("LOG_WARNING", ""), ("LOG_INFO", "I"), ("LOG_DEBUG", "ID")):
        done = run_program(f"LEVEL = {level!r}" + WORK_UNTIL_STEADY, prefix=HEAD, env=machine())
        assert done.returncode == 0, done.stderr
        matches = [re.fullmatch(line, text) for text in done.stderr.splitlines()]
        assert all(matches), done.stderr
        assert {match[1] for match in matches} == set(shown), done.stderr


def test_B1204_two_models_have_two_log_levels():
    check_program(
        """
lines = []
baton.Core.set_log_callback(lambda level, tag, text: lines.append(text))
def work(compiled):
    while not compiled.wait_until_steady(1):
        compiled.create_infer_request().infer()
core.set_property("AUTO", {"LOG_LEVEL": "LOG_DEBUG"})
quiet = core.compile_model(model, "AUTO", {"LOG_LEVEL": "LOG_NONE"})
loud = core.compile_model(model, "AUTO")
work(quiet)
work(loud)
late = time.monotonic() + 10  # lines come on a thread of Baton's, after what they tell of
while not any(text.startswith("switched to GPU") for text in lines) and time.monotonic() < late:
    time.sleep(0.01)
del quiet, loud
baton.Core.set_log_callback(None)
assert sum(text.startswith("switched to GPU") for text in lines) == 1, lines
assert any("select device" in text for text in lines), lines
""",
        prefix=HEAD,
        env=machine(),
    )


def test_B507_every_property_is_readable_in_every_phase():
    check_program(
        """
compiled = core.compile_model(model, "AUTO")
request = compiled.create_infer_request()
keys = list(compiled.get_property("SUPPORTED_PROPERTIES"))
seen = {}
while "STEADY" not in seen:
    for key in keys:
        compiled.get_property(key)
    report = json.loads(compiled.get_property("SELECTION_REPORT"))
    devices = compiled.get_property("EXECUTION_DEVICES")
    seen.setdefault(report["phases"][-1]["phase"], devices)
    serving = [c["device"] for c in report["candidates"] if c["verdict"] in ("serving", "helper")]
    assert serving, report
    request.infer()
assert {"PREPARING", "HELPER", "STEADY"} & set(seen) and len(seen) > 1, seen
assert seen["STEADY"] == ["GPU"], seen
""",
        prefix="import json\n" + HEAD,
        env=machine(),
    )
