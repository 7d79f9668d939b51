# SPDX-License-Identifier: Apache-2.0
"""OpenVINO's place and name for the results of an inference."""

from baton import tensor_from_file  # noqa: F401
from baton._results import Results as OVDict  # noqa: F401
