# SPDX-License-Identifier: Apache-2.0
"""How much is logged."""

from baton.properties._property import Property, Word


class Level(Word):
    """Each level shows itself and those before it."""

    NO = "LOG_NONE"
    ERR = "LOG_ERROR"
    WARNING = "LOG_WARNING"
    INFO = "LOG_INFO"
    DEBUG = "LOG_DEBUG"
    TRACE = "LOG_TRACE"


level = Property("LOG_LEVEL", Level)
