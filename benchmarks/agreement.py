# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""Do two implementations answer alike? Rule B-532 of the behaviour specification, written a second time and without
Baton's code, so that a mistake there cannot hide here."""
import array
import math
from pathlib import Path

# relative and absolute part of the tolerance, by the lower precision of the two answers
TOLERANCES = {"f32": (0.001, 0.0001), "tf32": (0.02, 0.001), "f16": (0.02, 0.001), "bf16": (0.02, 0.001),
              "i8": (0.1, 0.001)}
LOWNESS = {"f32": 0, "tf32": 1, "bf16": 1, "f16": 1, "i8": 2}   # tf32 has the mantissa of f16
FLOATS = {"f32": "f", "f64": "d"}


def lower_precision(*names):
    """The narrowest of these precisions; a name that is not known counts as f32."""
    return max((n if n in LOWNESS else "f32" for n in names), key=LOWNESS.get)


def precision_of_file(path):
    """What a model computes in, as its path tells: models/x/FP16-INT8/x.xml, x-int8-qdq.onnx."""
    name = str(path).lower()
    return "i8" if "int8" in name else "f16" if "fp16" in name else "f32"


def is_distribution(values, shape):
    """Values in 0..1 that sum to 1 along one axis; the axis, or None."""
    if not values or min(values) < 0 or max(values) > 1.001:
        return None
    for axis in range(len(shape) - 1, -1, -1):
        length, inner = shape[axis], math.prod(shape[axis + 1:])
        if length > 1 and all(abs(sum(row) - 1) < 0.01 for row in rows(values, length, inner)):
            return axis
    return None


def rows(values, length, inner):
    """The one-dimensional slices along an axis of `length` entries, `inner` apart."""
    for outer in range(0, len(values), length * inner):
        for i in range(inner):
            yield values[outer + i:outer + length * inner:inner]


def compare_values(reference, other, shape, precision):
    """Why `other` differs from `reference`; '' when the two agree."""
    t, u = TOLERANCES[precision]
    finite = [math.isfinite(a) and math.isfinite(b) for a, b in zip(reference, other)]
    if not all(finite):
        strange = sum(math.isfinite(a) != math.isfinite(b) for a, b in zip(reference, other))
        if strange:
            return f"{strange} values are NaN or Inf on one side only"
        reference = [a for a, ok in zip(reference, finite) if ok]
        other = [b for b, ok in zip(other, finite) if ok]
    error = math.sqrt(sum((a - b) ** 2 for a, b in zip(reference, other)))
    norm = math.sqrt(sum(a * a for a in reference))
    limit = t * norm + u * math.sqrt(len(reference))
    if error > limit:
        return f"difference {error:.4g} (2-norm), limit {limit:.4g} for {precision}"
    axis = is_distribution(reference, shape) if all(finite) else None
    if axis is None:
        return ""
    length, inner = shape[axis], math.prod(shape[axis + 1:])
    for a, b in zip(rows(reference, length, inner), rows(other, length, inner)):
        top, second = sorted(a)[-1:-3:-1]
        same_top = max(range(length), key=a.__getitem__) == max(range(length), key=b.__getitem__)
        if not same_top and top - second >= t * top + u:
            return f"another top entry, although the first leads by {top - second:.4g}"
    return ""


def read_output(output):
    values = array.array(FLOATS[output["type"]])
    values.frombytes(Path(output["file"]).read_bytes())
    return values


def compare_outputs(reference, others, precision):
    """Compares lists of outputs as the drivers report them (name, type, shape, file); '' or the first disagreement."""
    if len(reference) != len(others):
        return f"{len(others)} outputs instead of {len(reference)}"
    for a, b in zip(reference, others):
        if a["shape"] != b["shape"]:
            return f"output {a['name']}: shape {b['shape']} instead of {a['shape']}"
        if (a["type"] in FLOATS) != (b["type"] in FLOATS):
            return f"output {a['name']}: type {b['type']} instead of {a['type']}"
        if a["type"] in FLOATS:
            why = compare_values(read_output(a), read_output(b), a["shape"], precision)
            if why:
                return f"output {a['name']}: {why}"
    return ""
