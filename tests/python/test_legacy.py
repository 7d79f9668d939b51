# SPDX-License-Identifier: Apache-2.0
"""baton.inference_engine: B-254 to B-257."""

import numpy as np
import pytest

import onnx_models
from baton.inference_engine import IECore, StatusCode


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    path = tmp_path_factory.mktemp("legacy") / "pair.onnx"
    path.write_bytes(onnx_models.sum_and_difference())
    return IECore().read_network(model=str(path))


INPUTS = {"left": np.full((2, 3), 5, np.float32), "right": np.full((2, 3), 2, np.float32)}


def test_B254_networks(network):
    assert list(network.input_info) == ["left", "right"] and network.outputs["sum"].shape == [2, 3]
    assert network.input_info["left"].precision == "FP32" and network.batch_size == 2
    again = IECore().read_network(model=onnx_models.twice(), init_from_buffer=True)
    again.reshape({"data": [2, 4]})
    assert again.input_info["data"].shape == [2, 4]


@pytest.mark.parametrize("device", ["", "AUTO", "CPU"])
def test_B254_B256_an_inference(network, device):
    loaded = IECore().load_network(network, device, {"PERFORMANCE_HINT": "LATENCY"})
    results = loaded.infer(inputs=INPUTS)
    assert (results["sum"] == 7).all() and (results["difference"] == 3).all()
    assert list(loaded.outputs) == ["sum", "difference"]


def test_B255_number_of_requests(network):
    core = IECore()
    assert len(core.load_network(network, "CPU").requests) == 1
    assert len(core.load_network(network, "CPU", num_requests=3).requests) == 3
    loaded = core.load_network(network, "CPU", num_requests=0)
    assert len(loaded.requests) == loaded.get_metric("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
    with pytest.raises(ValueError):
        core.load_network(network, "CPU", num_requests=-1)


def test_B256_asynchronous_requests(network):
    loaded = IECore().load_network(network=network, device_name="CPU", num_requests=2)
    seen = []
    assert loaded.requests[0].wait(0) == StatusCode.INFER_NOT_STARTED
    loaded.requests[1].set_completion_callback(lambda status, data: seen.append((status, data)), "mine")
    for index in range(2):
        loaded.start_async(request_id=index, inputs=INPUTS)
    assert loaded.wait() == StatusCode.OK == 0 and StatusCode.RESULT_NOT_READY == -9
    for request in loaded.requests:
        assert request.wait(1000) == StatusCode.OK and request.latency > 0
        assert (request.output_blobs["sum"].buffer == 7).all()
        assert request.input_blobs["left"].buffer.shape == (2, 3)
    assert seen == [(0, "mine")] and loaded.get_idle_request_id() == 0
    request = loaded.requests[0]
    request.async_infer(INPUTS)
    assert request.wait() == 0
    request.infer()
    assert (request.output_blobs["difference"].buffer == 3).all()


def test_B257_metrics_and_settings(network):
    core = IECore()
    assert core.available_devices == ["CPU"] or "CPU" in core.available_devices
    assert core.get_metric("AUTO", "FULL_DEVICE_NAME") == "AUTO"
    assert "FP32" in core.get_metric("AUTO", "OPTIMIZATION_CAPABILITIES")
    assert core.get_metric("AUTO", "AVAILABLE_DEVICES") == []
    assert "FULL_DEVICE_NAME" in core.get_metric("AUTO", "SUPPORTED_METRICS")
    assert "PERFORMANCE_HINT" in core.get_metric("AUTO", "SUPPORTED_CONFIG_KEYS")
    core.set_config({"PERFORMANCE_HINT": "THROUGHPUT", "KEEP_HELPER": "YES"}, "AUTO")
    assert core.get_config("AUTO", "PERFORMANCE_HINT") == "THROUGHPUT"
    assert core.get_config("AUTO", "KEEP_HELPER") == "YES"
    loaded = core.load_network(network, "AUTO")
    assert loaded.get_metric("NETWORK_NAME") == "two_by_two" and loaded.get_config("PERFORMANCE_HINT") == "THROUGHPUT"
    assert "NETWORK_NAME" in loaded.get_metric("SUPPORTED_METRICS")
    assert core.get_versions("AUTO")["AUTO"].build_number
    assert set(core.query_network(network, "CPU").values()) == {"CPU"}
