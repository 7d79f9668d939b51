# SPDX-License-Identifier: Apache-2.0
"""Turning what users give as an input into an array that the extension can read as it lies in memory."""

import numpy as np


def contiguous(value, dtype, bfloat, rank):
    """`value` as a C-contiguous array of `dtype` (None: its own), in the machine's byte order.

    A scalar gets `rank` dimensions. With `bfloat` the elements are to be the bits of bfloat16, which numpy does not
    know: arrays of two-byte elements are taken as such bits, others are rounded.
    """
    array = np.asarray(value)
    if bfloat:
        array = _as_bfloat_bits(array)
    elif dtype is None:
        dtype = array.dtype.newbyteorder("=")
    array = np.asarray(array, dtype=dtype, order="C")
    return array.reshape((1,) * rank) if array.ndim == 0 and rank else array


def texts(value, rank):
    """Shape and elements of an array, list or scalar of texts; a scalar gets `rank` dimensions."""
    array = value if isinstance(value, np.ndarray) else np.asarray(value, dtype=object)
    return (1,) * rank if array.ndim == 0 else array.shape, array.ravel().tolist()


def array_of_texts(items, shape, decoded):
    """An array of dtype U, or S where the texts are bytes."""
    return np.array(items, dtype=np.str_ if decoded else np.bytes_).reshape(shape)


def _as_bfloat_bits(array):
    if array.dtype.itemsize == 2 and array.dtype.kind in "fuV":
        return np.ascontiguousarray(array).view(np.float16).reshape(array.shape)
    bits = np.asarray(array, dtype=np.float32, order="C").view(np.uint32)
    to_nearest_even = ((bits >> 16) & 1) + np.uint32(0x7FFF)
    rounded = ((bits + to_nearest_even) >> 16).astype(np.uint16)
    # Rounding must not turn a NaN into an infinity.
    return np.where(np.isnan(array), np.uint16(0x7FC0), rounded).astype(np.uint16).view(np.float16)
