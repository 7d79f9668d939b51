# SPDX-License-Identifier: Apache-2.0
"""What Baton raises."""

import typing


class FailedAttempt(typing.NamedTuple):
    """One run of an inference that failed."""

    device: str
    engine: str
    error_class: str
    text: str


class Exception(RuntimeError):
    """Everything that Baton raises by itself. `code` says why the call failed, `details` more for a developer.
    `attempts` lists the runs of an inference that failed for good, each a FailedAttempt.

    Codes: InvalidArgument, NotFound, Unsupported, NotImplemented, CompileError, DeviceError, Busy, Cancelled, Internal.
    """

    code = "Internal"
    details = ""
    attempts = ()


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


def from_code(code: str, message: str, details: str, attempts: typing.Any = ()) -> Exception:
    """The exception for an error of the runtime."""
    error = _OF_CODE.get(code, Exception)(message)
    error.code = code
    error.details = details
    error.attempts = tuple(FailedAttempt(*attempt) for attempt in attempts)
    return error
