# SPDX-License-Identifier: Apache-2.0
"""Finding the engines' libraries in the installed packages, without importing these."""

import importlib.util
import pathlib
import re
import warnings

from baton import _baton
from baton._build import OPENVINO_LIBRARY, OPENVINO_VERSION

_MIN_ONNXRUNTIME = (1, 23)
_announced = False


def announce():
    """Tells the runtime where the engines are, once; warns of each that cannot be used, with what to do."""
    global _announced
    if _announced:
        return
    _announced = True
    folders = []
    for folder, problem in (_openvino(), _onnxruntime()):
        if folder:
            folders.append(str(folder))
        if problem:
            warnings.warn(problem, RuntimeWarning, stacklevel=2)
    _baton.add_library_folders(folders)


def _package(name):
    """The folder of an installed package; None when there is none."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return pathlib.Path(next(iter(places))) if places else None


def _openvino():
    advice = f"pip install openvino=={OPENVINO_VERSION}"
    package = _package("openvino")
    if package is None:
        return None, f"engine openvino: the package openvino is not installed; {advice}"
    folder = package / "libs"
    if (folder / OPENVINO_LIBRARY).exists():
        return folder, None
    # Every release has its own soname, and the dynamic linker takes no other. The folder is told all the same: whoever
    # asks for the engine later then hears what lies there.
    found = sorted(path.name for path in folder.glob("libopenvino.so.*"))
    return folder, (
        f"engine openvino: Baton was built for openvino {OPENVINO_VERSION} ({OPENVINO_LIBRARY}), "
        f"installed is {', '.join(found) or 'a package without its library'}; {advice}"
    )


def _onnxruntime():
    advice = f"pip install 'onnxruntime>={'.'.join(map(str, _MIN_ONNXRUNTIME))}'"
    package = _package("onnxruntime")
    if package is None:
        return None, f"engine onnxruntime: the package onnxruntime is not installed; {advice}"
    folder = package / "capi"
    versions = [
        tuple(map(int, match.groups()))
        for path in folder.glob("libonnxruntime.so.*")
        if (match := re.fullmatch(r"libonnxruntime\.so\.(\d+)\.(\d+)\.\d+", path.name))
    ]
    if versions and max(versions) >= _MIN_ONNXRUNTIME:
        return folder, None
    found = f"is {'.'.join(map(str, max(versions)))}" if versions else "has no libonnxruntime.so"
    return None, f"engine onnxruntime: the installed package {found}; {advice}"
