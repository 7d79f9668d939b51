# SPDX-License-Identifier: Apache-2.0
"""How would my application start on a machine that I do not have?

BATON_SIM=examples/sim/m3.json rehearse_machine.py MODEL.onnx

The machine is a script (docs/simulation.md); the program is the one that will run there.
"""

import argparse
import time

import numpy as np

import baton


def main():
    parser = argparse.ArgumentParser(description="How would my application start on a machine that I do not have?")
    parser.add_argument("model", help="a model with one input")
    arguments = parser.parse_args()

    core = baton.Core()
    print("devices:", *core.available_devices)
    model = core.read_model(arguments.model)
    print(f"prediction:\n{core.explain(model)}", end="")

    zero = time.monotonic_ns()

    def journal(event):
        """Prints decisions as they are made."""
        print(f"{(event.time - zero) // 10**6} ms  {event.type} {event.device}/{event.engine} {event.reason}")

    compiled = core.compile_model(model, "AUTO", on_event=journal)
    request = compiled.create_infer_request()
    frame = np.zeros(compiled.input().shape, np.float32)
    answers = 1
    request.infer(frame)
    while not compiled.wait_until_steady(0):  # the application's work: requests are answered all the time
        request.infer(frame)
        answers += 1
    request.infer(frame)
    server = f"{request.device}/{request.engine}"
    print(f"{answers} answers until steady; now {server}, {request.latency:.1f} ms each")
    compiled.on_event(None)  # the journal ends before the model does


if __name__ == "__main__":
    main()
