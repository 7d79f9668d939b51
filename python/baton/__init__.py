# SPDX-License-Identifier: Apache-2.0
"""One device name, AUTO: answers first with the engine that loads fastest, hands over to the one that runs fastest.

The names are those of OpenVINO's Python API: Core, compile_model, InferRequest, AsyncInferQueue, ...
"""

from __future__ import annotations

import importlib
from typing import Any

from baton._baton import (
    AsyncInferQueue,
    CompiledModel,
    ConstOutput,
    Core,
    Dimension,
    EngineInfo,
    Event,
    InferRequest,
    Layout,
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
    VariableState,
    Version,
    get_batch,
    get_version,
    set_batch,
)
from baton.exceptions import Busy, Cancelled, Exception, NotImplemented

__version__ = get_version()
_SUBMODULES = ("compat", "inference_engine", "layout_helpers", "properties", "runtime", "utils")

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
    "Layout",
    "Model",
    "NotImplemented",
    "OVAny",
    "Output",
    "PairStatistics",
    "PartialShape",
    "ProfilingInfo",
    "SelectionReport",
    "Shape",
    "Statistics",
    "Tensor",
    "Type",
    "VariableState",
    "Version",
    "compile_model",
    "get_batch",
    "get_version",
    "layout_helpers",
    "properties",
    "read_model",
    "runtime",
    "set_batch",
    "tensor_from_file",
]


def compile_model(model: Any, device_name: str = "AUTO", config: dict[str, Any] | None = None) -> CompiledModel:
    """Core().compile_model: a Model, or whatever read_model takes, made ready to run."""
    return Core().compile_model(model, device_name, config)


def read_model(model: Any, weights: Any = None) -> Model:
    """Core().read_model: a path, bytes or a file object."""
    return Core().read_model(model, weights)


def tensor_from_file(path: Any) -> Tensor:
    """The bytes of a file as a tensor of u8."""
    import numpy

    return Tensor(numpy.fromfile(path, dtype=numpy.uint8))


def __getattr__(name: str) -> Any:
    # Submodules that most programs do not need are imported at first use: import baton is to cost little.
    if name in _SUBMODULES:
        return importlib.import_module(f"baton.{name}")
    if name == "OVAny":
        return importlib.import_module("baton._any").OVAny
    raise AttributeError(f"module 'baton' has no attribute {name!r}")
