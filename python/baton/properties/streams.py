# SPDX-License-Identifier: Apache-2.0
"""Streams: how many inferences a device runs at a time."""

from baton.properties._property import Property


class Num(int):
    """A number of streams, Num.AUTO (the engine chooses) or Num.NUMA (one per NUMA node)."""

    def __new__(cls, num=-1):
        return super().__new__(cls, {"AUTO": -1, "NUMA": -2}.get(num, num))

    def to_integer(self):
        """The number; -1 for AUTO, -2 for NUMA."""
        return int(self)


Num.AUTO = Num(-1)
Num.NUMA = Num(-2)

num = Property("NUM_STREAMS", int)
