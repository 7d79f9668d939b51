# SPDX-License-Identifier: Apache-2.0
"""Running code written for OpenVINO on Baton, unchanged.

    python -m baton.compat SCRIPT_OR_NOTEBOOK [arguments]

In that program `import openvino`, `from openvino.runtime import Core`, `import openvino.properties.hint as hints` and
`from openvino.inference_engine import IECore` give Baton's modules. Of a notebook the code cells run in order, as one
program; lines for IPython (%magic, !command) are skipped with a note.
"""

import importlib
import importlib.abc
import importlib.util
import json
import pathlib
import runpy
import sys

from baton import _engines

_NAME = "openvino"
_NOT_HERE = (
    "baton.compat: {name} has no counterpart in Baton; it offers what reads, compiles and infers; "
    "docs/python.md tells how programs do without the rest"
)


class _Loader(importlib.abc.Loader):
    """Gives the module of baton that stands for one of openvino."""

    def __init__(self, module):
        self._module = module

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        # The same module object under the other name, so that classes and enums are the same ones too.
        sys.modules[module.__name__] = self._module


class _Finder(importlib.abc.MetaPathFinder):
    """Answers for openvino and everything below it."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != _NAME and not fullname.startswith(_NAME + "."):
            return None
        own = "baton" + fullname[len(_NAME) :]
        try:
            module = importlib.import_module(own)
        except ModuleNotFoundError as error:
            if error.name and not error.name.startswith("baton"):
                raise
            raise ModuleNotFoundError(_NOT_HERE.format(name=fullname), name=fullname) from None
        return importlib.util.spec_from_loader(fullname, _Loader(module), is_package=hasattr(module, "__path__"))


def install():
    """From now on importing openvino in this process gives Baton. Not to be called after openvino was imported."""
    if any(name == _NAME or name.startswith(_NAME + ".") for name in sys.modules):
        raise ImportError("baton.compat: openvino is imported already; call install() before that")
    _engines.announce()  # the engine's libraries lie in the package openvino, which nobody finds any more after this
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def notebook_source(path):
    """The code cells of a notebook as one program. Lines for IPython become comments."""
    cells = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["cells"]
    numbered = [(number, cell) for number, cell in enumerate(cells, 1) if cell["cell_type"] == "code"]
    return "\n\n".join(_cell_source(number, cell) for number, cell in numbered)


def _cell_source(number, cell):
    text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    if text.lstrip().startswith("%%"):
        return _skipped(number, text.lstrip().splitlines()[0])
    return "\n".join(
        _indentation(line) + "pass; " + _skipped(number, line.strip()) if line.lstrip()[:1] in ("%", "!") else line
        for line in text.splitlines()
    )


def _indentation(line):
    return line[: len(line) - len(line.lstrip())]


def _skipped(number, line):
    print(f"baton.compat: cell {number}: skipped {line!r}, which needs IPython", file=sys.stderr)
    return f"# skipped: {line}"


def run(program, arguments):
    """Runs a script or notebook as __main__, with the arguments in sys.argv."""
    path = pathlib.Path(program)
    if not path.exists():
        raise SystemExit(f"baton.compat: there is no file {program}")
    install()
    sys.argv = [program, *arguments]
    sys.path[0] = str(path.resolve().parent)
    if path.suffix != ".ipynb":
        runpy.run_path(program, run_name="__main__")
        return
    notebook = type(sys)("__main__")
    notebook.__file__ = program
    notebook.display = print  # the one function of Jupyter's that notebooks use without importing it
    sys.modules["__main__"] = notebook
    exec(compile(notebook_source(path), program, "exec"), notebook.__dict__)


def main():
    """The command line."""
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        raise SystemExit(0 if len(sys.argv) > 1 else 2)
    run(sys.argv[1], sys.argv[2:])


if __name__ == "__main__":
    main()
