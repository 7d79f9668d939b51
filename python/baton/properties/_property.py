# SPDX-License-Identifier: Apache-2.0
"""What the property modules are made of."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any


class Word(str, enum.Enum):
    """An enum whose members equal their text in both directions (B-1536)."""

    __str__ = enum.Enum.__str__


class Property(str):
    """The key of a property. Called without argument it gives the key; with a value, the pair (key, value)."""

    kind: Callable[..., Any]
    read_only: bool

    def __new__(cls, key: str, kind: Callable[..., Any] = str, read_only: bool = False) -> Property:
        self = super().__new__(cls, key)
        self.kind = kind
        self.read_only = read_only
        return self

    def __call__(self, *value: Any) -> Any:
        if not value:
            return str(self)
        if self.read_only or len(value) > 1:
            takes = "no value: it can only be read" if self.read_only else "one value"
            raise TypeError(f"property {self!s} takes {takes}")
        return str(self), value[0]

    def parse(self, text: str) -> Any:
        """The text of a value in this property's type; the text itself where it is not of that type."""
        try:
            if self.kind is bool:
                return {"YES": True, "NO": False, "true": True, "false": False, "1": True, "0": False}[text]
            return self.kind(text)
        except (KeyError, TypeError, ValueError):
            return text
