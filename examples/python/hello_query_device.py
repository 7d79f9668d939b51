# SPDX-License-Identifier: Apache-2.0
"""The devices that are here with their properties: the same lines as the program hello_query_device in C++."""

import sys

import numpy as np

import baton
import baton.properties as props

USAGE = """usage: hello_query_device
Prints the devices that are here with their properties; takes no arguments.
Exit status: 0 done, 1 failed or wrong command line."""
TUPLES = (props.range_for_streams, props.range_for_async_infer_requests)


def number_text(value):
    """The shortest text that gives the number back, as C++ writes it: 0.5, 40, 1e+05."""
    plain, scientific = np.format_float_positional(value, trim="-"), np.format_float_scientific(value, trim="-")
    return min(plain, scientific, key=len)


def value_text(key, value):
    """A value as one line."""
    if value is None:
        return "UNSUPPORTED TYPE"
    if key in TUPLES:
        return "{ " + ", ".join(map(str, value)) + " }"
    if isinstance(value, bool):
        return "YES" if value else "NO"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, baton.Type):
        return value.to_string()
    if isinstance(value, (list, tuple, set)):
        return " ".join(value_text("", item) for item in value) or '""'
    if isinstance(value, dict):
        return "{" + ",".join(f"{name}:{value_text('', item)}" for name, item in value.items()) + "}"
    return str(getattr(value, "value", value)) or '""'  # an enum's text, not its name


def print_device(core, name):
    """A line for each property; what reading it raises goes into the line."""
    print(f"    Device: {name}\n        SUPPORTED_PROPERTIES:")
    for key, access in core.get_property(name, props.supported_properties).items():
        if key == props.supported_properties:
            continue  # the list itself
        try:
            text = value_text(key, core.get_property(name, key))
        except Exception as error:
            text = "ERROR " + str(error).partition("\n")[0]
        print(f"            {'Immutable' if access == 'RO' else 'Mutable'}: {key} : {text}")


def main():
    if len(sys.argv) > 1:
        print(USAGE)
        return 1
    try:
        core = baton.Core()
        print(f"Baton runtime version: {baton.get_version()}\nAvailable devices:")
        for name in core.available_devices:
            print_device(core, name)
    except Exception as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
