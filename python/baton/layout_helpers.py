# SPDX-License-Identifier: Apache-2.0
"""What a layout has, and where."""

from baton._baton.layout_helpers import *
