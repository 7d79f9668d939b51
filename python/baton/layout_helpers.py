# SPDX-License-Identifier: Apache-2.0
"""What a layout has, and where."""

from baton._baton import (
    batch_idx,
    channels_idx,
    depth_idx,
    get_layout,
    has_batch,
    has_channels,
    has_depth,
    has_height,
    has_width,
    height_idx,
    set_layout,
    width_idx,
)

__all__ = [
    "batch_idx",
    "channels_idx",
    "depth_idx",
    "get_layout",
    "has_batch",
    "has_channels",
    "has_depth",
    "has_height",
    "has_width",
    "height_idx",
    "set_layout",
    "width_idx",
]
