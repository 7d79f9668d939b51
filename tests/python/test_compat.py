# SPDX-License-Identifier: Apache-2.0
"""python -m baton.compat: programs written for OpenVINO run on Baton, unchanged."""

import json
import subprocess
import sys

import pytest

import onnx_models

SCRIPT = """
import sys
import numpy as np
import openvino as ov
import openvino.runtime
import openvino.properties as props
import openvino.properties.hint as hints
from openvino import Core, Type
from openvino.runtime import AsyncInferQueue, InferRequest
from openvino.inference_engine import IECore
from openvino.utils.data_helpers import OVDict

assert ov.__name__ == "baton" and Core is ov.Core and openvino.runtime.Core is Core
core = ov.Core()
config = {hints.performance_mode: hints.PerformanceMode.LATENCY}
compiled = core.compile_model(core.read_model(sys.argv[1]), "AUTO", config)
results = compiled(np.ones((1, 4), np.float32))
assert isinstance(results, OVDict) and (results[compiled.output(0)] == 2).all()
assert compiled.get_property(props.model_name) == "tiny"
print("arguments", sys.argv[1:], __name__)
"""


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(onnx_models.twice())
    return path


def compat(*arguments):
    return subprocess.run([sys.executable, "-m", "baton.compat", *map(str, arguments)], capture_output=True, text=True)


def test_a_script(tmp_path, model):
    (tmp_path / "helper_of_script.py").write_text("from openvino import Core\n")
    script = tmp_path / "script.py"
    script.write_text("import helper_of_script\n" + SCRIPT)
    done = compat(script, model, "more")
    assert done.returncode == 0, done.stderr
    assert f"arguments ['{model}', 'more'] __main__" in done.stdout


def test_a_notebook_without_jupyter(tmp_path, model):
    cells = [
        {"cell_type": "markdown", "source": ["# title"]},
        {"cell_type": "code", "source": ["%pip install -q openvino\n", "import sys\n", "!ls\n", "value = 1"]},
        {"cell_type": "code", "source": "%%javascript\nalert(1)"},
        {"cell_type": "code", "source": SCRIPT + "\nif value:\n    %matplotlib inline\ndisplay(value)\n"},
    ]
    notebook = tmp_path / "notebook.ipynb"
    notebook.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    done = compat(notebook, model)
    assert done.returncode == 0, done.stderr
    assert "arguments" in done.stdout and done.stdout.endswith("\n1\n")
    skipped = [line for line in done.stderr.splitlines() if "skipped" in line]
    assert len(skipped) == 4 and "cell 2" in skipped[0], done.stderr


def test_both_engines_are_found_though_openvino_is_baton(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import openvino as ov\n"
        "engines = {engine.name: engine.reason for engine in ov.Core().get_engines()}\n"
        "assert not engines['openvino'] and not engines['onnxruntime'], engines\n"
    )
    done = compat(script)
    assert done.returncode == 0 and "RuntimeWarning" not in done.stderr, done.stderr


def test_what_baton_does_not_have_is_named(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import openvino.opset13")
    done = compat(script)
    assert done.returncode == 1 and "openvino.opset13 has no counterpart in Baton" in done.stderr


def test_exit_codes_and_usage(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import sys; sys.exit(5)")
    assert compat(script).returncode == 5
    assert compat().returncode == 2
    assert "SCRIPT_OR_NOTEBOOK" in compat("--help").stdout
    assert "there is no file" in compat(tmp_path / "nothing.py").stderr


def test_only_that_program_is_affected():
    import openvino

    assert openvino.__name__ == "openvino" and openvino.Core.__module__ != "baton._baton"
