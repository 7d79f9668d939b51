# SPDX-License-Identifier: Apache-2.0
"""The same call on openvino and on baton, on the direct device CPU: the same result, or an error of the same kind.

Where Baton differs on purpose the case stands in DIFFERENT, with the reason.
"""

import importlib

import numpy as np
import pytest

import baton
import onnx_models

openvino = pytest.importorskip("openvino")

X = np.arange(4, dtype=np.float32).reshape(1, 4)
PAIR = [np.full((2, 3), 5, np.float32), np.full((2, 3), 2, np.float32)]


class World:
    """A module with what the calls need of it."""

    def __init__(self, module):
        self.module = module
        self.core = module.Core()
        self.model = self.core.read_model(onnx_models.twice())
        self.twice = self.core.compile_model(self.model, "CPU")
        self.two = self.core.compile_model(self.core.read_model(onnx_models.sum_and_difference()), "CPU")
        self.dynamic = self.core.compile_model(self.core.read_model(onnx_models.twice(("n", 4))), "CPU")
        metadata = [("labels", "cat dog"), ("size", "12"), ("flip", "true")]
        self.labelled = self.core.read_model(onnx_models.twice(metadata=metadata))
        self.properties = importlib.import_module(module.__name__ + ".properties")

    def request(self):
        return self.twice.create_infer_request()


WORLDS = [World(openvino), World(baton)]


def ports(found):
    return [(port.any_name, port.names, list(port.shape), port.element_type.to_string()) for port in found]


def queue_results(world):
    queue, seen = world.module.AsyncInferQueue(world.twice, 2), []
    queue.set_callback(lambda request, data: seen.append((data, request.get_output_tensor().data.tolist())))
    for index in range(6):
        queue.start_async({0: X + index}, index)
    queue.wait_all()
    return sorted(seen)


def started(world):
    request, seen = world.request(), []
    request.set_callback(seen.append, "data")
    request.start_async({0: X})
    request.wait()
    return seen, request.results[0], request.wait_for(0), request.latency > 0


def assigned_tensors(world):
    request = world.two.create_infer_request()
    request.set_input_tensors({index: world.module.Tensor(array) for index, array in enumerate(PAIR)})
    request.infer()
    return [tensor.data.copy() for tensor in request.output_tensors + request.input_tensors]


def batched(world, layout):
    model = world.core.read_model(onnx_models.twice())
    world.module.layout_helpers.set_layout(model.input(), world.module.Layout(layout))
    before = world.module.get_batch(model).get_length()
    world.module.set_batch(model, 3)
    return before, list(model.input().shape), str(world.module.layout_helpers.get_layout(model.input()))


CALLS = {
    # Inference.
    "call, array": lambda w: w.twice(X)[0],
    "call, list of arrays": lambda w: w.two(PAIR).to_tuple(),
    "call, tuple": lambda w: w.two(tuple(PAIR)).to_tuple(),
    "call, dict by index": lambda w: w.two({0: PAIR[0], 1: PAIR[1]})["sum"],
    "call, dict by name": lambda w: w.two({"right": PAIR[1], "left": PAIR[0]})["difference"],
    "call, dict by port": lambda w: w.two(dict(zip(w.two.inputs, PAIR)))[w.two.output(1)],
    "call, tensor": lambda w: w.twice(w.module.Tensor(X))[0],
    "call, nothing": lambda w: (w.twice(X), w.twice()[0])[1],
    "call, integers": lambda w: w.twice(X.astype(np.int32))[0],
    "call, float64": lambda w: w.twice(X.astype(np.float64))[0],
    "call, not contiguous": lambda w: w.twice(np.asfortranarray(np.tile(X, (2, 1)))[:1])[0],
    "call, wrong shape": lambda w: w.twice(np.zeros((2, 4), np.float32)),
    "call, wrong name": lambda w: w.twice({"nobody": X}),
    "call, wrong index": lambda w: w.twice({7: X}),
    "call, wrong kind of key": lambda w: w.twice({1.5: X}),
    "call, text": lambda w: w.twice("abc"),
    "call, object": lambda w: w.twice(object()),
    "call, one array of two": lambda w: w.two(X),
    "call, too many arrays": lambda w: w.two(PAIR + PAIR),
    "call, tensor of another type": lambda w: w.twice(w.module.Tensor(X.astype(np.float64))),
    "call, dynamic": lambda w: [w.dynamic(np.ones((n, 4), np.float32))[0].shape for n in (1, 3, 2)],
    "infer, copy": lambda w: w.request().infer({0: X})[0],
    "infer, share": lambda w: w.request().infer({0: X.copy()}, share_inputs=True, share_outputs=True)[0].copy(),
    "infer, float64": lambda w: w.request().infer({0: X.astype(np.float64)})[0],
    "infer, wrong shape": lambda w: w.request().infer({0: np.zeros((2, 4), np.float32)}),
    "infer, scalar": lambda w: w.request().infer(3.0),
    "infer_new_request": lambda w: w.twice.infer_new_request({0: X})[0],
    "start_async": started,
    "queue": queue_results,
    "set tensors": assigned_tensors,
    "query_state, no state": lambda w: (w.request().query_state(), w.request().reset_state()),
    "query_model": lambda w: w.core.query_model(w.model, "CPU"),
    # Annotations of models.
    "rt_info, value": lambda w: w.labelled.get_rt_info(["framework", "labels"]).value,
    "rt_info, astype": lambda w: [w.labelled.get_rt_info(["framework", name]).astype(kind) for name, kind in (
        ("labels", str), ("size", int), ("size", float), ("size", str), ("flip", bool))],
    "rt_info, aslist": lambda w: [w.module.OVAny("1 2 3").aslist(kind) for kind in (int, str, float)],
    "rt_info, not a number": lambda w: w.labelled.get_rt_info(["framework", "labels"]).astype(int),
    "rt_info, comparison": lambda w: (w.labelled.get_rt_info(["framework", "size"]) == "12",
                                      w.labelled.get_rt_info(["framework", "size"]) == "13"),
    "rt_info, section": lambda w: w.labelled.get_rt_info("framework").value,
    "rt_info, all": lambda w: sorted(w.labelled.get_rt_info()["framework"]),
    "rt_info, property": lambda w: w.labelled.rt_info["framework"]["labels"].value,
    "rt_info, has": lambda w: [w.labelled.has_rt_info(path) for path in (
        "framework", ["framework", "size"], "size", ["framework", "none"])],
    "rt_info, missing": lambda w: w.labelled.get_rt_info(["none"]),
    # Layouts.
    **{f"layout, {text}": lambda w, text=text: str(w.module.Layout(text)) for text in (
        "NCHW", "nchw", "N...C", "...", "", "N??C", "[N,C,height,width]", "[batch, channels , ...]", "[ a , b ]", "NN",
        "N....", "N C", "[]", "[N,]", "[N,...,...]", "**SCALAR**", "a?b", "[_x,y_1]", "[batch,n]")},
    "layout, comparison": lambda w: (w.module.Layout("NCHW") == "NCHW", w.module.Layout("NC") == w.module.Layout("nc"),
                                     w.module.Layout("NC") == w.module.Layout("CN"), w.module.Layout().empty),
    "layout, helpers": lambda w: [getattr(w.module.layout_helpers, name)(w.module.Layout("N...HWC")) for name in (
        "has_batch", "batch_idx", "has_channels", "channels_idx", "has_depth", "has_height", "height_idx", "width_idx")],
    "layout, no such dimension": lambda w: w.module.layout_helpers.depth_idx(w.module.Layout("NC")),
    "set_batch": lambda w: batched(w, "N..."),
    "set_batch, behind": lambda w: batched(w, "...N"),
    "set_batch, no layout": lambda w: w.module.set_batch(w.model, 2),
    "get_batch, no layout": lambda w: w.module.get_batch(w.model),
    # Results.
    "results, negative index": lambda w: w.two(PAIR)[-1],
    "results, missing index": lambda w: w.twice(X)[5],
    "results, missing name": lambda w: w.twice(X)["nobody"],
    "results, wrong kind of key": lambda w: w.twice(X)[1.5],
    "results, assignment": lambda w: w.twice(X).__setitem__(0, X),
    "results, names": lambda w: w.two(PAIR).names(),
    "results, keys": lambda w: ports(w.two(PAIR).keys()),
    "results, iteration": lambda w: ports(list(w.two(PAIR))),
    "results, values": lambda w: list(w.two(PAIR).values()),
    "results, length": lambda w: len(w.two(PAIR)),
    "results, to_dict": lambda w: list(w.two(PAIR).to_dict().values()),
    # Requests.
    "latency before a run": lambda w: w.request().latency,
    "wait_for before a run": lambda w: w.request().wait_for(0),
    "wait before a run": lambda w: w.request().wait(),
    "callback that is none": lambda w: w.request().set_callback(5, None),
    "set_tensor, wrong name": lambda w: w.request().set_tensor("nobody", w.module.Tensor(X)),
    "set_tensor, wrong type": lambda w: w.request().set_tensor("data", w.module.Tensor(X.astype(np.int32))),
    "model_inputs": lambda w: ports(w.request().model_inputs + w.request().model_outputs),
    "queue, userdata": lambda w: w.module.AsyncInferQueue(w.twice, 2).userdata,
    "queue, length": lambda w: len(w.module.AsyncInferQueue(w.twice, 3)),
    "queue, ready": lambda w: w.module.AsyncInferQueue(w.twice, 3).is_ready(),
    # Ports and models.
    "ports": lambda w: ports(w.two.inputs + w.two.outputs),
    "port by name": lambda w: ports([w.two.input("right"), w.two.output("sum"), w.twice.input()]),
    "port, wrong index": lambda w: w.two.input(9),
    "port, wrong name": lambda w: w.two.output("nobody"),
    "port, not single": lambda w: w.two.input(),
    "model": lambda w: (w.model.friendly_name, w.model.is_dynamic(), w.model.dynamic, ports(w.model.inputs)),
    "model, reshape": lambda w: reshaped(w, [2, 4]),
    "model, reshape by name": lambda w: reshaped(w, {"data": [3, 4]}),
    "model, reshape by text": lambda w: reshaped(w, "1..5,4"),
    "model, reshape of nobody": lambda w: reshaped(w, {"nobody": [3, 4]}),
    "read, missing file": lambda w: w.core.read_model("no/such.onnx"),
    "read, garbage": lambda w: w.core.read_model(b"garbage"),
    "read, number": lambda w: w.core.read_model(5),
    "compile, missing device": lambda w: w.core.compile_model(w.model, "XPU"),
    "compile, missing file": lambda w: w.core.compile_model("no/such.onnx", "CPU"),
    "compile, bad value": lambda w: w.core.compile_model(w.model, "CPU", {"PERFORMANCE_HINT": "FAST"}),
    "compile, device that is no text": lambda w: w.core.compile_model(w.model, 5),
    "compile, bytes for the device": lambda w: w.core.compile_model(onnx_models.twice(), b"", "CPU"),
    "model, reshape of a wrong index": lambda w: reshaped(w, {3: [3, 4]}),
    "model, reshape in other words": lambda w: [reshaped(w, shape) for shape in (
        (5, 4), [-1, 4], "?,4", "[2,4]", [(1, 3), 4], "1..3,4", "2..,4", "..6,4", {"data": w.module.PartialShape([7, 4])},
        [w.module.Dimension(), w.module.Dimension(4)])],
    # Properties.
    "keys of the CPU": lambda w: {key: typed(w.core.get_property("CPU", key)) for key in CPU_KEYS},
    "keys of a model on the CPU": lambda w: {key: type(w.twice.get_property(key)).__name__ for key in (
        "NUM_STREAMS", "INFERENCE_NUM_THREADS", "INFERENCE_PRECISION_HINT", "EXECUTION_MODE_HINT", "EXECUTION_DEVICES",
        "OPTIMAL_NUMBER_OF_INFER_REQUESTS", "ENABLE_CPU_PINNING", "CPU_DENORMALS_OPTIMIZATION", "NETWORK_NAME")},
    "precision in other words": lambda w: [precision_of(w, value) for value in (
        "f32", "FP32", "bf16", "BF16", w.module.Type.f32)],
    "hint of a model": lambda w: hint_of(w),
    "model name": lambda w: (w.twice.get_property("NETWORK_NAME"), w.twice.get_property(w.properties.model_name)),
    "execution devices": lambda w: w.twice.get_property("EXECUTION_DEVICES"),
    "unknown of a model": lambda w: w.twice.get_property("NOPE"),
    "unknown of a device": lambda w: w.core.get_property("CPU", "NOPE"),
    "of an unknown device": lambda w: w.core.get_property("XPU", "FULL_DEVICE_NAME"),
    "set on a model": lambda w: w.twice.set_property({"PERFORMANCE_HINT": "LATENCY"}),
    "set bad value": lambda w: w.core.set_property("CPU", {"PERFORMANCE_HINT": "FAST"}),
    "set pair": lambda w: w.core.set_property("CPU", ("PERFORMANCE_HINT", "LATENCY")),
    "available devices": lambda w: w.core.available_devices,
    "types of answers": lambda w: [
        type(w.core.get_property("CPU", key)).__name__
        for key in ("NUM_STREAMS", "INFERENCE_NUM_THREADS", "PERF_COUNT", "INFERENCE_PRECISION_HINT", "DEVICE_TYPE",
                    "OPTIMIZATION_CAPABILITIES", "RANGE_FOR_STREAMS", "FULL_DEVICE_NAME", "LOG_LEVEL")
    ],
    # Values.
    "shape": lambda w: shapes(w.module),
    "partial shape": lambda w: partial_shapes(w.module),
    "partial shape to shape": lambda w: w.module.PartialShape([1, -1]).to_shape(),
    "types": lambda w: [
        (t.to_dtype(), t.get_type_name(), t.size, t.bitwidth, t.is_real(), t.is_signed(), t.is_integral())
        for t in map(w.module.Type, ("float32", "float16", "int64", "uint8"))
    ],
    "tensor": lambda w: tensors(w.module),
    "shape is not hashable": lambda w: hash(w.module.Shape([1])),
    "partial shape is not hashable": lambda w: hash(w.module.PartialShape([1])),
    "partial shape, operations": lambda w: partial_shape_operations(w.module),
    "partial shape of unknown rank, length": lambda w: len(w.module.PartialShape.dynamic()),
    "dimensions": lambda w: [
        (str(d), repr(d), d.is_static, d.min_length, d.max_length, d == 3)
        for d in (w.module.Dimension(3), w.module.Dimension(), w.module.Dimension(0, 5), w.module.Dimension("2..4"))],
    "types, shown": lambda w: [(str(getattr(w.module.Type, name)), repr(getattr(w.module.Type, name))) for name in (
        "boolean", "bf16", "f16", "f32", "f64", "i4", "i8", "i16", "i32", "i64", "u1", "u4", "u8", "u16", "u32", "u64",
        "nf4", "f8e4m3", "f8e5m2", "string", "dynamic")],
    "tensor on memory that is read only": lambda w: w.module.Tensor(read_only(X), shared_memory=True),
    "tensor, too small": lambda w: w.module.Tensor(X.copy(), shared_memory=True).set_shape([100]),
}

CPU_KEYS = ("RANGE_FOR_STREAMS", "RANGE_FOR_ASYNC_INFER_REQUESTS", "EXECUTION_DEVICES", "CPU_DENORMALS_OPTIMIZATION",
            "CPU_SPARSE_WEIGHTS_DECOMPRESSION_RATE", "ENABLE_TENSOR_PARALLEL", "MODEL_DISTRIBUTION_POLICY",
            "FULL_DEVICE_NAME", "DEVICE_TYPE", "KV_CACHE_PRECISION", "PERFORMANCE_HINT", "NUM_STREAMS", "DEVICE_ID")

DIFFERENT = {
    "query_model, AUTO": "what every candidate supports (B-259); an error there",
    "call, list of numbers": "a list is cast to the port's type as an array is (B-1531)",
    "queue, index": "IndexError (B-1537); openvino's binding reads beyond the queue",
    "queue, negative jobs": "InvalidArgument (B-1517); TypeError there",
    "call, negative index": "InvalidArgument as any other wrong index (B-1420); TypeError there",
    "set on a device, unknown key": "kept until a compile (B-245)",
    "shape, wrong index": "IndexError; openvino's binding reads beyond the shape",
    "type of a dtype that tensors do not have": "TypeError; RuntimeError there",
    "enum equal to a property's value": "enums equal their strings (B-1536); unequal there",
    "results inside a callback": "by index and name as everywhere; by port only there",
    "boolean is signed": "False; True there",
    "tensor, larger than its array": "refused; openvino's binding reads beyond the array",
    "profiling without PERF_COUNT": "NotImplemented (B-1424); zeros there",
    "callback that raises twice": "each is raised once (B-1524); openvino's binding ends the process",
    "callbacks with another number of arguments": "TypeError in both, from wait_all; see test_queues.py",
    "queue, userdata after the callbacks": "released (B-1528); kept there",
    "reshape to another rank": "refused: few models mean it; done there where the operators allow it",
    "reshape by Shape or numpy's integers": "accepted; TypeError there",
    "tensor.data assigned": "copies; no setter there",
    "tensor, copy_from of another type": "cast (B-1531); RuntimeError there",
    "tensor of a part of a tensor": "not offered: tensors are dense",
    "numpy functions on a tensor": "the tensor is a buffer; an object to numpy there",
    "inputs as ports of the model": "accepted (B-1514); TypeError there",
    "input missing, dynamic": "InvalidArgument; computes with no elements there",
    "properties of a Core": "CACHE_DIR only: others belong to a device and are refused with advice; kept unread there",
    "OPTIMIZATION_CAPABILITIES": "sorted, and without WINOGRAD, which OpenVINO reports by the processor's features",
    "keys of AUTO for load and power": "a later stage (section 17)",
    "PERF_COUNT of a model on AUTO": "not readable (B-241)",
    "booleans of a compiled model": "bool; the texts YES and NO there",
    "friendly_name": "the graph's name in the file; OpenVINO's front end puts its own in some releases",
    "repr of models and requests": "one line",
    "threads on one compiled model": "right answers (B-1514); one shared request there",
}


def read_only(array):
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def typed(value):
    return type(value).__name__, str(value)


def precision_of(world, value):
    compiled = world.core.compile_model(world.model, "CPU", {"INFERENCE_PRECISION_HINT": value})
    return str(compiled.get_property("INFERENCE_PRECISION_HINT"))


def partial_shape_operations(m):
    shape = m.PartialShape([1, (2, 5), -1, 8])
    copy = m.PartialShape(shape)
    copy[0], copy[1] = -1, m.Dimension(3, 4)
    return (str(shape), str(copy), str(shape[1:]), [str(d) for d in shape], str(m.PartialShape("..5,1")),
            str(shape.get_min_shape()), shape == copy, shape != copy, shape.compatible(copy), len(shape), str(shape[-1]),
            m.PartialShape([1, 2]) == m.Shape([1, 2]), str(m.PartialShape([1, 2]).to_shape()))


def reshaped(world, shape):
    model = world.core.read_model(onnx_models.twice())
    model.reshape(shape)
    return str(model.input().partial_shape), str(model.output().partial_shape)


def hint_of(world):
    mode = world.properties.hint.PerformanceMode.LATENCY
    compiled = world.core.compile_model(world.model, "CPU", {world.properties.hint.performance_mode: mode})
    value = compiled.get_property(world.properties.hint.performance_mode)
    return value == "LATENCY", "LATENCY" == value


def shapes(m):
    shape = m.Shape([1, 2, 3])
    return (str(shape), repr(shape), shape == [1, 2, 3], shape == (1, 2, 3), shape[1], list(shape[1:]), len(shape),
            list(m.Shape("[4,5]")), [*shape])


def partial_shapes(m):
    shape = m.PartialShape([1, -1, (2, 8)])
    return (str(shape), repr(shape), shape.is_dynamic, shape.rank.get_length(), shape[0] == 1, str(shape[2]),
            shape == m.PartialShape("1,?,2..8"), str(m.PartialShape.dynamic()), list(shape.get_min_shape()),
            repr(m.Dimension(1, 3)), m.Dimension().is_dynamic, m.Dimension(4).get_length())


def tensors(m):
    shared = m.Tensor(X, shared_memory=True)
    return (repr(shared), shared.data, list(shared.shape), shared.size, shared.byte_size, tuple(shared.strides),
            np.shares_memory(shared.data, X), np.shares_memory(m.Tensor(X).data, X),
            m.Tensor(m.Type.i32, [2, 2]).byte_size, m.Tensor(np.int8, [3]).element_type.to_string(),
            m.Tensor(X, [16], m.Type.u8).data)


def outcome(call, world):
    try:
        return "result", call(world)
    except Exception as error:  # any error is an outcome
        kinds = (TypeError, KeyError, IndexError, AttributeError, ValueError, RuntimeError)
        return "error", next(kind for kind in kinds if isinstance(error, kind)).__name__


def equal(a, b):
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(equal, a, b))
    return a == b


@pytest.mark.parametrize("name", CALLS)
def test_same_as_openvino(name):
    theirs, ours = (outcome(CALLS[name], world) for world in WORLDS)
    assert theirs[0] == ours[0] and equal(theirs[1], ours[1]), f"openvino: {theirs}\nbaton: {ours}"


def test_what_differs_is_not_compared_too():
    assert not set(DIFFERENT) & set(CALLS)
