"""Parameters of a call made directly on python-telegram-bot's request object, for a raw answer."""

from __future__ import annotations

from collections.abc import Mapping

from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter


def parameters(values: Mapping[str, object]) -> RequestData:
    """Plain JSON-able values as request data."""
    return RequestData([RequestParameter(name, value, []) for name, value in values.items()])
