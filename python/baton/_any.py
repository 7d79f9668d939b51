# SPDX-License-Identifier: Apache-2.0
"""OVAny: what Model.get_rt_info gives, as OpenVINO's API has it."""

from __future__ import annotations

from typing import Any

from baton.exceptions import from_code

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_KINDS = (str, int, float, bool)


class OVAny:
    """A value that was text in the model's file: `value` is the text or a dict, `astype` reads it as another type."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value.value if isinstance(value, OVAny) else value

    def get(self) -> Any:
        return self.value

    def astype(self, kind: type) -> Any:
        """As str, int, float, bool or dict. Raises InvalidArgument for a text that is no such thing."""
        if kind is dict and isinstance(self.value, dict):
            return self.value
        if kind not in _KINDS or isinstance(self.value, dict):
            raise from_code("InvalidArgument", f"{self!r} cannot be read as {kind!r}; expected one of {_KINDS}", "")
        try:
            return _TRUTH[self.value.lower()] if kind is bool and isinstance(self.value, str) else kind(self.value)
        except (KeyError, ValueError):
            raise from_code("InvalidArgument", f"'{self.value}' is no {kind.__name__}", "") from None

    def aslist(self, kind: type = str) -> list[Any]:
        """The words of the text, each read as `kind`."""
        words = self.value.split() if isinstance(self.value, str) else self.value
        return [OVAny(word).astype(kind) for word in words]

    def __eq__(self, other: object) -> bool:
        return bool(self.value == (other.value if isinstance(other, OVAny) else other))

    def __hash__(self) -> int:
        return hash(str(self.value))

    def __getitem__(self, key: Any) -> Any:
        return self.value[key]

    def __len__(self) -> int:
        return len(self.value)

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return f"<OVAny {self.value!r}>"


def wrapped(entries: dict[str, Any]) -> dict[str, Any]:
    """The leaves of nested dicts as OVAny."""
    return {key: wrapped(value) if isinstance(value, dict) else OVAny(value) for key, value in entries.items()}
