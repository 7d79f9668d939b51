# SPDX-License-Identifier: Apache-2.0
"""What a type checker makes of the package: a typed program passes, mistakes in it are found."""

import subprocess
import sys

import pytest

import onnx_models
from conftest import PACKAGE, TESTS, check_program

PROGRAM = TESTS / "typed_program.py"


def check_types(path, cache):
    pytest.importorskip("mypy", reason="mypy checks the types; scripts/setup --python brings it")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", f"--cache-dir={cache}", path]
    return subprocess.run(command, env={"MYPYPATH": PACKAGE}, capture_output=True, text=True)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("mypy")


def test_a_typed_program_passes_the_strict_checker(cache):
    done = check_types(PROGRAM, cache)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("right", "wrong", "complaint"), [
    ("request.latency", "request.latncy", "attr-defined"),
    ("milliseconds: float = request.latency", "milliseconds: str = request.latency", "assignment"),
    ("model = core.read_model(path)", "model = core.read_model()", "call-arg"),
    ("queue = AsyncInferQueue(compiled, 2)", "queue = AsyncInferQueue(compiled, [])", "arg-type"),
    ("finished: bool = queue.wait_all(10_000)", "finished: str = queue.wait_all(10_000)", "assignment"),
])
def test_mistakes_are_found(tmp_path, cache, right, wrong, complaint):
    text = PROGRAM.read_text()
    assert text.count(right) == 1
    (tmp_path / "program.py").write_text(text.replace(right, wrong))
    done = check_types(tmp_path / "program.py", cache)
    assert done.returncode == 1 and f"[{complaint}]" in done.stdout, done.stdout + done.stderr


def test_the_typed_program_runs(tmp_path):
    path = tmp_path / "twice.onnx"
    path.write_bytes(onnx_models.twice(metadata=[("labels", "cat dog")]))
    said = check_program(PROGRAM.read_text(), arguments=[str(path)])
    assert "['cat', 'dog']" in said and "InvalidArgument" in said
