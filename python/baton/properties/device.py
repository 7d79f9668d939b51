# SPDX-License-Identifier: Apache-2.0
"""What a device is, and properties for some devices only."""

from typing import Any

from baton.properties._property import Property, Word


class Type(Word):
    """Whether a device shares the processor's memory."""

    INTEGRATED = "INTEGRATED"
    DISCRETE = "DISCRETE"


class Capability:
    """The words of OPTIMIZATION_CAPABILITIES."""

    FP32 = "FP32"
    BF16 = "BF16"
    FP16 = "FP16"
    INT8 = "INT8"
    INT16 = "INT16"
    BIN = "BIN"
    WINOGRAD = "WINOGRAD"
    EXPORT_IMPORT = "EXPORT_IMPORT"


class _Priorities(Property):
    """The candidate devices, best first: priorities("GPU", "CPU") or priorities("GPU,CPU")."""

    def __call__(self, *devices: str) -> Any:
        return super().__call__(*((",".join(devices),) if devices else ()))


class _Properties(Property):
    """properties({"CPU": {...}}), or properties("CPU", {...}) and properties("CPU", (key, value), ...)."""

    def __call__(self, *values: Any) -> Any:
        if not values or isinstance(values[0], dict):
            return super().__call__(*values)
        device, *given = values
        return super().__call__({device: dict(given[0]) if isinstance(given[0], dict) else dict(given)})


priorities = _Priorities("MULTI_DEVICE_PRIORITIES")
properties = _Properties("DEVICE_PROPERTIES", dict)
id = Property("DEVICE_ID")
full_name = Property("FULL_DEVICE_NAME", read_only=True)
type = Property("DEVICE_TYPE", Type, read_only=True)
uuid = Property("DEVICE_UUID", read_only=True)
luid = Property("DEVICE_LUID", read_only=True)
architecture = Property("DEVICE_ARCHITECTURE", read_only=True)
gops = Property("DEVICE_GOPS", read_only=True)
pci_info = Property("DEVICE_PCI_INFO", read_only=True)
thermal = Property("DEVICE_THERMAL", float, read_only=True)
capabilities = Property("OPTIMIZATION_CAPABILITIES", read_only=True)
