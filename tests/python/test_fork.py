# SPDX-License-Identifier: Apache-2.0
"""A program that forks while Baton's threads are at work or wait: the child has none of them, and goes on all the same."""

import pytest

from conftest import check_program

PROGRAM = """
        import os, sys, time
        import numpy as np
        import baton, onnx_models

        DATA = np.ones((1, 4), dtype=np.float32)

        def use():
            core = baton.Core()
            compiled = core.compile_model(core.read_model(onnx_models.twice()), "AUTO")
            queue = baton.AsyncInferQueue(compiled, 3)
            for _ in range(9):
                queue.start_async([DATA])
            queue.wait_all()
            assert compiled.wait_until_steady(60000)
            assert (compiled([DATA])[0] == 2).all()
            return core, compiled

        def fork_and_use(status):
            child = os.fork()
            if child == 0:
                use()
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
    "before",
    [
        pytest.param("core = baton.Core()", id="while the first engine is opened"),
        pytest.param("core = baton.Core(); devices = core.available_devices", id="devices were listed"),
        pytest.param("kept = use()", id="a model serves"),
    ],
)
def test_a_child_compiles_infers_and_exits(before):
    program = PROGRAM + f"""
        {before}
        child = fork_and_use(7)
        check(child, 7)
        use()
        """
    check_program(program, timeout=120)
