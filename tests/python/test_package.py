# SPDX-License-Identifier: Apache-2.0
"""The package itself: names, stubs, what an import costs, and finding the engines."""

import ast
import json
import pathlib
import sys

import pytest

import baton
from conftest import ROOT, check_program, run_program


def test_no_name_of_openvino_is_missing_without_a_reason():
    sys.path.insert(0, str(ROOT / "python" / "tools"))
    import api_coverage

    pairs, known = list(api_coverage.covered()), api_coverage.reasons()
    assert not api_coverage.unexplained(pairs, known)
    assert not api_coverage.outdated(pairs, known)


def test_B258_B1417_names_that_are_there_for_their_error_say_what_to_do_instead(core, twice):
    sys.path.insert(0, str(ROOT / "python" / "tools"))
    import api_coverage

    calls = {
        "CompiledModel.export_model": (lambda: twice.export_model(), "CACHE_DIR"),
        "Core.import_model": (lambda: core.import_model(b"", "CPU"), "CACHE_DIR"),
        "Core.create_context": (lambda: core.create_context("GPU"), "Tensor"),
        "Core.get_default_context": (lambda: core.get_default_context("GPU"), "Tensor"),
        "CompiledModel.get_runtime_model": (lambda: twice.get_runtime_model(), "inputs and outputs"),
    }
    assert sorted(calls) == sorted(api_coverage.refusing(api_coverage.reasons()))
    for name, (call, advice) in calls.items():
        with pytest.raises(NotImplementedError, match=advice) as error:
            call()
        assert name.split(".")[1] in str(error.value)


def test_an_import_brings_nothing_that_few_need():
    program = """
    import json, sys
    import numpy
    before = set(sys.modules)
    import baton
    print(json.dumps(sorted(set(sys.modules) - before)))
    """
    modules = json.loads(check_program(program))
    assert not {"openvino", "onnxruntime", "importlib.metadata", "baton.properties", "baton.compat"} & set(modules)
    assert [name for name in modules if name.startswith("baton.") and name.count(".") == 1] == ["baton._baton", "baton.exceptions"]


def test_stubs_are_there_and_name_what_the_module_has():
    folder = pathlib.Path(baton.__file__).parent
    assert (folder / "py.typed").exists()
    text = (folder / "_baton.pyi").read_text()
    assert "import baton._results" in text or "from baton" in text
    stub = ast.parse(text)
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    for name in ("Core", "CompiledModel", "InferRequest", "AsyncInferQueue", "Tensor", "Model"):
        methods = {node.name for node in classes[name].body if isinstance(node, ast.FunctionDef)}
        public = {key for key in vars(getattr(baton, name)) if not key.startswith("_")}
        assert public <= methods | {target.id for node in classes[name].body if isinstance(node, ast.AnnAssign)
                                    for target in [node.target]}, name


def test_every_public_function_says_what_it_is_for():
    silent = [
        f"{kind}.{name}"
        for kind in ("Core", "CompiledModel", "InferRequest", "AsyncInferQueue", "Tensor", "Model", "Results")
        for name, member in vars(getattr(baton, kind, object)).items()
        if not name.startswith("_") and callable(member) and not member.__doc__
    ]
    assert not silent


def test_every_name_of_all_is_there():
    assert not [name for name in baton.__all__ if not hasattr(baton, name)]
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        _ = baton.nothing_of_ours


HIDE = """
import importlib.util, sys, warnings
original = importlib.util.find_spec
HIDDEN = set(sys.argv[1:])
importlib.util.find_spec = lambda name, package=None: None if name in HIDDEN else original(name, package)
import baton
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    baton.Core()
    baton.Core()
print("\\n".join(str(warning.message) for warning in seen))
"""


def test_a_missing_engine_is_named_once_with_what_to_do():
    assert run_program(HIDE).stdout.strip() == ""
    said = run_program(HIDE, "openvino", "onnxruntime").stdout.splitlines()
    assert len(said) == 2 and "pip install openvino==" in said[0] and "pip install 'onnxruntime>=1.23'" in said[1]


def test_a_release_that_does_not_fit_is_named(tmp_path):
    for name, library in (("openvino", "libs/libopenvino.so.9999"), ("onnxruntime", "capi/libonnxruntime.so.1.2.0")):
        (tmp_path / name / library).parent.mkdir(parents=True)
        (tmp_path / name / library).touch()
        (tmp_path / name / "__init__.py").touch()
    said = run_program("import sys\nsys.path.insert(0, sys.argv.pop(1))\n" + HIDE, str(tmp_path)).stdout
    assert "installed is libopenvino.so.9999" in said and "the installed package is 1.2" in said, said


def test_library_folders_come_from_the_installed_packages():
    program = """
    import baton
    core = baton.Core()
    core.get_engines()
    paths = {line.split()[-1] for line in open("/proc/self/maps")}
    libraries = [path for path in paths if "libopenvino.so" in path or "libonnxruntime.so" in path]
    print("\\n".join(sorted(libraries)))
    """
    found = check_program(program).split()
    assert len(found) == 2 and all("site-packages" in path for path in found), found
