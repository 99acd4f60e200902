"""What goes with a broadcast and when: captions, who left the audience, spreading, the last question."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.content.loader import Content
from bot.content.town import FourEyes
from bot.core.broadcasts import Answering, Attachment, Interest, Subject, Unreleased
from bot.core.message import Medium, Text
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import State
from bot.db.people import participants
from bot.db.schema import delivery
from bot.services.broadcasts import audience, broadcast_taps, broadcasting, captions
from bot.services.broadcasts.audience import PASTED, WITH
from bot.services.broadcasts.broadcast_taps import Tapped
from bot.services.deliveries import sending
from bot.services.deliveries.sending import Ready, Result
from bot.services.staff.broadcasts import releasing, sending_pages
from bot.services.staff.broadcasts.sending_pages import planned_for
from bot.services.staff.forms import ends
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from tests import databases
from tests.db.rows import given
from tests.services.broadcasts import BEGIN, Office, crowd, loaded, office, released, team

PICTURE = Attachment(Medium.PHOTO, "file:1", "unique1", "", 100)
PAPER = Attachment(Medium.DOCUMENT, "file:2", "unique2", "plan.pdf", 100)
WANTS_B1 = {PASTED: "german_level: B1"}


def with_picture(post: Office, words: dict[str, str], one: Attachment = PICTURE, **columns: object) -> None:
    """A broadcast with a picture goes out."""
    post.run(lambda turn: released(turn.connection, turn.content, words, **columns))
    post.run(lambda turn: broadcasts.attach(turn.connection, 1, one))
    assert post.do(lambda turn, draft: broadcasting.send(turn, draft, team(turn.connection), turn.now))


# -- pictures and files


@pytest.mark.parametrize("attached", [PICTURE, PAPER])
def test_every_copy_and_every_change_of_it_says_what_it_goes_with(post: Office, attached: Attachment) -> None:
    seen: list[Attachment | None] = []

    def line(ready: Ready) -> Result:
        rich = sending.say(ready)
        assert rich is not None
        seen.append(attached if rich.media == attached.media else None)
        return Result.SENT

    post.line = line
    with_picture(post, {"de": "Hallo"}, attached, answering=Answering.INTEREST.value)
    post.deliver()
    post.correct("Guten Tag")
    post.deliver()
    give(post, 1)
    post.do(broadcasting.fill)
    post.deliver()
    post.do(broadcasting.recall)
    post.deliver()
    assert seen == [attached] * 12


def give(post: Office, person: int) -> None:
    """Somebody is interested."""
    one = Interested(0, person, Subject(broadcast=1), None, Interest.OPEN, BEGIN)
    post.run(lambda turn: interests.give(turn.connection, one, "de", "v1"))


def test_the_longest_text_that_fits_goes_and_one_letter_more_does_not(post: Office) -> None:
    def lack(text: str) -> str | None:
        post.run(lambda turn: broadcasting.write(turn, loaded(turn.connection, 1), "de", text))
        post.do(lambda turn, one: broadcasting.release(turn, one, "de", team(turn.connection)))
        return post.do(broadcasting.missing)

    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}))
    post.run(lambda turn: broadcasts.attach(turn.connection, 1, PICTURE))
    assert lack("a" * 1024) is None
    assert lack("😀" * 512) is None, "a sign beyond the basic plane counts twice"
    assert lack("<b>" + "a" * 1024 + "</b>") is None, "markup is no letter"
    post.run(lambda turn: broadcasting.write(turn, loaded(turn.connection, 1), "de", "😀" * 512 + "ab"))
    assert post.do(lambda turn, one: captions.excess(turn, one, broadcasts.versions(turn.connection, 1))) == {"de": 2}
    assert not post.do(lambda turn, one: broadcasting.release(turn, one, "de", team(turn.connection)))
    post.run(lambda turn: broadcasts.attach(turn.connection, 1, None))
    assert post.do(lambda turn, one: broadcasting.release(turn, one, "de", team(turn.connection)))


def test_what_people_may_answer_has_room_below_the_text(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "a" * 1000, "ar": "ب" * 100}))
    post.run(lambda turn: broadcasts.attach(turn.connection, 1, PICTURE))
    assert post.do(broadcasting.missing) is None
    partner = {"answering": Answering.INTEREST.value, "partner": "B" * 80}
    post.run(lambda turn: broadcasts.change(turn.connection, 1, **partner))
    over = post.do(lambda turn, one: captions.excess(turn, one, broadcasts.versions(turn.connection, 1)))
    assert set(over) == {"de"}
    assert over["de"] > 200
    assert post.do(broadcasting.missing) == "caption"


def test_german_that_stands_in_for_a_language_needs_room_for_its_mark(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "a" * 1020}))
    post.run(lambda turn: broadcasts.attach(turn.connection, 1, PICTURE))
    assert post.do(broadcasting.missing) is None
    post.run(lambda turn: broadcasts.change(turn.connection, 1, unreleased=Unreleased.GERMAN.value))
    over = post.do(lambda turn, one: captions.excess(turn, one, broadcasts.versions(turn.connection, 1)))
    assert "de" not in over
    assert {"ar", "tr", "uk"} <= set(over)


def test_whoever_got_it_in_german_is_asked_in_their_own_language_whether_a_partner_may_be_told(post: Office) -> None:
    partner = {
        "answering": Answering.INTEREST.value,
        "partner": "Pflegeheim Muster",
        "unreleased": Unreleased.GERMAN.value,
    }
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}, **partner))
    assert post.do(lambda turn, draft: broadcasting.send(turn, draft, team(turn.connection), turn.now))
    post.deliver()

    def asked(turn: Turn, chat_id: int) -> str:
        visit = load(turn, Visitor(chat_id))
        assert visit is not None
        number = turn.connection.execute(select(delivery.c.id).where(delivery.c.chat_id == chat_id)).scalar_one()
        due = deliveries.load(turn.connection, number)
        assert due is not None
        found = broadcast_taps.tap(visit, due, "interest", ())
        assert isinstance(found, Tapped)
        assert found.screen is not None
        return turn.content.texts.render(visit.language, found.screen).text

    assert "Hallo" in post.run(lambda turn: asked(turn, 1))
    arabic = post.run(lambda turn: asked(turn, 11))
    assert "Hallo" not in arabic
    assert "Pflegeheim Muster" in arabic
    assert "Dürfen wir" not in arabic


def test_a_correction_that_does_not_fit_is_not_released(post: Office) -> None:
    with_picture(post, {"de": "Hallo"})
    post.deliver()
    post.said.clear()
    assert not post.correct("a" * 1100)
    post.deliver()
    assert post.said == []


# -- who left the audience


def test_who_left_the_audience_before_their_copy_left_gets_none_and_the_page_says_so(post: Office) -> None:
    for person in (1, 2):
        post.run(
            lambda turn, person=person: participants.save_answers(  # type: ignore[misc]
                turn.connection, person, {"german_level": given("B1")}, "r", BEGIN
            )
        )
    post.send({"de": "Hallo"}, audience=WANTS_B1)
    post.plan()
    assert post.states() == {State.PLANNED: 2}
    later = BEGIN + timedelta(hours=1)
    post.run(lambda turn: participants.save_answers(turn.connection, 1, {"german_level": given("A1")}, "r", later))
    post.deliver()
    assert [chat for chat, _ in post.said] == [2]
    assert post.run(lambda turn: broadcasts.reasons(turn.connection, 1)) == {"not_in_audience": 1}


def test_the_audience_is_looked_at_once_for_a_batch_however_many_it_holds(content: Content) -> None:
    counts = []
    for people in (3, 60):
        with office(content) as post:
            post.run(lambda turn, people=people: crowd(turn.connection, people))  # type: ignore[misc]
            post.send({"de": "Hallo"}, audience={PASTED: "not: {german_level: C2}"})
            post.send({"de": "Hallo"}, audience={PASTED: "language: de"})
            post.plan()
            with databases.statements(post._engine) as asked:
                post.claim()
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_question_that_is_gone_in_the_middle_takes_nobody_out_who_was_planned_for(post: Office) -> None:
    post.send({"de": "Hallo"}, audience={PASTED: "language: de"})
    post.plan()
    post.run(lambda turn: broadcasts.change(turn.connection, 1, audience={PASTED: "no_such_question: x"}))
    post.deliver()
    assert post.states() == {State.SENT: 3}


# -- spread over some hours


def test_spread_over_two_days_each_copy_waits_for_its_hour(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 40, first=100))
    post.send({"de": "Hallo"}, spread_hours=24)
    post.plan()
    due = [at for (at,) in post.run(lambda turn: list(turn.connection.execute(select(delivery.c.due_at).distinct())))]
    assert len(due) > 35
    town = post.run(lambda turn: turn.content.town)
    windows = post.do(lambda turn, one: audience.windows(turn, one, BEGIN))
    assert all(any(first <= at <= last for first, last in windows) for at in due)
    assert sum(window.seconds for window in windows) == (24 - 11) * 3600, town.quiet
    lines = post.do(planned_for)
    assert sum(line.args["number"] for line in lines[1:]) == 43  # type: ignore[union-attr,misc]
    for hours in (0, 5, 13, 24):
        post.now = BEGIN + timedelta(hours=hours)
        post.deliver()
        told = sum(at <= post.now for at in due)
        assert post.states().get(State.SENT, 0) >= told
    assert post.states() == {State.SENT: 43}
    assert Counter(chat for chat, _ in post.said).most_common(1)[0][1] == 1


def test_a_pause_in_the_middle_goes_on_where_it_was_and_an_end_ends_it(post: Office) -> None:
    post.run(lambda turn: crowd(turn.connection, 30, first=100))
    post.send({"de": "Hallo"}, spread_hours=10)
    post.plan()
    post.now = BEGIN + timedelta(hours=4)
    post.deliver()
    half = post.states()
    assert half[State.SENT] > 5
    assert half[State.PLANNED] > 5
    assert post.do(broadcasting.hold)
    post.deliver()
    assert post.states() == half
    assert post.do(broadcasting.go_on)
    post.deliver()
    assert post.states() == half, "what is due later stays so"
    post.correct("Guten Tag")
    post.now = BEGIN + timedelta(hours=7)
    post.deliver()
    assert {text for _, text in post.said[half[State.SENT] :]} == {"Guten Tag"}
    assert post.do(broadcasting.stop)
    post.now = BEGIN + timedelta(hours=20)
    post.deliver()
    ended = post.states()
    assert ended[State.SENT] > half[State.SENT]
    assert ended[State.SKIPPED] > 0
    assert post.do(broadcasting.recall)
    post.deliver()
    assert sum(text == "deleted" for _, text in post.said) == ended[State.SENT]


def test_a_recall_reaches_all_copies_where_somebody_corrected_in_the_same_moment(post: Office) -> None:
    post.send({"de": "Hallo"})
    post.deliver()
    before = post.do(lambda _, one: one)  # as the second member's transaction has read it
    post.correct("Guten Tag")
    assert post.run(lambda turn: broadcasting.recall(turn, before))
    post.said.clear()
    post.deliver()
    assert {text for _, text in post.said} == {"deleted"}, "and what waited of the correction is done no more"
    assert post.do(lambda _, one: one.rounds) == 2


# -- the page follows


# -- the last question


def said_on(post: Office, number: int = 1) -> dict[str, int | None]:
    """The texts of the last question with their numbers."""
    screen = post.run(lambda turn: sending_pages.PAGES["sending"].build(turn, team(turn.connection), (str(number),)))
    assert screen is not None
    lines = [line for block in screen.blocks for line in block if isinstance(line, Text)]
    return {line.key.removeprefix("staff."): line.count for line in lines}


def test_the_last_question_tells_what_it_costs_of_the_week_and_what_goes_before(post: Office) -> None:
    cap = post.run(lambda turn: turn.content.town.weekly_cap)
    for number in range(cap - 1):
        post.send({"de": f"Nummer {number}"}, audience={PASTED: "language: de"})
        post.deliver()
    number = post.run(lambda turn: released(turn.connection, turn.content, {"de": "Noch eine", "ar": "أهلا"}))
    said = said_on(post, number)
    assert (said["sending.people"], said["sending.last"]) == (4, 3)
    assert "sending.later" not in said
    post.run(lambda turn: participants.set_preferences(turn.connection, 1, weekly_cap=cap - 1))
    own = said_on(post, number)
    assert (own["sending.people"], own["sending.last"], own["sending.later"]) == (3, 2, 1)
    post.run(lambda turn: participants.set_preferences(turn.connection, 1, weekly_cap=None))
    assert "sending.in_front" not in said
    post.send({"de": "Zwischendurch"}, audience={PASTED: "language: de"})
    post.plan()
    assert said_on(post, number)["sending.in_front"] == 3
    post.deliver()
    full = said_on(post, number)
    assert (full["sending.people"], full["sending.later"]) == (1, 3)
    assert "sending.last" not in full


def test_who_cannot_be_asked_any_more_is_told_apart(post: Office) -> None:
    number = post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo", "ar": "أهلا"}))
    post.run(lambda turn: participants.withdraw_consent(turn.connection, 1, "openings", BEGIN))
    said = said_on(post, number)
    assert said["sending.people"] == 3
    assert "audience.excluded" in said


def test_beyond_a_number_of_people_every_role_needs_another(content: Content) -> None:
    for above, wanted in ((3, True), (4, False)):
        town = replace(content.town, four_eyes=FourEyes(above=above))
        with office(replace(content, town=town)) as post:
            post.run(lambda turn: crowd(turn.connection, 4))
            post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}))
            assert post.do(lambda turn, one: releasing.needed(turn, one, team(turn.connection))) is wanted


def test_one_that_is_spread_says_until_when_and_no_minutes(post: Office) -> None:
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}, spread_hours=30))
    said = said_on(post)
    assert said["sending.spread"] == 2
    assert "sending.takes" not in said


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("https://minden.de/fest", True),
        ("https://minden.de:8443/?a=1", True),
        ("http://minden.de", False),
        ("https://", False),
        ("https://localhost", False),
        ("https://rita:geheim@minden.de", False),
        ("https://minden.de:99999", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_link_is_an_https_address(words: str, holds: bool) -> None:
    assert ends.is_address(words) is holds


# -- audiences that were saved


def test_an_audience_is_whole_only_with_every_question_and_answer(content: Content) -> None:
    assert audience.is_whole(content, {})
    assert audience.is_whole(content, {WITH: {"level": ["B1"]}}) is ("level" in content.questionnaire.by_id)
    assert not audience.is_whole(content, {WITH: {"nothing": ["B1"]}})
    assert not audience.is_whole(content, {PASTED: "nothing: x"})
    name = next(one for one in content.questionnaire.questions if len(one.options) > 1)
    assert audience.is_whole(content, {WITH: {name.id: [name.options[0].id]}})
    assert not audience.is_whole(content, {WITH: {name.id: [name.options[0].id, "was_there_once"]}})
    assert not audience.is_lost(content, {WITH: {name.id: [name.options[0].id, "was_there_once"]}})
