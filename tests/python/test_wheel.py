# SPDX-License-Identifier: Apache-2.0
"""The wheel: built with the flags of the build tree, complete in itself, and usable where it is installed."""

import os
import pathlib
import re
import subprocess
import sys
import zipfile

import pytest

from baton import _build
from conftest import ROOT

BUILD = pathlib.Path(os.environ.get("BATON_BUILD_DIR", ROOT / "build" / "release"))

# What every Linux has, and what the packages that the wheel depends on bring.
SYSTEM = re.compile(r"(libc|libm|libdl|libpthread|librt|libstdc\+\+|libgcc_s|ld-linux-x86-64)\.so\.\d+")
OF_PACKAGES = re.compile(r"libopenvino\.so\.\d+")

SAME_SETTINGS = ("CMAKE_CXX_COMPILER", "BATON_WERROR", "BATON_DEPS_DIR")

SMOKE = """
import sys
import numpy as np
import baton, onnx_models
assert "site-packages" in baton.__file__, baton.__file__
compiled = baton.compile_model(onnx_models.twice())
queue = baton.AsyncInferQueue(compiled, 2)
seen = []
queue.set_callback(lambda request, data: seen.append(float(request.results[0][0, 0])))
for index in range(10):
    queue.start_async(np.full((1, 4), index, np.float32))
queue.wait_all()
assert sorted(seen) == [2.0 * index for index in range(10)], seen
assert compiled.wait_until_steady(60_000)
engines = {engine.name: engine.reason for engine in baton.Core().get_engines()}
assert engines["openvino"] == engines["onnxruntime"] == "", engines
print(compiled.get_property("EXECUTION_ENGINES"))
"""

OTHER_RELEASE = """
import sys, warnings
sys.path.insert(0, sys.argv[1])
import numpy, onnx_models, baton
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    core = baton.Core()
print(*(warning.message for warning in seen), sep="\\n")
compiled = core.compile_model(onnx_models.twice())
assert compiled(numpy.ones((1, 4), numpy.float32))[0].tolist() == [[2.0] * 4]
assert compiled.wait_until_steady(60_000)
assert compiled.get_property("EXECUTION_ENGINES") == ["onnxruntime"]
print({engine.name: engine.reason for engine in core.get_engines()}["openvino"])
"""


def cached(name):
    """A setting of the build tree."""
    found = re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE)
    return found.group(1) if found else ""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation, with the same compiler and flags: the compiler cache then has nearly everything.
    defines = {name: cached(name) for name in SAME_SETTINGS}
    options = [f"--config-settings=cmake.define.{name}={value}" for name, value in defines.items() if value]
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--quiet", "--no-deps", "-w", str(folder)]
    command.append("--no-build-isolation")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command + options, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return next(folder.glob("baton_runtime-*.whl"))


def test_the_wheel_holds_what_it_needs_and_names_no_other_library(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    for pattern in (r"baton/_baton\..*\.so", r"baton/_tools\..*\.so", r"baton/_baton\.pyi", r"baton/py\.typed",
                    r"baton/lib/libbaton\.so\.\d+\.\d+", r"baton/lib/baton/openvino\.manifest\.json",
                    r"baton/lib/baton/libbaton_engine_onnxruntime\.so", r"baton/lib/baton/baton_try_provider"):
        assert any(re.fullmatch(pattern, name) for name in files), pattern
    for package in ("libpugixml-dev", "libxxhash-dev"):  # compiled in; their licences ask for it
        notice = pathlib.Path("/usr/share/doc", package, "copyright")
        assert not notice.exists() or f"baton/lib/{package}.copyright" in files
    libraries = [path for path in tmp_path.rglob("*.so*") if path.read_bytes()[:4] == b"\x7fELF"]
    brought = {path.name for path in libraries}
    for library in libraries:
        dynamic = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
        for needed in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic):
            allowed = needed in brought or SYSTEM.fullmatch(needed) or OF_PACKAGES.fullmatch(needed)
            assert allowed, f"{library.name} needs {needed}, which the wheel does not bring"
        for run_path in re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", dynamic):
            assert all(part.startswith("$ORIGIN") for part in run_path.split(":")), f"{library.name}: {run_path}"
        assert str(ROOT).encode() not in library.read_bytes(), f"{library.name} names a folder of this machine"


def test_the_wheel_says_what_it_depends_on(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        needs = re.findall(r"^Requires-Dist: (.*)$", archive.read(name).decode(), re.MULTILINE)
    assert {need.replace(" ", "") for need in needs} == {
        "numpy", f"openvino=={_build.OPENVINO_VERSION}", "onnxruntime>=1.23"}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel; the engines' packages are this interpreter's: fetching them again proves nothing."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    own = pathlib.Path(next(path for path in sys.path if path.endswith("site-packages")))
    (next((folder / "lib").glob("python*/site-packages")) / "engines.pth").write_text(f"{own}\n")
    return folder / "bin"


def run(*command, folder):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BATON_")}
    environment |= {"PYTHONPATH": str(pathlib.Path(__file__).parent), "BATON_STORE": "off"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder)


def test_an_installed_wheel_works(installed, tmp_path):
    done = run(installed / "python", "-c", SMOKE, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_is_installed(installed, tmp_path):
    for command in ([installed / "baton"], [installed / "python", "-m", "baton"]):
        done = run(*command, "doctor", folder=tmp_path)
        assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
        for engine in ("onnxruntime", "openvino"):
            assert re.search(rf"ok +device +CPU/{engine}: a test model answered", done.stdout), done.stdout
    assert run(installed / "baton", "benchmark", "-foo", folder=tmp_path).returncode == 2


def test_with_another_release_of_openvino_the_other_engine_serves(installed, tmp_path):
    (tmp_path / "openvino" / "libs").mkdir(parents=True)
    (tmp_path / "openvino" / "libs" / "libopenvino.so.2640").touch()
    (tmp_path / "openvino" / "__init__.py").touch()
    done = run(installed / "python", "-c", OTHER_RELEASE, tmp_path, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    warned, reason = done.stdout.splitlines()
    assert warned.endswith(f"installed is libopenvino.so.2640; pip install openvino=={_build.OPENVINO_VERSION}")
    assert f"{_build.OPENVINO_LIBRARY} of release {_build.OPENVINO_VERSION} not found" in reason
    assert reason.endswith("another release lies there: libopenvino.so.2640")
