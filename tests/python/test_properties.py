# SPDX-License-Identifier: Apache-2.0
"""Properties in Python: B-201 to B-264, B-1415, B-1416, B-1536."""

import numpy as np
import pytest

import baton
import onnx_models
from baton import properties
from baton.properties import device, hint, intel_auto, log, streams
from conftest import ROOT, check_program


def test_B1536_enums_equal_their_strings_in_both_directions():
    assert hint.PerformanceMode.LATENCY == "LATENCY" and "LATENCY" == hint.PerformanceMode.LATENCY
    assert hint.PerformanceMode.LATENCY != "THROUGHPUT" and hint.Priority.DEFAULT == "MEDIUM"
    assert log.Level.INFO == "LOG_INFO" and intel_auto.SchedulePolicy.DEFAULT == "DEVICE_PRIORITY"
    assert {"LATENCY": 1}[hint.PerformanceMode.LATENCY] == 1
    assert str(hint.PerformanceMode.LATENCY) == "PerformanceMode.LATENCY"


def test_B1536_supported_properties_is_a_mapping(core, twice):
    for mapping in (core.get_property("AUTO", "SUPPORTED_PROPERTIES"), twice.get_property("SUPPORTED_PROPERTIES")):
        assert set(mapping.values()) <= {"RO", "RW", "WO"} and mapping["SUPPORTED_PROPERTIES"] == "RO"
    assert core.get_property("AUTO", properties.supported_properties)["PERFORMANCE_HINT"] == "RW"


def test_property_objects_are_keys_and_make_pairs():
    assert hint.performance_mode == hint.performance_mode() == "PERFORMANCE_HINT"
    assert hint.num_requests(4) == ("PERFORMANCE_HINT_NUM_REQUESTS", 4)
    assert device.priorities("GPU", "CPU") == ("MULTI_DEVICE_PRIORITIES", "GPU,CPU")
    assert device.properties({"CPU": {"A": 1}}) == ("DEVICE_PROPERTIES", {"CPU": {"A": 1}})
    assert device.properties("CPU", streams.num(2)) == ("DEVICE_PROPERTIES", {"CPU": {"NUM_STREAMS": 2}})
    assert streams.Num.AUTO == -1 and streams.Num.NUMA.to_integer() == -2
    with pytest.raises(TypeError, match="only be read"):
        properties.model_name("x")
    assert properties.hint is hint and baton.properties is properties


def test_B252_a_collection_of_one_element_is_that_element():
    core = baton.Core()
    for value in ({"THROUGHPUT"}, ["THROUGHPUT"], ("THROUGHPUT",), {hint.PerformanceMode.THROUGHPUT}):
        core.set_property("AUTO", {"PERFORMANCE_HINT": "LATENCY"})
        core.set_property("AUTO", {"PERFORMANCE_HINT": value})
        assert core.get_property("AUTO", "PERFORMANCE_HINT") == "THROUGHPUT"
    for value in ({"LATENCY", "THROUGHPUT"}, ["LATENCY", "THROUGHPUT"]):
        with pytest.raises(baton.Exception) as error:
            core.set_property("AUTO", {"PERFORMANCE_HINT": value})
        assert error.value.code == "InvalidArgument"


def test_B253_runtime_has_the_names_again():
    import baton.runtime

    for name in ("Core", "CompiledModel", "InferRequest", "AsyncInferQueue", "Tensor", "Type", "compile_model"):
        assert getattr(baton.runtime, name) is getattr(baton, name)


def test_B260_defaults_in_their_types(core):
    expected = {
        "PERFORMANCE_HINT": hint.PerformanceMode.LATENCY,
        "PERFORMANCE_HINT_NUM_REQUESTS": 0,
        "MODEL_PRIORITY": hint.Priority.MEDIUM,
        "ENABLE_STARTUP_FALLBACK": True,
        "PERF_COUNT": False,
        "HANDOVER_TOLERANCE": 0.0,
        "LOG_LEVEL": log.Level.NO,
        "CACHE_DIR": "",
        "FULL_DEVICE_NAME": "AUTO",
        "AVAILABLE_DEVICES": [],
    }
    for key, value in expected.items():
        got = core.get_property("AUTO", key)
        assert got == value and type(got) is type(value), key


def test_set_property_in_every_form():
    core = baton.Core()
    core.set_property("AUTO", {hint.model_priority: hint.Priority.HIGH, "KEEP_HELPER": True})
    core.set_property("AUTO", hint.num_requests(np.int64(3)))
    core.set_property("AUTO", ("HANDOVER_TOLERANCE", 0.5))
    core.set_property({properties.cache_dir: ""})
    core.set_property(properties.cache_dir(""))
    assert core.get_property("AUTO", "MODEL_PRIORITY") == "HIGH"
    assert core.get_property("AUTO", hint.num_requests) == 3
    assert core.get_property("AUTO", "HANDOVER_TOLERANCE", {}) == 0.5
    assert core.get_property("CACHE_DIR") == ""
    core.set_property("CPU", {"INFERENCE_NUM_THREADS": 1})


def test_B264_properties_belong_to_one_core():
    baton.Core().set_property("AUTO", {"PERFORMANCE_HINT": "THROUGHPUT"})
    assert baton.Core().get_property("AUTO", "PERFORMANCE_HINT") == "LATENCY"


def test_compile_model_in_every_form(core, x):
    content = onnx_models.twice()
    model = core.read_model(content)
    config = {"PERFORMANCE_HINT": hint.PerformanceMode.LATENCY, "INFERENCE_PRECISION_HINT": baton.Type.f32}
    forms = [
        lambda: core.compile_model(model),
        lambda: core.compile_model(model, "CPU"),
        lambda: core.compile_model(model, "AUTO", config),
        lambda: core.compile_model(model, config),
        lambda: core.compile_model(model=model, device_name="CPU", config=config),
        lambda: core.compile_model(model, config=config),
        lambda: core.compile_model(model, ""),
        lambda: core.compile_model(content, "CPU"),
        lambda: baton.compile_model(model),
        lambda: baton.compile_model(model, "CPU", config),
        lambda: core.compile_model(model, "AUTO", dict([device.priorities("CPU"), hint.num_requests(2)])),
    ]
    for form in forms:
        np.testing.assert_array_equal(form()(x)[0], 2 * x)


def test_properties_of_a_compiled_model(core, x):
    compiled = core.compile_model(core.read_model(onnx_models.twice()), "AUTO")
    compiled(x)
    assert compiled.wait_until_steady(20_000)
    assert compiled.get_property(properties.execution_devices) == ["CPU"]
    assert compiled.get_property("EXECUTION_PHASE") == "STEADY"
    assert compiled.get_property("NETWORK_NAME") == "tiny"
    assert compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") >= 1
    assert compiled.get_property("LOADED_FROM_CACHE") is False
    compiled.set_property({"AUTO_BATCH_TIMEOUT": 5})
    compiled.set_property(intel_auto.handover_hold(False))
    assert compiled.get_property("AUTO_BATCH_TIMEOUT") == 5


def test_B1413_to_B1417_errors(core, twice):
    model = core.read_model(onnx_models.twice())
    cases = [
        (lambda: core.get_property("AUTO", "NOPE"), "InvalidArgument", "NOPE"),
        (lambda: core.set_property("AUTO", {"NOPE": 1}), "InvalidArgument", "NOPE"),
        (lambda: core.set_property("AUTO", {"PERFORMANCE_HINT": "FAST"}), "InvalidArgument", "FAST"),
        (lambda: core.set_property("AUTO", {"LOG_LEVEL": "LOUD"}), "InvalidArgument", "Unsupported log level"),
        (lambda: twice.set_property({"PERFORMANCE_HINT": "LATENCY"}), "NotImplemented", "PERFORMANCE_HINT"),
        (lambda: core.compile_model(model, "AUTO:NOPE"), "NotFound", "NOPE"),
        (lambda: core.compile_model(model, "NOPE"), "InvalidArgument", "available devices"),
        (lambda: core.compile_model(model, "HETERO:CPU"), "NotImplemented", "HETERO"),
        (lambda: core.compile_model(None, "CPU"), "InvalidArgument", "empty model"),
        (lambda: core.import_model(b"", "CPU"), "NotImplemented", "import_model"),
        (lambda: core.create_context("GPU", {}), "NotImplemented", "remote contexts"),
        (lambda: core.get_default_context("GPU"), "NotImplemented", "remote contexts"),
        (lambda: twice.export_model(), "NotImplemented", "export_model"),
        (lambda: twice.get_runtime_model(), "NotImplemented", "get_runtime_model"),
    ]
    for call, code, text in cases:
        with pytest.raises(baton.Exception) as error:
            call()
        assert error.value.code == code and text in str(error.value), str(error.value)
    for bad in ({"PERFORMANCE_HINT": None}, {5: "x"}, 5):
        with pytest.raises(TypeError):
            core.set_property("AUTO", bad)


def test_B259_query_model_of_AUTO_is_what_every_candidate_supports(core):
    model = core.read_model(onnx_models.twice())
    on_cpu, on_auto = core.query_model(model, "CPU"), core.query_model(model, "AUTO:CPU")
    assert set(on_cpu) == set(on_auto) and "out" in on_cpu
    assert set(on_cpu.values()) == {"CPU"} and set(on_auto.values()) == {"AUTO"}
    program = """
    import baton, onnx_models
    core = baton.Core()
    try:
        core.query_model(core.read_model(onnx_models.twice()), "AUTO")
    except baton.NotImplemented as error:
        assert "GPU: " in str(error) and "node by node" in str(error), error
    else:
        raise AssertionError("a scripted engine told what it supports")
    """
    check_program(program, env={"BATON_SIM": str(ROOT / "examples" / "sim" / "m3.json")})


def test_explain_statistics_versions(core, twice, x):
    twice(x)
    report = twice.explain()
    assert report.candidates[0].device == "CPU" and "CPU" in str(report) and '"schema"' in report.to_json()
    assert core.explain(core.read_model(onnx_models.twice()), "AUTO").candidates
    assert twice.statistics().pairs[0].done >= 1
    assert core.get_versions("CPU")["CPU"].build_number
    assert baton.get_version() == baton.__version__
    assert {engine.name for engine in core.get_engines()} >= {"onnxruntime", "openvino"}


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
def test_what_a_device_lists_can_be_read_whatever_engine_it_has(engine):
    program = """
        import baton
        core = baton.Core()
        names = core.get_property("CPU", "SUPPORTED_PROPERTIES")
        assert "INFERENCE_NUM_THREADS" in names
        for name in names:
            core.get_property("CPU", name)
        """
    check_program(program, env={"BATON_ENGINES": engine})
