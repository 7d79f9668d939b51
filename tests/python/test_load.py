# SPDX-License-Identifier: Apache-2.0
"""Real engines under load: right answers over a hand-over and from many threads, and nothing left behind."""

import pytest

from conftest import check_program

# How far an answer may be from the row that is expected, as a part of the largest value there can be. Where the CPU
# can, OpenVINO computes in bfloat16 unless told otherwise, and in this chain of 24 products that makes up to 1.2 %,
# whether openvino runs it or Baton; in eight threads each answer has the same bits as alone, and with f32 everywhere
# less than 1e-5 is left. So it is rounding and no race.
TOLERANCES = {"PERFORMANCE": 0.03, "ACCURACY": 1e-3}

HEAD = """
import os, threading, time
import numpy as np
import baton, onnx_models

SIZE = 256
core = baton.Core()
model = core.read_model(onnx_models.slow(SIZE))
once = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
matrix = once(np.eye(SIZE, dtype=np.float32))[0]      # what the chain of products amounts to
scale = np.abs(matrix).max()

def picture(number):
    x = np.zeros((SIZE, SIZE), np.float32)
    x[number % SIZE, number * 7 % SIZE] = 1 + number % 5
    return x

def is_right(number, answer, tolerance=0.03):
    expected = np.zeros_like(matrix)
    expected[number % SIZE] = (1 + number % 5) * matrix[number * 7 % SIZE]
    return np.abs(answer - expected).max() < tolerance * (1 + number % 5) * scale
"""
OWN_RECORDS = {"BATON_STORE": "off"}


def test_1000_jobs_over_a_hand_over():
    check_program(
        """
        events = []
        compiled = core.compile_model(model, "AUTO", on_event=events.append)
        queue, wrong, generations = baton.AsyncInferQueue(compiled, 3), [], []

        def done(request, number):
            generations.append(request.generation)
            if not is_right(number, request.get_output_tensor().data):
                wrong.append(number)

        queue.set_callback(done)
        for number in range(1000):
            queue.start_async(picture(number), number)
        queue.wait_all()
        assert len(generations) == 1000 and not wrong, wrong
        assert compiled.wait_until_steady(60_000)
        switches = [event for event in events if event.type == "SWITCHED"]
        assert compiled.get_property("EXECUTION_GENERATION") == 1 + len(switches)
        print(sorted(set(generations)), [event.type for event in events])
        assert generations[0] == 1 and (generations[-1] > 1 or not switches)
        """,
        prefix=HEAD,
        env=OWN_RECORDS,
        timeout=120,
    )


@pytest.mark.parametrize("mode", TOLERANCES)
def test_eight_threads_on_one_compiled_model(mode):
    check_program(
        """
        compiled = core.compile_model(model, "AUTO", {"EXECUTION_MODE_HINT": MODE})
        wrong, answers = [], []

        def work(first):
            for number in range(first, first + 40):
                answers.append(number)
                if not is_right(number, compiled(picture(number))[0], TOLERANCE):
                    wrong.append(number)

        threads = [threading.Thread(target=work, args=(1000 * number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 320 and not wrong, wrong
        """,
        prefix=HEAD + f"MODE, TOLERANCE = {mode!r}, {TOLERANCES[mode]}\n",
        env=OWN_RECORDS,
        timeout=120,
    )


def test_50_models_created_and_deleted_leave_neither_memory_nor_threads():
    check_program(
        """
        import gc

        def status(name):
            line = next(line for line in open("/proc/self/status") if line.startswith(name))
            return int(line.split()[1])

        def cycle(number):
            compiled = core.compile_model(model, "AUTO")
            request = compiled.create_infer_request()
            assert is_right(number, request.infer(picture(number))[0])
            if number % 5 == 0:      # the others end while their target is being prepared
                assert compiled.wait_until_steady(60_000)
                assert is_right(number, request.infer(picture(number))[0])

        def settled():
            gc.collect()
            deadline = time.monotonic() + 20
            threads = status("Threads")
            while time.monotonic() < deadline:      # what was being prepared ends by itself
                time.sleep(0.3)
                now = status("Threads")
                if now == threads:
                    break
                threads = now
            return status("VmRSS") // 1024, status("Threads")

        for number in range(10):
            cycle(number)
        before = settled()
        for number in range(50):
            cycle(number)
        after = settled()
        print(before, after)
        assert after[0] - before[0] < 40, (before, after)
        assert after[1] <= before[1] + 2, (before, after)
        """,
        prefix=HEAD,
        env=OWN_RECORDS,
        timeout=200,
    )
