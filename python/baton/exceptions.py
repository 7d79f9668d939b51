# SPDX-License-Identifier: Apache-2.0
"""What Baton raises."""


class Exception(RuntimeError):
    """Everything that Baton raises by itself. `code` says why the call failed, `details` more for a developer.

    Codes: InvalidArgument, NotFound, Unsupported, NotImplemented, CompileError, DeviceError, Busy, Cancelled, Internal.
    """

    code = "Internal"
    details = ""


class NotImplemented(Exception, NotImplementedError):
    """Baton does not offer the feature."""

    code = "NotImplemented"


class Busy(Exception):
    """The request is running."""

    code = "Busy"


class Cancelled(Exception):
    """The inference was cancelled."""

    code = "Cancelled"


_OF_CODE = {kind.code: kind for kind in (NotImplemented, Busy, Cancelled)}


def from_code(code, message, details):
    """The exception for an error of the runtime."""
    error = _OF_CODE.get(code, Exception)(message)
    error.code = code
    error.details = details
    return error
