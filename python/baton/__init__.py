# SPDX-License-Identifier: Apache-2.0
"""One device name, AUTO: answers first with the engine that loads fastest, hands over to the one that runs fastest.

The names are those of OpenVINO's Python API: Core, compile_model, InferRequest, AsyncInferQueue, ...
"""

import importlib

from baton._baton import (
    AsyncInferQueue,
    CompiledModel,
    ConstOutput,
    Core,
    Dimension,
    EngineInfo,
    Event,
    InferRequest,
    Model,
    Output,
    PairStatistics,
    PartialShape,
    ProfilingInfo,
    SelectionReport,
    Shape,
    Statistics,
    Tensor,
    Type,
    Version,
    __version__,
    get_version,
)
from baton.exceptions import Busy, Cancelled, Exception, NotImplemented

_SUBMODULES = ("compat", "inference_engine", "properties", "runtime", "utils")

__all__ = [
    "AsyncInferQueue",
    "Busy",
    "Cancelled",
    "CompiledModel",
    "ConstOutput",
    "Core",
    "Dimension",
    "EngineInfo",
    "Event",
    "Exception",
    "InferRequest",
    "Model",
    "NotImplemented",
    "Output",
    "PairStatistics",
    "PartialShape",
    "ProfilingInfo",
    "SelectionReport",
    "Shape",
    "Statistics",
    "Tensor",
    "Type",
    "Version",
    "compile_model",
    "get_version",
    "properties",
    "read_model",
    "runtime",
    "tensor_from_file",
]


def compile_model(model, device_name="AUTO", config=None):
    """Core().compile_model: a Model, or whatever read_model takes, made ready to run."""
    return Core().compile_model(model, device_name, config)


def read_model(model, weights=None):
    """Core().read_model: a path, bytes or a file object."""
    return Core().read_model(model, weights)


def tensor_from_file(path):
    """The bytes of a file as a tensor of u8."""
    import numpy

    return Tensor(numpy.fromfile(path, dtype=numpy.uint8))


def __getattr__(name):
    # Submodules that most programs do not need are imported at first use: import baton is to cost little.
    if name in _SUBMODULES:
        return importlib.import_module(f"baton.{name}")
    raise AttributeError(f"module 'baton' has no attribute {name!r}")
