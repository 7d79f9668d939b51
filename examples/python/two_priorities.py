# SPDX-License-Identifier: Apache-2.0
"""Two models, one more important than the other, on a machine with two GPUs. To be tried without them:

BATON_SIM=examples/sim/m2.json two_priorities.py MODEL.onnx
"""

import argparse

import baton
import baton.properties as props
import baton.properties.hint as hints


def compile_with(core, path, what, priority):
    """Compiles, waits until nothing is left to prepare and tells which device that led to."""
    compiled = core.compile_model(path, "AUTO", {hints.model_priority: priority})
    compiled.wait_until_steady()
    print(f"{what}: {' '.join(compiled.get_property(props.execution_devices))}")
    return compiled


def main():
    parser = argparse.ArgumentParser(description="Models of different priority share the devices.")
    parser.add_argument("model", help="any model; it is compiled several times")
    path = parser.parse_args().model

    core = baton.Core()  # priorities count among the models of one Core
    important = compile_with(core, path, "HIGH", hints.Priority.HIGH)
    # The best device is taken by a more important model: this one gets the next best, and so does the third.
    other = compile_with(core, path, "MEDIUM beside it", hints.Priority.MEDIUM)  # noqa: F841 - stays loaded
    third = compile_with(core, path, "LOW beside both", hints.Priority.LOW)

    del important  # a model that is gone leaves its device to those compiled later
    compile_with(core, path, "MEDIUM after HIGH is gone", hints.Priority.MEDIUM)
    print(f"why LOW is where it is:\n{third.explain()}")


if __name__ == "__main__":
    main()
