# SPDX-License-Identifier: Apache-2.0
"""Where OpenVINO keeps helpers of its API."""
