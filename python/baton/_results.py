# SPDX-License-Identifier: Apache-2.0
"""What an inference gives back."""

from collections.abc import Mapping

from baton._baton import ConstOutput


class Results(Mapping):
    """The outputs of one inference: arrays by port, index or name, in the order of the model's outputs.

    Iteration, keys and items go by port. KeyError for a key that names no output, TypeError for another kind of key.
    """

    __slots__ = ("_ports", "_arrays", "__weakref__")

    def __init__(self, ports, arrays):
        self._ports = ports
        self._arrays = arrays

    def __getitem__(self, key):
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

    def __iter__(self):
        return iter(self._ports)

    def __len__(self):
        return len(self._ports)

    def __repr__(self):
        return repr(self.to_dict())

    def keys(self):
        """The ports."""
        return self.to_dict().keys()

    def values(self):
        """The arrays."""
        return self.to_dict().values()

    def items(self):
        """Ports with arrays."""
        return self.to_dict().items()

    def names(self):
        """The names of every output."""
        return tuple(port.names for port in self._ports)

    def to_dict(self):
        """A new dict of arrays by port."""
        return dict(zip(self._ports, self._arrays))

    def to_tuple(self):
        """The arrays."""
        return self._arrays
