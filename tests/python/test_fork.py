# SPDX-License-Identifier: Apache-2.0
"""A program that forks while Baton's threads are at work or wait: the child has none of them, and goes on all the same.

OpenVINO itself may wait in a child for threads that only the parent has, once the parent has compiled with it. Then the
helper goes on serving."""

import pytest

from conftest import check_program

PROGRAM = """
        import os, sys, time
        import numpy as np
        import baton, onnx_models

        DATA = np.ones((1, 4), dtype=np.float32)

        def use(until_steady=True):
            core = baton.Core()
            compiled = core.compile_model(core.read_model(onnx_models.twice()), "AUTO")
            queue = baton.AsyncInferQueue(compiled, 3)
            for _ in range(9):
                queue.start_async([DATA])
            queue.wait_all()
            assert not until_steady or compiled.wait_until_steady(60000)
            assert (compiled([DATA])[0] == 2).all()
            return core, compiled

        def fork_and_use(status, until_steady):
            child = os.fork()
            if child == 0:
                use(until_steady)
                sys.exit(status)
            return child

        def check(child, status):
            begin = time.monotonic()
            while time.monotonic() < begin + 50:
                ended, how = os.waitpid(child, os.WNOHANG)
                if ended:
                    assert os.waitstatus_to_exitcode(how) == status, how
                    return
                time.sleep(0.01)
            os.kill(child, 9)
            raise AssertionError("the child hangs")
        """


@pytest.mark.parametrize(
    "before, until_steady",
    [
        pytest.param("core = baton.Core()", True, id="while the first engine is opened"),
        pytest.param("core = baton.Core(); devices = core.available_devices", True, id="devices were listed"),
        pytest.param("kept = use()", False, id="a model serves"),
    ],
)
def test_a_child_compiles_infers_and_exits(before, until_steady):
    program = PROGRAM + f"""
        {before}
        child = fork_and_use(7, {until_steady})
        check(child, 7)
        use()
        """
    check_program(program, env={"BATON_STORE": "off"}, timeout=120)
