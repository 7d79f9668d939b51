# SPDX-License-Identifier: Apache-2.0
"""Tiny ONNX models, written as bytes: the tests need no package for it."""

import numpy as np

ELEMENT_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7, "string": 8, "bool": 9, "float16": 10,
                 "float64": 11}


def _varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def value_info(name, dtype, shape):
    """A ValueInfoProto; in the shape a text stands for an unknown length."""
    dims = b"".join(_bytes(1, _bytes(2, d) if isinstance(d, str) else _number(1, d)) for d in shape)
    tensor = _number(1, ELEMENT_TYPES[dtype]) + _bytes(2, dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def tensor(name, array):
    """A TensorProto."""
    dims = b"".join(_number(1, d) for d in array.shape)
    return dims + _number(2, ELEMENT_TYPES[str(array.dtype)]) + _bytes(8, name) + _bytes(9, array.tobytes())


def node(kind, inputs, outputs, to_type=None):
    """A NodeProto; `to_type` is the attribute of a Cast."""
    fields = [_bytes(1, name) for name in inputs] + [_bytes(2, name) for name in outputs] + [_bytes(4, kind)]
    if to_type is not None:
        fields.append(_bytes(5, _bytes(1, "to") + _number(3, ELEMENT_TYPES[to_type]) + _number(20, 2)))
    return b"".join(fields)


def model(nodes, inputs, outputs, initializers=(), name="tiny", metadata=()):
    """A ModelProto of opset 17; inputs and outputs are triples (name, dtype, shape), metadata pairs of texts."""
    graph = b"".join(_bytes(1, n) for n in nodes) + _bytes(2, name)
    graph += b"".join(_bytes(5, tensor(key, array)) for key, array in initializers)
    graph += b"".join(_bytes(11, value_info(*port)) for port in inputs)
    graph += b"".join(_bytes(12, value_info(*port)) for port in outputs)
    entries = b"".join(_bytes(14, _bytes(1, key) + _bytes(2, value)) for key, value in metadata)
    return _number(1, 8) + _bytes(8, _bytes(1, "") + _number(2, 17)) + _bytes(7, graph) + entries


def twice(shape=(1, 4), dtype="float32", **more):
    """out = data + data."""
    return model([node("Add", ["data", "data"], ["out"])], [("data", dtype, shape)], [("out", dtype, shape)], **more)


def sum_and_difference(shape=(2, 3)):
    """sum = left + right, difference = left - right."""
    nodes = [node("Add", ["left", "right"], ["sum"]), node("Sub", ["left", "right"], ["difference"])]
    ports = [("left", "float32", shape), ("right", "float32", shape)]
    return model(nodes, ports, [("sum", "float32", shape), ("difference", "float32", shape)], name="two_by_two")


def copy_of(dtype, shape=(2, 3)):
    """out = data, of any element type."""
    return model([node("Identity", ["data"], ["out"])], [("data", dtype, shape)], [("out", dtype, shape)])


def slow(size=256, depth=24, seed=3):
    """A chain of matrix products that takes some milliseconds: out = data W W ... W."""
    weights = np.random.default_rng(seed).standard_normal((size, size)).astype(np.float32) / size**0.5
    names = ["data"] + [f"h{i}" for i in range(depth - 1)] + ["out"]
    nodes = [node("MatMul", [names[i], "w"], [names[i + 1]]) for i in range(depth)]
    return model(nodes, [("data", "float32", (size, size))], [("out", "float32", (size, size))], [("w", weights)])
