#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our public names beside those of the installed openvino package, for what reads, compiles and infers.

    PYTHONPATH=build/release/python build/venv/bin/python python/tools/api_coverage.py

What is missing on purpose stands in api_missing.txt with the reason. Ends with 1 when a name is missing without one, or
when that list names something that is there.
"""

import fnmatch
import importlib
import pathlib
import sys

MISSING = pathlib.Path(__file__).with_name("api_missing.txt")
MODULES = ("", "properties", "properties.hint", "properties.device", "properties.intel_auto", "properties.log",
           "properties.streams", "utils.data_helpers")
CLASSES = ("Core", "Model", "CompiledModel", "InferRequest", "AsyncInferQueue", "Tensor", "Type", "Shape",
           "PartialShape", "Dimension", "ConstOutput", "Version", "ProfilingInfo")
SPECIAL = ("__call__", "__getitem__", "__setitem__", "__iter__", "__len__", "__eq__", "__hash__", "__copy__",
           "__deepcopy__", "__enter__", "__exit__")


def names_of(owner):
    """Public names, and the special methods that a program calls by syntax."""
    names = {name for name in dir(owner) if not name.startswith("_")}
    return names | {name for name in SPECIAL if name in dir(owner) and getattr(owner, name, None) is not None}


def property_names(module):
    """The names that openvino's property modules answer; they are in no dir()."""
    source = importlib.import_module(module.__name__.replace("openvino", "openvino._pyopenvino", 1))
    return {name for name in dir(source) if not name.startswith("_")}


def covered():
    """Pairs of a name as openvino has it, and whether Baton has it too."""
    for place in MODULES:
        theirs = importlib.import_module("openvino" + ("." + place if place else ""))
        ours = importlib.import_module("baton" + ("." + place if place else ""))
        names = property_names(theirs) if place.startswith("properties") else names_of(theirs)
        for name in sorted(names - set(SPECIAL)):
            yield f"{place + '.' if place else ''}{name}", hasattr(ours, name)
    for kind in CLASSES:
        theirs, ours = (getattr(importlib.import_module(name), kind) for name in ("openvino", "baton"))
        present = names_of(ours)
        for name in sorted(names_of(theirs)):
            yield f"{kind}.{name}", name in present


def reasons():
    """Pattern to reason, from the kept list."""
    lines = [line for line in MISSING.read_text().splitlines() if line and not line.startswith("#")]
    return dict(tuple(part.strip() for part in line.split("|", 1)) for line in lines)


def unexplained(pairs, known):
    """Names that are missing without a reason."""
    return [name for name, present in pairs if not present and not any(fnmatch.fnmatchcase(name, p) for p in known)]


def refusing(known):
    """Names that are there for their error."""
    return [name for name, reason in known.items() if reason.startswith("raises NotImplemented")]


def outdated(pairs, known):
    """Patterns of the list that explain no missing name, and refusing names that are not there."""
    missing = [name for name, present in pairs if not present]
    there = dict(pairs)
    return [pattern for pattern in known
            if not (there.get(pattern) if pattern in refusing(known) else fnmatch.filter(missing, pattern))]


def main():
    pairs, known = list(covered()), reasons()
    for name, present in pairs:
        reason = next((text for pattern, text in known.items() if fnmatch.fnmatchcase(name, pattern)), "MISSING")
        print(f"{name:60} {'yes' if present and name not in refusing(known) else reason}")
    offered = sum(present and name not in refusing(known) for name, present in pairs)
    print(f"\n{offered} of {len(pairs)} names")
    wrong = unexplained(pairs, known) + outdated(pairs, known)
    if wrong:
        print("missing without a reason, or outdated in api_missing.txt: " + ", ".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
