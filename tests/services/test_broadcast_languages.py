"""Who gets a broadcast in which language: who changes theirs, what is released when, and what waits for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.core.broadcasts import Unreleased
from bot.db import chats
from bot.db.broadcasts import broadcasts
from bot.db.outbox.deliveries import State
from bot.db.people import persons
from bot.db.schema import participant
from bot.services.broadcasts import broadcasting
from bot.services.staff.broadcasts import broadcast_pages
from bot.services.turn import Turn
from tests.services.broadcasts import Office, crowd, loaded, released, team

GERMAN, BOTH = {"de": "Hallo"}, {"de": "Hallo", "ar": "مرحبا"}


@pytest.fixture
def speakers() -> dict[str, int]:
    return {"de": 2, "ar": 2}


def speaks(post: Office, chat_id: int, language: str) -> None:
    post.run(lambda turn: chats.save(turn.connection, chat_id, {"language": language}))


@pytest.mark.row(31)
@pytest.mark.parametrize("unreleased", Unreleased)
def test_who_changes_their_language_before_it_leaves_gets_what_is_released_in_it(
    post: Office, unreleased: Unreleased
) -> None:
    post.send(BOTH, unreleased=unreleased.value)
    post.plan()
    speaks(post, 1, "ar")
    speaks(post, 11, "de")
    speaks(post, 12, "uk")
    post.deliver()
    told = dict(post.said)
    assert [told[one] for one in (1, 2, 11)] == ["مرحبا", "Hallo", "Hallo"]
    if unreleased is Unreleased.WAIT:
        assert 12 not in told
        post.correct("Привіт", "uk")
        post.deliver()
        assert post.said[-1] == (12, "Привіт")
    else:
        assert "Hallo" in told[12]
    assert post.states() == {State.SENT: 4}


def test_a_german_text_nobody_released_reaches_nobody(post: Office) -> None:
    post.send({"ar": "مرحبا"})
    post.run(lambda turn: broadcasting.write(turn, loaded(turn.connection, 1), "de", "Unfertig"))
    post.plan()
    speaks(post, 11, "de")
    post.deliver()
    speaks(post, 12, "fr")
    post.do(broadcasting.fill)
    post.deliver()
    assert post.said == [(12, "مرحبا")]
    assert post.states() == {State.SENT: 1, State.SKIPPED: 1}


def test_who_read_it_in_german_sees_it_in_their_language_once_that_is_released(post: Office) -> None:
    post.send(GERMAN, unreleased=Unreleased.GERMAN.value)
    post.deliver()
    post.said.clear()
    post.correct("مرحبا", "ar")
    post.deliver()
    assert sorted(post.said) == [(11, "مرحبا"), (12, "مرحبا")]
    post.correct("أهلا", "ar")
    post.deliver()
    assert sorted(post.said[2:]) == [(11, "أهلا"), (12, "أهلا")]


def test_a_message_may_be_written_in_another_language_alone(post: Office) -> None:
    def page(name: str, *more: str) -> str:
        def draw(turn: Turn) -> str:
            screen = broadcast_pages.PAGES[name].build(turn, team(turn.connection), ("1", *more))
            assert screen is not None
            return turn.content.texts.render("de", screen).text

        return post.run(draw)

    post.run(lambda turn: broadcasting.compose(turn, team(turn.connection), None))
    assert post.do(broadcasting.missing) == "text"
    post.do(lambda turn, one: broadcasting.write(turn, one, "ar", "مرحبا"))
    assert "مرحبا" in page("wording", "ar")
    assert "مرحبا" in page("broadcast")
    assert post.do(broadcasting.missing) == "release"
    assert post.do(lambda turn, one: broadcasting.release(turn, one, "ar", team(turn.connection)))
    post.run(lambda turn: broadcasts.change(turn.connection, 1, unreleased=Unreleased.GERMAN.value))
    assert post.do(broadcasting.missing) == "text", "there is no German for everybody else"
    post.run(lambda turn: broadcasts.change(turn.connection, 1, unreleased=Unreleased.WAIT.value))
    assert post.do(lambda turn, one: broadcasting.send(turn, one, team(turn.connection), turn.now))
    post.deliver()
    assert sorted(post.said) == [(11, "مرحبا"), (12, "مرحبا")]
    assert "مرحبا" in page("broadcast")
    post.correct("Hallo")
    post.deliver()
    assert sorted(post.said)[:2] == [(1, "Hallo"), (2, "Hallo")]
    assert not post.run(lambda turn: broadcasts.versions(turn.connection, 1))["ar"].doubts


def test_another_german_text_loses_no_translation_of_a_draft(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, BOTH))
    post.do(lambda turn, one: broadcasting.write(turn, one, "de", "Hallo!"))
    arabic = post.run(lambda turn: broadcasts.versions(turn.connection, 1))["ar"]
    assert (arabic.text, arabic.released_text, arabic.doubts) == ("مرحبا", None, ("outdated",))
    assert post.do(lambda turn, one: broadcasting.release(turn, one, "ar", team(turn.connection)))
    assert not post.run(lambda turn: broadcasts.versions(turn.connection, 1))["ar"].doubts


def test_a_correction_of_the_english_reaches_who_reads_it_below_the_german(post: Office) -> None:
    post.send({"de": "Hallo", "en": "Hello, Monday"}, unreleased=Unreleased.GERMAN.value)
    post.deliver()
    post.said.clear()
    post.correct("Hello, Tuesday", "en")
    post.deliver()
    assert {one for one, text in post.said if "Hello, Tuesday" in text} == {11, 12}
    assert {one for one, _ in post.said} == {11, 12}


def test_on_a_shared_phone_a_correction_goes_by_the_language_of_whose_copy_it_is(post: Office) -> None:
    def german_takes_the_phone(turn: Turn) -> None:
        row = turn.connection.execute(select(participant.c.id).where(participant.c.chat_id == 11)).scalar_one()
        persons.set_aside(turn.connection, row, "done", "ar", turn.now)
        chats.save(turn.connection, 11, {"language": "de"})

    post.send(BOTH)
    post.deliver()
    post.run(german_takes_the_phone)
    post.said.clear()
    post.correct("أهلا", "ar")
    post.deliver()
    assert sorted(post.said) == [(11, "أهلا"), (12, "أهلا")]
    post.said.clear()
    post.correct("Guten Tag")
    post.deliver()
    assert sorted(post.said) == [(1, "Guten Tag"), (2, "Guten Tag")]


def test_a_language_released_during_a_pause_waits_for_its_end(post: Office) -> None:
    post.send(GERMAN)
    post.plan()
    assert post.do(broadcasting.hold)
    post.correct("مرحبا", "ar")
    post.deliver()
    assert post.said == []
    assert post.do(broadcasting.go_on)
    post.deliver()
    assert {one for one, _ in post.said} == {1, 2, 11, 12}
    assert post.states() == {State.SENT: 4}


@pytest.mark.parametrize("joining", [False, True])
def test_a_language_released_later_is_for_those_who_speak_it_alone(post: Office, joining: bool) -> None:
    post.send(GERMAN, joining=joining)
    post.deliver()
    post.run(lambda turn: crowd(turn.connection, 1, first=21))
    post.run(lambda turn: crowd(turn.connection, 1, "uk", first=31))
    post.said.clear()
    post.correct("مرحبا", "ar")
    post.correct("Привіт", "uk")
    post.deliver()
    assert {one for one, _ in post.said} == ({11, 12, 21, 31} if joining else {11, 12, 31})
    assert post.do(lambda _, one: (one.planned_to, one.planning_for)) == (None, None)


def test_a_language_released_while_recipients_are_being_planned_keeps_nobody_out(post: Office) -> None:
    post.send(GERMAN)
    post.correct("مرحبا", "ar")
    post.deliver()
    assert {one for one, _ in post.said} == {1, 2, 11, 12}


def test_where_nobody_waits_for_a_language_its_release_looks_for_nobody(post: Office) -> None:
    post.send(GERMAN, unreleased=Unreleased.GERMAN.value)
    post.deliver()
    post.run(lambda turn: crowd(turn.connection, 1, first=21))
    post.said.clear()
    post.correct("مرحبا", "ar")
    post.deliver()
    assert sorted(post.said) == [(11, "مرحبا"), (12, "مرحبا")]
