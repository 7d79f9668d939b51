# SPDX-License-Identifier: Apache-2.0
"""Streams: how many inferences a device runs at a time."""

from __future__ import annotations

from typing import ClassVar

from baton.properties._property import Property


class Num(int):
    """A number of streams, Num.AUTO (the engine chooses) or Num.NUMA (one per NUMA node)."""

    AUTO: ClassVar[Num]
    NUMA: ClassVar[Num]

    def __new__(cls, num: int | str = -1) -> Num:
        return super().__new__(cls, {"AUTO": -1, "NUMA": -2}.get(str(num), num))

    def to_integer(self) -> int:
        """The number; -1 for AUTO, -2 for NUMA."""
        return int(self)


Num.AUTO = Num(-1)
Num.NUMA = Num(-2)

num = Property("NUM_STREAMS", int)
