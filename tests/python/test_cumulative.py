# SPDX-License-Identifier: Apache-2.0
"""Several devices at once, on simulated devices, each test in a process of its own (docs/cumulative.md)."""

import json

from conftest import check_program

HEAD = """
import json, time
import numpy as np
import baton, onnx_models
import baton.properties.hint as hints
import baton.properties.intel_auto as intel_auto
core = baton.Core()
model = core.read_model(onnx_models.twice())
CUMULATIVE = {hints.performance_mode: hints.PerformanceMode.CUMULATIVE_THROUGHPUT}

def refused(call):
    try:
        call()
    except RuntimeError as error:
        return str(error)
    raise AssertionError("not refused")
"""


def machine():
    """A CPU and two GPUs, the better the later they are loaded."""
    return {
        "BATON_SIM": json.dumps(
            {
                "only": True,
                "devices": [
                    {"name": "CPU", "kind": "cpu"},
                    {"name": "GPU.0", "kind": "igpu"},
                    {"name": "GPU.1", "kind": "dgpu"},
                ],
                "pairs": [
                    {"device": "CPU", "engine": "C", "load_ms": 5, "run_ms": 6, "slots": 1},
                    {"device": "GPU.0", "engine": "G", "load_ms": 150, "run_ms": 2, "slots": 2},
                    {"device": "GPU.1", "engine": "G", "load_ms": 300, "run_ms": 1, "slots": 3},
                ],
            }
        )
    }


def check(program):
    check_program(program, prefix=HEAD, env=machine())


def test_B802_B804_devices_join_while_it_serves():
    check(
        """
        events = []
        compiled = core.compile_model(model, "AUTO", CUMULATIVE, on_event=events.append)
        assert compiled.get_property("EXECUTION_DEVICES") == ["CPU"]
        assert compiled.get_property("EXECUTION_PHASE") == "STEADY"
        assert not compiled.wait_until_steady(0)
        request = compiled.create_infer_request()
        request.infer()
        assert request.device == "CPU"
        assert compiled.wait_until_steady(10_000)
        assert compiled.get_property("EXECUTION_DEVICES") == ["GPU.1", "GPU.0", "CPU"]
        assert compiled.get_property("EXECUTION_ENGINES") == ["G", "G", "C"]
        assert compiled.get_property("MULTI_DEVICE_PRIORITIES") == "GPU.1,GPU.0,CPU"
        assert compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") == 6
        assert compiled.get_property("PERFORMANCE_HINT") == "CUMULATIVE_THROUGHPUT"
        assert compiled.get_property("NETWORK_NAME") and not compiled.get_property("LOADED_FROM_CACHE")
        assert set(compiled.get_property("DEVICE_PROPERTIES")) == {"CPU", "GPU.0", "GPU.1"}
        time.sleep(0.1)
        assert [e.device for e in events if e.type == "DEVICE_JOINED"] == ["GPU.0", "GPU.1"]
        report = json.loads(compiled.get_property("SELECTION_REPORT"))
        assert report["mode"] == "CUMULATIVE_THROUGHPUT"
        assert {c["verdict"] for c in report["candidates"]} == {"serving"}
        """
    )


def test_B814_B241_the_policy_in_effect_can_be_read():
    check(
        """
        def policy(device, **config):
            compiled = core.compile_model(model, device, {**CUMULATIVE, **config})
            assert "SCHEDULE_POLICY" in compiled.get_property("SUPPORTED_PROPERTIES")
            return compiled.get_property("SCHEDULE_POLICY")

        assert policy("AUTO") == "EARLIEST_FINISH"
        assert policy("AUTO:GPU,CPU") == "DEVICE_PRIORITY"
        assert policy("AUTO", SCHEDULE_POLICY="ROUND_ROBIN") == "ROUND_ROBIN"
        assert policy("AUTO", SCHEDULE_POLICY="DEFAULT") == "DEVICE_PRIORITY"
        assert policy("MULTI:CPU,GPU", SCHEDULE_POLICY=intel_auto.SchedulePolicy.EARLIEST_FINISH) == "EARLIEST_FINISH"
        latency = core.compile_model(model, "AUTO")
        refused(lambda: latency.get_property("SCHEDULE_POLICY"))
        refused(lambda: core.compile_model(model, "AUTO", {**CUMULATIVE, "SCHEDULE_POLICY": "FASTEST"}))
        """
    )


def test_B704_multi():
    check(
        """
        compiled = core.compile_model(model, "MULTI:CPU,GPU.1", {"PERFORMANCE_HINT": "LATENCY"})
        assert compiled.get_property("PERFORMANCE_HINT") == "THROUGHPUT"
        assert compiled.wait_until_steady(10_000)
        assert compiled.get_property("EXECUTION_DEVICES") == ["CPU", "GPU.1"]
        by_property = core.compile_model(model, "MULTI", {"MULTI_DEVICE_PRIORITIES": "GPU.1,CPU"})
        assert by_property.wait_until_steady(10_000)
        assert by_property.get_property("EXECUTION_DEVICES") == ["GPU.1", "CPU"]
        assert "MULTI_DEVICE_PRIORITIES" in refused(lambda: core.compile_model(model, "MULTI"))
        refused(lambda: core.compile_model(model, "MULTI:CPU,GPU", {"HANDOVER_HOLD": True}))
        """
    )


def test_a_queue_keeps_all_devices_busy_and_grows_as_they_join():
    check(
        """
        compiled = core.compile_model(model, "AUTO:CPU,GPU", {**CUMULATIVE, "SCHEDULE_POLICY": "ROUND_ROBIN"})
        devices = {}
        queue = baton.AsyncInferQueue(compiled)
        queue.set_callback(lambda request, _: devices.__setitem__(request.device, devices.get(request.device, 0) + 1))
        compiled.wait_until_steady(10_000)
        for _ in range(120):
            queue.start_async()
        queue.wait_all()
        assert set(devices) == {"CPU", "GPU.0", "GPU.1"} and sum(devices.values()) == 120, devices
        """
    )


def test_B819_bound_requests():
    check(
        """
        config = {**CUMULATIVE, "DEVICE_BIND_BUFFER": True}
        compiled = core.compile_model(model, "AUTO:CPU,GPU.0", config)
        assert compiled.get_property("EXECUTION_DEVICES") == ["CPU", "GPU.0"]
        requests = [compiled.create_infer_request() for _ in range(3)]
        assert "3 workers" in refused(compiled.create_infer_request)
        for _ in range(2):
            for request in requests:
                request.infer()
            assert [request.device for request in requests] == ["CPU", "GPU.0", "GPU.0"]
        del requests[0], request
        first = compiled.create_infer_request()
        first.infer()
        assert first.device == "CPU"
        """
    )
