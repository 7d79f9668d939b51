# SPDX-License-Identifier: Apache-2.0
"""The command `baton` of the package: the program of the C++ build, word for word."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest

import onnx_models
from conftest import ROOT

BUILD = pathlib.Path(os.environ.get("BATON_BUILD_DIR", ROOT / "build" / "release"))
PYTHON = (sys.executable, "-m", "baton")
CPP = (BUILD / "bin" / "baton",)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tiny.onnx").write_bytes(onnx_models.twice())
    return tmp_path


def environment(machine):
    keep = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    return {**keep, "BATON_STORE": "off", **({"BATON_SIM": str(ROOT / "examples" / "sim" / machine)} if machine else {})}


def run(program, *arguments, folder, machine="m3.json", **variables):
    return subprocess.run([*program, *arguments], env={**environment(machine), **variables}, capture_output=True,
                          text=True, timeout=60, cwd=folder)


@pytest.mark.parametrize("arguments", [
    [], ["--version"], ["--help"], ["nonsense"],
    ["devices"], ["devices", "--json"],
    ["explain", "tiny.onnx"], ["explain", "tiny.onnx", "-d", "AUTO:GPU", "--json"], ["explain", "nowhere.onnx"],
    ["explain", "tiny.onnx", "-d", "XPU"], ["trace", "tiny.onnx", "-t", "0"],
    ["benchmark"], ["benchmark", "-h"], ["benchmark", "-foo"], ["benchmark", "-m", "nowhere.onnx", "-niter", "1"],
], ids=" ".join)
def test_the_same_output_and_exit_code_as_the_cpp_program(folder, arguments):
    expected, done = (run(program, *arguments, folder=folder) for program in (CPP, PYTHON))
    assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, expected.stderr)


@pytest.mark.parametrize("program", [CPP, PYTHON], ids=["cpp", "python"])
def test_benchmark_is_the_program_benchmark_app(folder, program):
    own = run([BUILD / "bin" / "benchmark_app"], "-h", folder=folder)
    assert run(program, "benchmark", "-h", folder=folder).stdout == own.stdout
    done = run(program, "benchmark", "-m", "tiny.onnx", "-d=AUTO", "–niter", "4", "--json", "r.json", folder=folder)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^\[Step (\d+)/11\] \w", done.stdout, re.MULTILINE) == [str(i) for i in range(1, 12)]
    assert json.loads((folder / "r.json").read_text())["count"] >= 4


def test_B1614_ctrl_c_gives_the_report_and_130(folder):
    command = [*PYTHON, "benchmark", "-m", "tiny.onnx", "-t", "60"]
    program = subprocess.Popen(command, cwd=folder, env=environment("m1.json"), stdout=subprocess.PIPE, text=True)
    text = ""
    while "Step 10" not in text:
        text += program.stdout.readline()
    time.sleep(0.5)  # some inferences
    program.send_signal(signal.SIGINT)
    rest, _ = program.communicate(timeout=30)
    assert program.returncode == 130
    assert re.search(r"Count: +[1-9]\d* iterations", rest)


def test_ctrl_c_ends_the_other_commands_at_once(folder):
    command = [*PYTHON, "trace", "tiny.onnx", "-t", "60"]
    program = subprocess.Popen(command, cwd=folder, env=environment("m1.json"), stdout=subprocess.PIPE)
    time.sleep(1)
    assert program.poll() is None
    program.send_signal(signal.SIGINT)
    assert program.wait(timeout=10) == -signal.SIGINT


def test_doctor_ends_with_1_when_nothing_can_serve(folder):
    assert run(PYTHON, "doctor", folder=folder).returncode == 0
    done = run(PYTHON, "doctor", "--json", folder=folder, machine=None, BATON_ENGINES="none")
    assert done.returncode == 1 and json.loads(done.stdout)["serves"] is False


def test_demo_and_trace_run(folder):
    done = run(PYTHON, "trace", "tiny.onnx", "-t", "0.5", "--json", folder=folder, machine="m1.json")
    assert done.returncode == 0 and json.loads(done.stdout)
    done = run(PYTHON, "demo", folder=folder, machine="m1.json")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("program", [CPP, PYTHON], ids=["cpp", "python"])
@pytest.mark.parametrize(("model", "shapes"), [
    ("one.onnx", ["[3,4]"]), ("one.onnx", ["data[3,4]"]),
    ("two.onnx", ["left[3,5],right[3,5]"]), ("two.onnx", ["left[3,5]", "right[3,5]"]),
], ids=str)
def test_shapes_are_written_as_for_benchmark_app(folder, program, model, shapes):
    unknown = ("n", "m")  # such a model runs with --shape only
    (folder / "one.onnx").write_bytes(onnx_models.twice(unknown))
    (folder / "two.onnx").write_bytes(onnx_models.sum_and_difference(unknown))
    options = [word for shape in shapes for word in ("--shape", shape)]
    for arguments in ([model, *options], [*options, model]):  # the path is no second shape
        done = run(program, "trace", *arguments, "-t", "0.1", folder=folder)
        assert done.returncode == 0, done.stderr
    without = run(program, "trace", model, "-t", "0.1", folder=folder)
    assert without.returncode == 1 and "say which one to run" in without.stderr
    wrong = run(program, "trace", model, "--shape", "3,4", folder=folder)
    assert wrong.returncode == 2 and "--shape: got '3,4', expected [VALUE]" in wrong.stderr
