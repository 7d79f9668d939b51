# SPDX-License-Identifier: Apache-2.0
"""The API of OpenVINO 2021 and before, over the one of baton (B-254 to B-257): IECore, networks, blobs."""

import enum
import json

import baton
from baton import Core, Tensor


class StatusCode(enum.IntEnum):
    """What `wait` of a request answers."""

    OK = 0
    GENERAL_ERROR = -1
    RESULT_NOT_READY = -9
    INFER_NOT_STARTED = -11
    INFER_CANCELLED = -13


class WaitMode(enum.IntEnum):
    """Special timeouts of `wait`."""

    RESULT_READY = -1
    STATUS_ONLY = 0


class DataPtr:
    """An input or output of a network: its name, shape and precision."""

    def __init__(self, port):
        self._port = port
        self.name = port.any_name
        self.precision = _precision(port.element_type)

    @property
    def shape(self):
        """Lengths, outermost first."""
        return list(self._port.shape)


class Blob:
    """A tensor by its old name; `buffer` is a view of its memory as a numpy array."""

    def __init__(self, tensor):
        self._tensor = tensor

    @property
    def buffer(self):
        """The elements, as a numpy array on the blob's memory."""
        return self._tensor.data


class IENetwork:
    """A model that was read."""

    def __init__(self, model):
        self._model = model
        self.name = model.friendly_name

    @property
    def input_info(self):
        """Inputs by name."""
        return {port.any_name: DataPtr(port) for port in self._model.inputs}

    @property
    def outputs(self):
        """Outputs by name."""
        return {port.any_name: DataPtr(port) for port in self._model.outputs}

    @property
    def batch_size(self):
        """The first dimension of the first input."""
        return self._model.inputs[0].shape[0]

    def reshape(self, shapes):
        """Sets the shapes of inputs by name."""
        self._model.reshape(shapes)


class InferRequest:
    """One inference at a time; `output_blobs` holds its results by name."""

    def __init__(self, request):
        self._request = request
        self._started = False

    def infer(self, inputs=None):
        """Runs and waits. `inputs`: arrays by name."""
        self._request.infer(inputs)
        self._started = True

    def async_infer(self, inputs=None):
        """Starts; `wait` tells of the end."""
        self._request.start_async(inputs)
        self._started = True

    def wait(self, timeout=WaitMode.RESULT_READY):
        """Waits for `timeout` ms, or to the end (-1), or not at all (0); a StatusCode."""
        if not self._started:
            return StatusCode.INFER_NOT_STARTED
        try:
            if timeout is None or timeout < 0:
                self._request.wait()
            elif not self._request.wait_for(timeout):
                return StatusCode.RESULT_NOT_READY
        except baton.Cancelled:
            return StatusCode.INFER_CANCELLED
        except RuntimeError:
            return StatusCode.GENERAL_ERROR
        return StatusCode.OK

    def set_completion_callback(self, py_callback, py_data=None):
        """Calls py_callback(status, py_data) at the end of each asynchronous run."""
        self._request.set_callback(lambda data: py_callback(StatusCode.OK, data), py_data)

    def set_blob(self, blob_name, blob):
        """Uses a blob's memory for an input or output."""
        self._request.set_tensor(blob_name, blob._tensor)

    @property
    def input_blobs(self):
        """Blobs of the inputs by name."""
        names = [port.any_name for port in self._request.model_inputs]
        return {name: Blob(tensor) for name, tensor in zip(names, self._request.input_tensors)}

    @property
    def output_blobs(self):
        """Blobs of the outputs by name."""
        names = [port.any_name for port in self._request.model_outputs]
        return {name: Blob(tensor) for name, tensor in zip(names, self._request.output_tensors)}

    @property
    def latency(self):
        """ms of the last run."""
        return self._request.latency


class ExecutableNetwork:
    """A network that is ready to run, with its requests."""

    def __init__(self, compiled, num_requests):
        self._compiled = compiled
        self.requests = [InferRequest(compiled.create_infer_request()) for _ in range(num_requests)]

    @property
    def input_info(self):
        """Inputs by name."""
        return {port.any_name: DataPtr(port) for port in self._compiled.inputs}

    @property
    def outputs(self):
        """Outputs by name."""
        return {port.any_name: DataPtr(port) for port in self._compiled.outputs}

    def infer(self, inputs=None):
        """Runs on the first request; copies of the outputs by name."""
        request = self.requests[0]
        request.infer(inputs)
        return {name: blob.buffer.copy() for name, blob in request.output_blobs.items()}

    def start_async(self, request_id, inputs=None):
        """Starts a request and gives it back."""
        request = self.requests[request_id]
        request.async_infer(inputs)
        return request

    def wait(self, num_requests=None, timeout=None):
        """Waits until `num_requests` of the requests are idle (all without a number); a StatusCode."""
        wanted = len(self.requests) if num_requests is None else num_requests
        idle = 0
        for request in self.requests:
            status = request.wait(-1 if timeout is None else timeout)
            if status == StatusCode.RESULT_NOT_READY:
                continue
            idle += 1
            if idle >= wanted:
                return StatusCode.OK
        return StatusCode.RESULT_NOT_READY

    def get_idle_request_id(self):
        """The index of a request that does not run; -1 when all do."""
        for index, request in enumerate(self.requests):
            if request.wait(WaitMode.STATUS_ONLY) != StatusCode.RESULT_NOT_READY:
                return index
        return -1

    def get_metric(self, metric_name):
        """What can be read of the network."""
        return _metric(self._compiled.get_property, metric_name)

    def get_config(self, config_name):
        """A setting of the network, as text."""
        return _text(self._compiled.get_property(config_name))


class IECore:
    """The way in. The device name "" is AUTO."""

    def __init__(self):
        self._core = Core()

    @property
    def available_devices(self):
        """The hardware that engines reach here."""
        return self._core.available_devices

    def read_network(self, model, weights="", init_from_buffer=False):
        """Reads a model from a path, or from bytes with `init_from_buffer`."""
        if init_from_buffer and weights:
            return IENetwork(self._core.read_model(model, Tensor(bytearray(weights))))
        return IENetwork(self._core.read_model(model, weights or None))

    def load_network(self, network, device_name="", config=None, num_requests=1):
        """Makes a network, or the model at a path, ready to run with `num_requests` requests; 0: the optimal number."""
        if num_requests < 0:
            raise ValueError(f"got num_requests={num_requests}, expected 0 (the optimal number) or more")
        settings = dict(config or {})
        if num_requests > 1:
            settings.setdefault("PERFORMANCE_HINT_NUM_REQUESTS", num_requests)
        model = network._model if isinstance(network, IENetwork) else network
        compiled = self._core.compile_model(model, device_name, settings)
        count = num_requests or compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        return ExecutableNetwork(compiled, count)

    def query_network(self, network, device_name, config=None):
        """Not offered: NotImplemented."""
        return self._core.query_model(network._model, device_name, config)

    def get_metric(self, device_name, metric_name):
        """What can be read of a device."""
        return _metric(lambda name: self._core.get_property(device_name, name), metric_name)

    def get_config(self, device_name, config_name):
        """A setting of a device, as text."""
        return _text(self._core.get_property(device_name, config_name))

    def set_config(self, config, device_name):
        """Settings for every later load on the device."""
        self._core.set_property(device_name, config)

    def get_versions(self, device_name):
        """By device the versions of what serves it."""
        return self._core.get_versions(device_name)


def _metric(read, name):
    """SUPPORTED_METRICS and SUPPORTED_CONFIG_KEYS are what can only be read, and what can be set (B-257)."""
    if name not in ("SUPPORTED_METRICS", "SUPPORTED_CONFIG_KEYS"):
        return read(name)
    settings = name == "SUPPORTED_CONFIG_KEYS"
    return [key for key, mutability in read("SUPPORTED_PROPERTIES").items() if (mutability != "RO") == settings]


def _precision(element_type):
    """The old name: FP32 for f32, I64 for i64."""
    name = element_type.to_string()
    return {"boolean": "BOOL"}.get(name, name.replace("f", "FP", 1).upper() if name[0] in "fb" else name.upper())


def _text(value):
    """The form in which settings were read."""
    if isinstance(value, bool):
        return "YES" if value else "NO"
    if isinstance(value, enum.Enum):
        return value.value
    return json.dumps(value) if isinstance(value, dict) else str(value)
