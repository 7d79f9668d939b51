#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What one inference costs in Python beyond the engine: the package baton beside openvino's own binding.

    PYTHONPATH=build/release/python build/venv/bin/python benchmarks/python_overhead.py [--rounds 40] [--calls 500]

Both run the same tiny ONNX model on the same engine (OpenVINO's CPU device), in rounds that alternate; the figure of a
round is the mean of its calls. Printed: median over the rounds, their quartiles, and the ratio of the medians.
"""

import argparse
import pathlib
import statistics
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "python"))
import onnx_models

SHAPE = (1, 16)


def make_calls(module, model, config):
    """By name of the form of call: a function that runs one inference."""
    x = np.arange(16, dtype=np.float32).reshape(SHAPE)
    compiled = module.Core().compile_model(module.Core().read_model(model), "CPU", config)
    request = compiled.create_infer_request()
    named = {compiled.input().any_name: x}
    return {
        "request.infer(dict, share_inputs=True)": lambda: request.infer(named, share_inputs=True),
        "request.infer(dict)": lambda: request.infer(named),
        "request.infer(dict, share both)": lambda: request.infer(named, share_inputs=True, share_outputs=True),
        "request.infer([array])": lambda: request.infer([x]),
        "compiled_model(array)": lambda: compiled(x),
        "compiled_model(array)[0]": lambda: compiled(x)[0],
        "request.infer() alone": lambda: request.infer(),
    }


def time_round(call, calls):
    """Microseconds per call."""
    begin = time.perf_counter_ns()
    for _ in range(calls):
        call()
    return (time.perf_counter_ns() - begin) / calls / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--calls", type=int, default=500)
    arguments = parser.parse_args()

    import openvino

    import baton

    model = onnx_models.twice(SHAPE)
    config = {"INFERENCE_NUM_THREADS": 1}
    ours = make_calls(baton, model, {**config, "ENGINE_PRIORITIES": {"CPU": "openvino"}})
    theirs = make_calls(openvino, model, config)
    print(f"{'us per call':42} {'baton':>8} {'(quartiles)':>16} {'openvino':>10} {'(quartiles)':>16} {'ratio':>7}")
    for name, call in ours.items():
        pair = (call, theirs[name])
        times = ([], [])
        for function in pair:
            time_round(function, arguments.calls)
        for _ in range(arguments.rounds):
            for function, taken in zip(pair, times):
                taken.append(time_round(function, arguments.calls))
        quarters = [statistics.quantiles(taken, n=4) for taken in times]
        cells = [f"{q[1]:9.2f} ({q[0]:6.2f}..{q[2]:6.2f})" for q in quarters]
        print(f"{name:42}{cells[0]} {cells[1]:>28} {quarters[0][1] / quarters[1][1]:7.2f}")


if __name__ == "__main__":
    main()
