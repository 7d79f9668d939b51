# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""A tiny ONNX model without the onnx package: y = x * w for x of shape [1,4]."""
import struct

FLOAT = 1


def _varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number, value):
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _value_info(name, dims):
    shape = b"".join(_field(1, _field(1, dim)) for dim in dims)
    return _field(1, name) + _field(2, _field(1, _field(1, FLOAT) + _field(2, shape)))


def tiny_model():
    weights = b"".join(_field(1, dim) for dim in (4, 4)) + _field(2, FLOAT) + _field(8, "w")
    weights += _field(9, struct.pack("<16f", *[0.5] * 16))
    node = _field(1, "x") + _field(1, "w") + _field(2, "y") + _field(4, "MatMul")
    graph = _field(1, node) + _field(2, "tiny") + _field(5, weights)
    graph += _field(11, _value_info("x", (1, 4))) + _field(12, _value_info("y", (1, 4)))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 13))
