"""What a delivery of a talk calls at Telegram, and what it makes of a refusal."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import BadRequest

from bot.content.rich import Rich, Span
from bot.db.outbox.deliveries import Due, Kind
from bot.services.deliveries.acts import Act, Away, Caption, Copy, Out
from bot.telegram import acting
from tests.telegram.fake_telegram import FakeTelegram, application

PERSON = 7
WORDS = Rich("Zurückgenommen", (Span("bold", 0, 6, None),), ())
TOO_OLD = (400, "Bad Request: message can't be deleted for everyone")


def done(telegram: FakeTelegram, act: Act, edits: int | None = None) -> None:
    """Do it for a person."""

    async def scene() -> None:
        async with application(telegram) as app:
            await acting.do(app.bot, due(edits), act)

    asyncio.run(scene())


def due(edits: int | None) -> Due:
    """A delivery of a talk."""
    return Due(
        *(Kind.TALK, False, False, 1, PERSON, "talk", "thread.say", None, None, 0, edits),
        *(None, True, None, None, None, None),
    )


def test_a_copy_has_words_above_and_others_below(telegram: FakeTelegram) -> None:
    done(telegram, Copy(5, 6, above=Rich("Vielleicht", (), ()), below=WORDS))
    assert [(name, given.get("text"), given.get("caption")) for name, given in telegram.calls] == [
        ("sendMessage", "Vielleicht", None),
        ("copyMessage", None, "Zurückgenommen"),
    ]
    assert telegram.of("copyMessage")[0]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 6}]


def test_a_picture_that_cannot_be_taken_away_says_so_below_and_counts_as_refused(telegram: FakeTelegram) -> None:
    telegram.refuse("deleteMessage", TOO_OLD)
    with pytest.raises(BadRequest):
        done(telegram, Away(WORDS, picture=True), edits=9)
    assert [(one["message_id"], one["caption"]) for one in telegram.of("editMessageCaption")] == [
        (9, "Zurückgenommen")
    ]
    assert telegram.of("editMessageText") == []


def test_a_picture_stands_in_place_of_another_with_its_words(telegram: FakeTelegram) -> None:
    done(telegram, Caption(WORDS, file=("document", "key")), edits=9)
    ((name, given),) = telegram.calls
    assert (name, given["message_id"]) == ("editMessageMedia", 9)
    assert (given["media"]["type"], given["media"]["media"]) == ("document", "key")
    assert (given["media"]["caption"], len(given["media"]["caption_entities"])) == ("Zurückgenommen", 1)


def test_words_that_cannot_be_taken_away_become_others(telegram: FakeTelegram) -> None:
    telegram.refuse("deleteMessage", TOO_OLD)
    done(telegram, Away(WORDS), edits=9)
    assert [one["text"] for one in telegram.of("editMessageText")] == ["Zurückgenommen"]


@pytest.fixture
def telegram() -> FakeTelegram:
    """Telegram without a wire."""
    return FakeTelegram()


def test_who_is_removed_from_the_group_is_banned_and_may_come_back(telegram: FakeTelegram) -> None:
    done(telegram, Out(9))
    assert telegram.calls == [
        ("banChatMember", {"chat_id": PERSON, "user_id": 9}),
        ("unbanChatMember", {"chat_id": PERSON, "user_id": 9, "only_if_banned": True}),
    ]


@pytest.mark.parametrize("words", ["PARTICIPANT_ID_INVALID", "user not found", "USER_NOT_PARTICIPANT"])
def test_who_was_not_in_the_group_is_out(telegram: FakeTelegram, words: str) -> None:
    telegram.refuse("banChatMember", (400, f"Bad Request: {words}"))
    done(telegram, Out(9))


@pytest.mark.parametrize(
    "words", ["not enough rights to restrict/unrestrict chat member", "user is an administrator of the chat"]
)
def test_whom_the_bot_may_not_remove_counts_as_refused(telegram: FakeTelegram, words: str) -> None:
    telegram.refuse("banChatMember", (400, f"Bad Request: {words}"))
    with pytest.raises(BadRequest):
        done(telegram, Out(9))
