# SPDX-License-Identifier: Apache-2.0
"""Properties: keys that are called with a value, `hint.num_requests(4)`, or used as text in a dict."""

from typing import Any

from baton.properties import device, hint, intel_auto, log
from baton.properties import streams as streams
from baton.properties._property import Property, Word


class CacheMode(Word):
    """What a cache is to save: memory or time."""

    OPTIMIZE_SIZE = "OPTIMIZE_SIZE"
    OPTIMIZE_SPEED = "OPTIMIZE_SPEED"


class WorkloadType(Word):
    """How urgent a model's requests are to its device."""

    DEFAULT = "Default"
    EFFICIENT = "Efficient"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


enable_profiling = Property("PERF_COUNT", bool)
cache_dir = Property("CACHE_DIR")
auto_batch_timeout = Property("AUTO_BATCH_TIMEOUT", int)
num_streams = Property("NUM_STREAMS", int)
inference_num_threads = Property("INFERENCE_NUM_THREADS", int)
compilation_num_threads = Property("COMPILATION_NUM_THREADS", int)
supported_properties = Property("SUPPORTED_PROPERTIES", read_only=True)
available_devices = Property("AVAILABLE_DEVICES", read_only=True)
model_name = Property("NETWORK_NAME", read_only=True)
optimal_number_of_infer_requests = Property("OPTIMAL_NUMBER_OF_INFER_REQUESTS", int, read_only=True)
loaded_from_cache = Property("LOADED_FROM_CACHE", bool, read_only=True)
execution_devices = Property("EXECUTION_DEVICES", read_only=True)
range_for_streams = Property("RANGE_FOR_STREAMS", _numbers, read_only=True)
range_for_async_infer_requests = Property("RANGE_FOR_ASYNC_INFER_REQUESTS", _numbers, read_only=True)
optimal_batch_size = Property("OPTIMAL_BATCH_SIZE", int, read_only=True)
max_batch_size = Property("MAX_BATCH_SIZE", int, read_only=True)
# Forwarded to the devices.
cache_mode = Property("CACHE_MODE", CacheMode)
enable_mmap = Property("ENABLE_MMAP", bool)
force_tbb_terminate = Property("FORCE_TBB_TERMINATE", bool)
workload_type = Property("WORKLOAD_TYPE", WorkloadType)
key_cache_precision = Property("KEY_CACHE_PRECISION", hint._type)
value_cache_precision = Property("VALUE_CACHE_PRECISION", hint._type)
key_cache_group_size = Property("KEY_CACHE_GROUP_SIZE", int)
value_cache_group_size = Property("VALUE_CACHE_GROUP_SIZE", int)


def _list(text: str) -> list[str]:
    return text.split()


def _policies(text: str) -> set[hint.ModelDistributionPolicy]:
    return {hint.ModelDistributionPolicy(word) for word in text.split()}


# Keys of one vendor's devices: given as text, answered in the type that OpenVINO answers.
_OF_DEVICES = (
    Property("CPU_DENORMALS_OPTIMIZATION", bool),
    Property("CPU_SPARSE_WEIGHTS_DECOMPRESSION_RATE", float),
    Property("ENABLE_TENSOR_PARALLEL", bool),
    Property("ENABLE_WEIGHTLESS", bool),
    Property("EXECUTION_DEVICES", _list),  # of a device; that of a model is a list already
    Property("MODEL_DISTRIBUTION_POLICY", _policies),
)


def _declared() -> dict[str, Property]:
    places = (globals(), vars(hint), vars(device), vars(log), vars(intel_auto))
    found = {str(value): value for place in places for value in place.values() if isinstance(value, Property)}
    return found | {str(value): value for value in _OF_DEVICES}


_PROPERTIES = _declared()


def typed_value(key: str, text: str) -> Any:
    """A value as text, in the type that its property declares."""
    declared = _PROPERTIES.get(key)
    return declared.parse(text) if declared is not None else text
