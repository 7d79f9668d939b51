# SPDX-License-Identifier: Apache-2.0
"""For the notebook, where googlenet-v1 is not at hand: a convolutional network that names the main colour of a picture.

Its input is googlenet-v1's: [1,3,224,224], blue, green and red, less the means (104, 117, 123). It is written here as
the bytes of an ONNX file, so that nothing needs to be downloaded or installed.
"""

import numpy as np

COLOURS = {
    "black": (20, 20, 20), "white": (240, 240, 240), "grey": (128, 128, 128), "red": (210, 40, 40),
    "orange": (240, 140, 30), "yellow": (235, 220, 60), "green": (50, 160, 60), "turquoise": (60, 200, 200),
    "blue": (40, 90, 210), "violet": (140, 60, 180), "pink": (240, 150, 190), "brown": (120, 75, 40),
}  # fmt: skip
LABELS = list(COLOURS)
MEANS = (104, 117, 123)
CHANNELS = 48  # with LAYERS: enough work that an inference takes some milliseconds
LAYERS = 6
INTS = 7  # ONNX's number for the type of an attribute that is a list of integers


def picture(size=512):
    """An evening at the sea: [size,size,3], RGB."""
    down, along = np.mgrid[0:size, 0:size] / size
    sky = np.array(COLOURS["orange"]) * (1 - down[..., None]) + np.array(COLOURS["yellow"]) * down[..., None]
    pixels = np.where(down[..., None] > 0.8, np.array(COLOURS["blue"]), sky)
    sun = (down - 0.55) ** 2 + (along - 0.6) ** 2 < 0.02
    return np.where(sun[..., None], np.array(COLOURS["white"]), pixels).astype(np.uint8)


def model():
    """The ONNX file: a stride-4 reduction, LAYERS convolutions that smooth, then distances to the known colours."""
    wide = np.zeros((CHANNELS, 3, 4, 4), np.float32)
    wide[np.arange(CHANNELS), np.arange(CHANNELS) % 3] = 1 / 16
    # Each layer keeps the mean of a channel, so that the network's answer is known.
    smooth = np.random.default_rng(1).random((CHANNELS, CHANNELS, 3, 3), dtype=np.float32)
    smooth *= np.arange(CHANNELS)[:, None, None, None] % 3 == np.arange(CHANNELS)[None, :, None, None] % 3
    smooth /= smooth.sum(axis=(1, 2, 3), keepdims=True)
    # -|x - c|^2 = 2xc - |c|^2 - |x|^2; the last term is the same for all classes. Divided, so that softmax hesitates.
    known = np.array([COLOURS[name][::-1] for name in LABELS], np.float32) - MEANS
    weights = np.zeros((CHANNELS, len(LABELS)), np.float32)
    weights[:] = 2 * known.T[np.arange(CHANNELS) % 3] / (CHANNELS // 3) / 2000
    constants = {"wide": wide, "smooth": smooth, "weights": weights, "bias": -(known**2).sum(axis=1) / 2000}

    nodes = [_node("Conv", ["data", "wide"], "h0", strides=[4, 4])]
    nodes += [_node("Conv", [f"h{i}", "smooth"], f"h{i + 1}", pads=[1, 1, 1, 1]) for i in range(LAYERS)]
    nodes += [_node("GlobalAveragePool", [f"h{LAYERS}"], "mean"), _node("Flatten", ["mean"], "flat")]
    nodes += [_node("MatMul", ["flat", "weights"], "product"), _node("Add", ["product", "bias"], "scores")]
    nodes += [_node("Softmax", ["scores"], "prob")]
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, "colours")
    graph += b"".join(_field(5, _constant(name, array)) for name, array in constants.items())
    graph += _field(11, _port("data", (1, 3, 224, 224))) + _field(12, _port("prob", (1, len(LABELS))))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 17))  # IR version 8, opset 17


def _varint(value):
    return bytes([value & 0x7F | 0x80]) + _varint(value >> 7) if value > 0x7F else bytes([value])


def _field(number, value):
    """A field of a protobuf message: a number, or text, bytes or another message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _node(kind, inputs, output, **attributes):
    fields = [_field(1, name) for name in inputs] + [_field(2, output), _field(4, kind)]
    for name, values in attributes.items():
        fields.append(_field(5, _field(1, name) + b"".join(_field(8, value) for value in values) + _field(20, INTS)))
    return b"".join(fields)


def _constant(name, array):
    content = np.ascontiguousarray(array, dtype="<f4")
    return b"".join(_field(1, n) for n in array.shape) + _field(2, 1) + _field(8, name) + _field(9, content.tobytes())


def _port(name, shape):
    dimensions = b"".join(_field(1, _field(1, n)) for n in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, dimensions)))
