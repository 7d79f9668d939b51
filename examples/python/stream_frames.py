# SPDX-License-Identifier: Apache-2.0
"""A stream of frames, several at a time, from the first frame on.

stream_frames.py MODEL [--frames 1000]

The model takes one picture, for example models/face/version-RFB-320.onnx.
"""

import argparse
import threading
import time

import numpy as np

import baton
import baton.properties.hint as hints


def make_frame(shape, number):
    """Stands for a camera: a bright bar that moves."""
    frame = np.zeros(shape, dtype=np.float32)
    left = number * 4 % shape[-1]
    frame[..., left : left + 32] = 255
    return frame


class Answers:
    """Answers arrive on threads of Baton and in any order; here they are put into the order of the frames."""

    def __init__(self):
        self.in_order = 0
        self._lock = threading.Lock()
        self._waiting = {}
        self._server = None

    def add(self, request, frame):
        with self._lock:
            self._waiting[frame] = f"{request.device}/{request.engine}"
            while self.in_order in self._waiting:
                server = self._waiting.pop(self.in_order)
                if server != self._server:
                    print(f"frame {self.in_order}: answered by {server}")
                self._server = server
                self.in_order += 1


def main():
    parser = argparse.ArgumentParser(description="A stream of frames, several at a time, from the first frame on.")
    parser.add_argument("model", help="a model that takes one picture")
    parser.add_argument("--frames", type=int, default=1000, help="how many (default: %(default)s)")
    arguments = parser.parse_args()

    config = {hints.performance_mode: hints.PerformanceMode.THROUGHPUT}
    compiled = baton.compile_model(arguments.model, "AUTO", config)
    answers = Answers()
    queue = baton.AsyncInferQueue(compiled)  # as many jobs as are best, more after a hand-over that wants more
    queue.set_callback(answers.add)
    begin = time.perf_counter()
    for number in range(arguments.frames):
        queue.start_async(make_frame(compiled.input().shape, number), number)  # waits until a job is free
    queue.wait_all()
    rate = arguments.frames / (time.perf_counter() - begin)
    print(f"{answers.in_order} frames in order, {len(queue)} at a time, {rate:.0f} per second")


if __name__ == "__main__":
    main()
