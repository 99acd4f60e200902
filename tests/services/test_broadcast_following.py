"""The page of a broadcast follows by itself while its copies change or go out once more, and a little longer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.core.broadcasts import Stage
from bot.db.broadcasts import broadcasts
from bot.db.outbox import doubted
from bot.services.broadcasts import broadcasting
from bot.services.deliveries.sending import Result
from bot.services.staff.broadcasts import watching
from tests.services.broadcasts import Office


@pytest.fixture
def speakers() -> dict[str, int]:
    return {"de": 2}


def test_a_page_follows_a_recall_until_all_copies_are_changed_and_a_little_longer(post: Office) -> None:
    post.send({"de": "Hallo"})
    post.deliver()
    post.now += timedelta(minutes=1)
    assert not post.run(broadcasting.is_anything_going_out)
    post.do(broadcasting.recall)
    assert post.do(lambda _, one: one.stage) is Stage.RECALLED
    post.now += timedelta(minutes=5)  # a process that was away
    assert post.run(broadcasting.is_anything_going_out)
    post.plan()
    assert [one.id for one in post.run(lambda turn: broadcasts.being_followed(turn.connection))] == [1]
    post.deliver()
    post.plan()
    assert post.run(broadcasting.is_anything_going_out), "the last number is seen as well"
    assert post.run(watching.watchers) == {}
    post.now += timedelta(minutes=1)
    post.plan()
    assert not post.run(broadcasting.is_anything_going_out)


@pytest.mark.parametrize("one_alone", [False, True])
def test_a_page_follows_copies_that_are_sent_once_more(post: Office, one_alone: bool) -> None:
    post.line = lambda ready: Result.UNKNOWN if ready.due.chat_id == 1 else Result.SENT
    post.send({"de": "Hallo"})
    post.deliver()
    post.now += timedelta(minutes=1)
    post.plan()
    assert not post.run(broadcasting.is_anything_going_out)
    (waits,) = post.run(lambda turn: doubted.listed(turn.connection, 1, 0, 9))
    assert post.do(partial(broadcasting.say_again, only=waits.id if one_alone else None)) == 1
    for _ in range(3):  # a line that is slow
        post.plan()
        assert [one.id for one in post.run(lambda turn: broadcasts.being_followed(turn.connection))] == [1]
        post.now += timedelta(minutes=5)
    post.line = lambda _: Result.SENT
    post.deliver()
    assert post.run(broadcasting.is_anything_going_out), "the last number is seen as well"
    post.now += timedelta(minutes=1)
    post.plan()
    assert not post.run(broadcasting.is_anything_going_out)


def test_what_is_paused_is_not_followed_for_ever(post: Office) -> None:
    post.line = lambda _: Result.UNKNOWN
    post.send({"de": "Hallo"})
    post.deliver()
    post.do(broadcasting.hold)
    assert post.do(broadcasting.say_again)
    post.now += timedelta(minutes=1)
    post.plan()
    assert not post.run(broadcasting.is_anything_going_out)
