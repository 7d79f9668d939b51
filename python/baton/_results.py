# SPDX-License-Identifier: Apache-2.0
"""What an inference gives back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from baton._baton import ConstOutput


class Results(Mapping[Any, Any]):
    """The outputs of one inference: arrays by port, index or name, in the order of the model's outputs.

    Iteration, keys and items go by port. KeyError for a key that names no output, TypeError for another kind of key.
    """

    __slots__ = ("__weakref__", "_arrays", "_ports")

    def __init__(self, ports: tuple[ConstOutput, ...], arrays: tuple[Any, ...]) -> None:
        self._ports = ports
        self._arrays = arrays

    def __getitem__(self, key: int | str | ConstOutput) -> Any:
        if isinstance(key, int):
            if -len(self._arrays) <= key < len(self._arrays):
                return self._arrays[key]
            raise KeyError(key)
        if isinstance(key, str):
            for port, array in zip(self._ports, self._arrays):
                if key in port.names:
                    return array
            raise KeyError(key)
        if isinstance(key, ConstOutput):
            for port, array in zip(self._ports, self._arrays):
                if key == port:
                    return array
            return self[key.any_name]  # a port of the model that was compiled
        raise TypeError(f"got {key!r} as the key of a result; expected an index, a name or a port")

    def __iter__(self) -> Iterator[ConstOutput]:
        return iter(self._ports)

    def __len__(self) -> int:
        return len(self._ports)

    def __repr__(self) -> str:
        return repr(self.to_dict())

    def keys(self) -> Any:
        """The ports."""
        return self.to_dict().keys()

    def values(self) -> Any:
        """The arrays."""
        return self.to_dict().values()

    def items(self) -> Any:
        """Ports with arrays."""
        return self.to_dict().items()

    def names(self) -> tuple[set[str], ...]:
        """The names of every output."""
        return tuple(port.names for port in self._ports)

    def to_dict(self) -> dict[ConstOutput, Any]:
        """A new dict of arrays by port."""
        return dict(zip(self._ports, self._arrays))

    def to_tuple(self) -> tuple[Any, ...]:
        """The arrays."""
        return self._arrays
