# SPDX-License-Identifier: Apache-2.0
"""What an application says of its aims."""

from typing import Any

from baton._baton import Type
from baton.properties._property import Property, Word


class PerformanceMode(Word):
    """What "fast" means."""

    LATENCY = "LATENCY"
    THROUGHPUT = "THROUGHPUT"
    CUMULATIVE_THROUGHPUT = "CUMULATIVE_THROUGHPUT"


class Priority(Word):
    """Which model gets the better device."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    DEFAULT = "MEDIUM"


class ExecutionMode(Word):
    """PERFORMANCE may compute in lower precision than the model's, ACCURACY does not."""

    PERFORMANCE = "PERFORMANCE"
    ACCURACY = "ACCURACY"


class SchedulingCoreType(Word):
    """On which cores of a CPU to run."""

    ANY_CORE = "ANY_CORE"
    PCORE_ONLY = "PCORE_ONLY"
    ECORE_ONLY = "ECORE_ONLY"


class ModelDistributionPolicy(Word):
    """How a model is spread over the parts of a device."""

    TENSOR_PARALLEL = "TENSOR_PARALLEL"
    PIPELINE_PARALLEL = "PIPELINE_PARALLEL"


def _type(text: str) -> Any:
    return getattr(Type, text, text)


performance_mode = Property("PERFORMANCE_HINT", PerformanceMode)
num_requests = Property("PERFORMANCE_HINT_NUM_REQUESTS", int)
model_priority = Property("MODEL_PRIORITY", Priority)
execution_mode = Property("EXECUTION_MODE_HINT", ExecutionMode)
inference_precision = Property("INFERENCE_PRECISION_HINT", _type)
allow_auto_batching = Property("ALLOW_AUTO_BATCHING", bool)
# Forwarded to the devices.
enable_cpu_pinning = Property("ENABLE_CPU_PINNING", bool)
enable_cpu_reservation = Property("ENABLE_CPU_RESERVATION", bool)
enable_hyper_threading = Property("ENABLE_HYPER_THREADING", bool)
scheduling_core_type = Property("SCHEDULING_CORE_TYPE", SchedulingCoreType)
model_distribution_policy = Property("MODEL_DISTRIBUTION_POLICY")
dynamic_quantization_group_size = Property("DYNAMIC_QUANTIZATION_GROUP_SIZE", int)
kv_cache_precision = Property("KV_CACHE_PRECISION", _type)
activations_scale_factor = Property("ACTIVATIONS_SCALE_FACTOR", float)
