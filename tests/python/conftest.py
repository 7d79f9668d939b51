# SPDX-License-Identifier: Apache-2.0
"""What the tests share: the package of the build tree, tiny models, and programs run in processes of their own."""

import os
import pathlib
import subprocess
import sys
import textwrap

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
TESTS = pathlib.Path(__file__).parent
PACKAGE = os.environ.get("BATON_PYTHON_PATH", str(ROOT / "build" / "release" / "python"))

sys.path[:0] = [PACKAGE, str(TESTS)]
os.environ["PYTHONPATH"] = os.pathsep.join([PACKAGE, str(TESTS)])

import baton
import onnx_models


def run_program(code, *arguments, env=None, timeout=60, prefix=""):
    """Runs code in an interpreter of its own; the finished process with its output."""
    program = prefix + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program, *arguments],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def check_program(code, arguments=(), **options):
    """The same; fails the test unless the process ended well. What it printed."""
    done = run_program(code, *arguments, **options)
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def core():
    return baton.Core()


@pytest.fixture(scope="session")
def twice(core):
    """out = data + data, [1,4] of f32, on the CPU."""
    return core.compile_model(core.read_model(onnx_models.twice()), "CPU")


@pytest.fixture(scope="session")
def two_by_two(core):
    """sum and difference of left and right, [2,3] of f32, on the CPU."""
    return core.compile_model(core.read_model(onnx_models.sum_and_difference()), "CPU")


@pytest.fixture(scope="session")
def slow(core):
    """A model whose run takes some milliseconds."""
    return core.compile_model(core.read_model(onnx_models.slow()), "CPU")


@pytest.fixture
def x():
    return np.array([[1, 2, 3, 4]], dtype=np.float32)


@pytest.fixture(scope="session")
def test_data():
    """The folder of real models; the test is skipped where there is none."""
    folder = os.environ.get("BATON_TEST_DATA")
    if not folder:
        pytest.skip("no test data; set BATON_TEST_DATA")
    return pathlib.Path(folder)
