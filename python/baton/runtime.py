# SPDX-License-Identifier: Apache-2.0
"""The names of baton again, where OpenVINO's API of 2022 had them (B-253)."""

from baton import *
from baton import __version__, properties, tensor_from_file  # noqa: F401
