"""Chats in which something was of late: quiet ones are forgotten, and busy ones are not looked at all the time."""

from __future__ import annotations

import pytest

from bot.telegram import recent
from bot.telegram.recent import Recent

MOST, QUIET = 10, 60.0


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "FORGET_AT", MOST)


def test_quiet_chats_are_not_remembered_for_ever() -> None:
    chats = Recent(QUIET)
    for chat_id in range(100):
        now = chat_id * QUIET / 5
        chats.of(chat_id, now).append(now)
        assert chats.get(chat_id)
    assert len(chats) <= MOST + 1


def test_where_all_are_busy_nobody_is_looked_at_for_each_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    forget = Recent._forget

    def counted(self: Recent, before: float) -> None:
        looked.append(len(self))
        forget(self, before)

    monkeypatch.setattr(Recent, "_forget", counted)
    chats, number = Recent(QUIET), 100 * MOST
    for chat_id in range(number):
        chats.of(chat_id, 1.0).append(1.0)
    assert len(chats) == number
    assert sum(looked) < 2 * number
    chats.of(-1, 2 * QUIET).append(2 * QUIET)
    assert len(chats) <= 2 * number


def test_of_a_chat_as_many_moments_are_kept_as_were_asked_for() -> None:
    chats = Recent(QUIET)
    for now in (1.0, 2.0, 3.0):
        chats.of(1, now, 2).append(now)
    assert list(chats.get(1) or ()) == [2.0, 3.0]
    assert chats.get(2) is None
