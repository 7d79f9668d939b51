# SPDX-License-Identifier: Apache-2.0
"""Uses the API as a typed program does. test_types.py has a type checker read it; it runs too."""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

import baton
from baton import AsyncInferQueue, CompiledModel, Core, InferRequest, Model, PartialShape, Shape, Tensor, Type
from baton import properties as props
from baton.properties import hint


def read(core: Core, path: Path) -> Model:
    model = core.read_model(path)
    model.reshape(PartialShape([1, 4]))
    model.reshape({model.input().any_name: [1, 4]})
    labels: bool = model.has_rt_info(["framework", "labels"])
    if labels:
        print(model.get_rt_info(["framework", "labels"]).astype(str).split())
    return model


def compile_in_every_form(core: Core, model: Model, path: Path) -> CompiledModel:
    baton.compile_model(model)
    core.compile_model(path, "AUTO", {props.device.priorities: "CPU"})
    core.compile_model(model, "CPU", {hint.performance_mode: hint.PerformanceMode.LATENCY, "NUM_STREAMS": 1})
    config = {hint.num_requests(2)[0]: hint.num_requests(2)[1]}
    return core.compile_model(model, config=config, on_event=lambda event: print(event.type, event.device))


def infer(compiled: CompiledModel, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    request: InferRequest = compiled.create_infer_request()
    request.set_input_tensor(Tensor(x))
    request.infer()
    first: npt.NDArray[np.float32] = request.get_output_tensor(0).data
    by_port = compiled(x)[compiled.output(0)]
    assert np.allclose(first, by_port) and np.allclose(first, request.infer({0: x}, share_inputs=True)[0])
    milliseconds: float = request.latency
    where: str = request.device + "/" + request.engine
    print(milliseconds, where, compiled.get_property(props.execution_devices))
    steady: bool = compiled.wait_until_steady(10_000)
    assert steady
    for state in request.query_state():
        state.reset()
    return first


def stream(compiled: CompiledModel, x: npt.NDArray[np.float32]) -> list[int]:
    seen: list[int] = []

    def done(request: InferRequest, number: int) -> None:
        seen.append(number)

    queue = AsyncInferQueue(compiled, 2)
    queue.set_callback(done)
    for number in range(len(queue) * 4):
        queue.start_async({compiled.input().any_name: x}, number)
    finished: bool = queue.wait_all(10_000)
    assert finished
    return seen


def main(path: Path) -> None:
    core = Core()
    devices: list[str] = core.available_devices
    model = read(core, path)
    compiled = compile_in_every_form(core, model, path)
    shape: Shape = compiled.input(0).shape
    assert compiled.input(0).element_type == Type.f32
    x = np.ones(tuple(shape), np.float32)
    print(devices, infer(compiled, x).sum(), sorted(stream(compiled, x)))
    try:
        compiled(np.ones((3, 3), np.float32))
    except baton.Exception as error:
        code: str = error.code
        print(code)
    print(compiled.explain().to_text(), compiled.statistics().queued, compiled.wait_until_steady(10_000))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
