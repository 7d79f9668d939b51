# SPDX-License-Identifier: Apache-2.0
"""Properties of the device AUTO: OpenVINO's, and Baton's own. docs/properties.md lists them with defaults."""

from baton.properties._property import Property, Word


class SchedulePolicy(Word):
    """Which device takes the next request when several serve."""

    ROUND_ROBIN = "ROUND_ROBIN"
    DEVICE_PRIORITY = "DEVICE_PRIORITY"
    EARLIEST_FINISH = "EARLIEST_FINISH"
    DEFAULT = "DEVICE_PRIORITY"


class Check(Word):
    """What a check before a hand-over leads to; AUTO is for the speed check only."""

    OFF = "OFF"
    WARN = "WARN"
    REFUSE = "REFUSE"
    AUTO = "AUTO"


enable_startup_fallback = Property("ENABLE_STARTUP_FALLBACK", bool)
enable_runtime_fallback = Property("ENABLE_RUNTIME_FALLBACK", bool)
schedule_policy = Property("SCHEDULE_POLICY", SchedulePolicy)
device_bind_buffer = Property("DEVICE_BIND_BUFFER", bool)
# Baton's own.
strict_devices = Property("STRICT_DEVICES", bool)
allow_software_devices = Property("ALLOW_SOFTWARE_DEVICES", bool)
engine_priorities = Property("ENGINE_PRIORITIES", dict)
startup_device = Property("STARTUP_DEVICE")
startup_grace = Property("STARTUP_GRACE", int)
output_check = Property("HANDOVER_OUTPUT_CHECK", Check)
speed_check = Property("HANDOVER_SPEED_CHECK", Check)
tolerance = Property("HANDOVER_TOLERANCE", float)
handover_hold = Property("HANDOVER_HOLD", bool)
keep_helper = Property("KEEP_HELPER", bool)
second_look = Property("SECOND_LOOK", bool)
max_attempts = Property("REQUEST_MAX_ATTEMPTS", int)
recovery_backoff = Property("RECOVERY_BACKOFF", int)
infer_timeout = Property("INFER_TIMEOUT", int)
compile_timeout = Property("COMPILE_TIMEOUT", int)
execution_engines = Property("EXECUTION_ENGINES", read_only=True)
execution_phase = Property("EXECUTION_PHASE", read_only=True)
execution_generation = Property("EXECUTION_GENERATION", int, read_only=True)
selection_report = Property("SELECTION_REPORT", read_only=True)
