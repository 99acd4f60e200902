"""What the edge to Telegram needs around it in a test."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _time_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot gives times to wait as timedelta, as `bot.app` asks it to."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
