# SPDX-License-Identifier: Apache-2.0
"""The command `baton`, also `python -m baton`: the same program as the C++ build's."""

import signal
import sys
import warnings

from baton import _engines, _tools


def main():
    # As for any program: without these, Ctrl-C waits for the interpreter's turn, and a closed pipe is an error.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    with warnings.catch_warnings(record=True) as problems:
        warnings.simplefilter("always")
        _engines.announce()
    for problem in problems:
        print(f"baton: {problem.message}", file=sys.stderr)
    return _tools.main(["baton", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
