# SPDX-License-Identifier: Apache-2.0
"""All devices at once: one queue of pictures, every device takes what it can (CUMULATIVE_THROUGHPUT).

BATON_SIM=examples/sim/m2.json all_devices.py MODEL.onnx

On a machine of simulated devices (docs/simulation.md), or on yours without BATON_SIM.
"""

import argparse
import collections
import time

import numpy as np

import baton
import baton.properties.hint as hints


def main():
    parser = argparse.ArgumentParser(description="All devices at once, one queue of pictures.")
    parser.add_argument("model", help="a model with one input")
    parser.add_argument("--pictures", type=int, default=1000, help="how many (default: %(default)s)")
    arguments = parser.parse_args()

    config = {hints.performance_mode: hints.PerformanceMode.CUMULATIVE_THROUGHPUT}
    compiled = baton.compile_model(arguments.model, "AUTO", config)
    print("serving already:", *compiled.get_property("EXECUTION_DEVICES"))
    compiled.wait_until_steady()  # not necessary: devices join while requests flow
    print("serving:", *compiled.get_property("EXECUTION_DEVICES"))
    print("scheduled by", compiled.get_property("SCHEDULE_POLICY").name)

    answered = collections.Counter()
    # A slow device is used where it gains: when so much waits that the fast ones need longer for it than the slow one
    # for a single picture. So more requests than the optimal number, which only keeps every worker busy.
    queue = baton.AsyncInferQueue(compiled, 32)
    queue.set_callback(lambda request, _: answered.update([request.device]))
    picture = np.zeros(compiled.input().shape, np.float32)
    begin = time.perf_counter()
    for _ in range(arguments.pictures):
        queue.start_async(picture)
    queue.wait_all()
    rate = arguments.pictures / (time.perf_counter() - begin)
    print(f"{arguments.pictures} pictures, {rate:.0f} per second")
    for device, count in sorted(answered.items()):
        print(f"  {device} answered {count}")


if __name__ == "__main__":
    main()
