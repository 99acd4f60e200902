"""From an offer that somebody lacks something for, and from one's own: the next step is one tap away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.content import calendar_file
from bot.content.loader import Content
from bot.core.broadcasts import Subject
from bot.core.engine import State
from bot.core.message import Button, Screen, Text
from bot.core.offers import Kind
from bot.db.offers import meetings
from bot.db.schema import registration
from bot.services import places, screens
from bot.services.buttons import of_card
from bot.services.offers.next_steps import next_steps
from bot.services.offers.offer_screens import mine, offer_card, offer_list
from bot.services.offers.reasons import Answers, match
from bot.services.offers.shown import Date, Fit, Interesting, Match, Own, Shown, Standing
from bot.services.offers.synchronising import synchronise
from bot.services.reply import Card
from bot.services.view import Found, View
from tests.services.talk import MORNING, Talk, buttons, keys
from tests.services.test_offer_screens import START

NewTalk = Callable[[], Talk]
SEATS_AND_DEADLINE = {"ui.offers.seats", "ui.offers.full", "ui.offers.deadline", "ui.offers.approval"}


@pytest.fixture
def anna(new_talk: NewTalk) -> Talk:
    """Somebody who has answered everything, in a town where things take place; they speak no German yet."""
    talk = new_talk()
    talk.turn(synchronise)
    talk.finish()
    return talk


def said(screen: Screen) -> set[str]:
    return {one.key for one in keys(screen)}


def looks_at(talk: Talk, offer: str, kind: str = "offers") -> None:
    talk.command(kind)
    while f"offer.{offer}" not in talk.actions:
        talk.tap(next(one for one in talk.actions if one.startswith("offers.") and not one.endswith(".0")))
    talk.tap(f"offer.{offer}")


def test_what_is_missing_can_be_changed_on_the_card_and_its_card_comes_again(anna: Talk) -> None:
    looks_at(anna, "campus_c1")
    assert {"change.german_level", "change.education", "offer.advice"} <= set(anna.actions)
    assert not said(anna.drawn[-1].card.screen) & SEATS_AND_DEADLINE, "that does not concern them yet"
    anna.tap("change.german_level")
    assert anna.place == places.QUESTIONS
    anna.tap("o.B2")
    assert anna.place == places.OFFER
    assert "change.german_level" not in anna.actions
    anna.tap("change.education")
    anna.tap("back")
    assert "change.education" in anna.actions, "nothing was changed"
    anna.tap("change.education")
    anna.tap("o.bachelor")
    assert anna.place == places.OFFER
    assert "join.campus_c1.0" in anna.actions
    assert said(anna.drawn[-1].card.screen) >= {"ui.offers.seats", "ui.offers.deadline"}
    assert not [one for one in anna.actions if one.startswith("change.")]


def test_other_ways_lead_to_no_offer(anna: Talk) -> None:
    looks_at(anna, "campus_c1")
    anna.tap("change.german_level")
    anna.start()
    anna.tap("o.A1")
    assert anna.place == places.QUESTIONS, "who has begun anew in between goes on there"


@pytest.mark.parametrize("name", ["study_wish", "level", "nothing"])
def test_a_question_that_is_not_asked_of_somebody_opens_nothing(anna: Talk, name: str) -> None:
    looks_at(anna, "job_b2")
    newest, before = anna.drawn[-1], anna.answers()
    anna.tap_data(f"{of_card(newest.card.version)}change.{name}", newest.message)
    assert anna.place == places.OFFER
    assert anna.answers() == before


def test_an_unsure_level_leads_to_both_questions_behind_it(content: Content) -> None:
    behind = content.questionnaire.answered_for(["level"])
    assert {"german_level", "can_do_items"} <= behind
    assert all(content.questionnaire.by_id[one].kind.is_answered for one in behind)
    found = match(content, content.offers["iqui_b2"], Answers(lambda _: None, {}))
    assert found.lacking == {"level"}


def test_without_offers_of_advice_there_is_the_office(content: Content) -> None:
    lacking = Shown(Match(content.offers["iqui_b2"], Fit.OTHER, (), ()), (), decisive=("german_level",))
    bare = replace(content, offers={name: one for name, one in content.offers.items() if one.kind is not Kind.ADVICE})
    for town, office in ((content, False), (bare, True)):
        steps = next_steps(View(town, "de", now=MORNING), lacking)
        screen = offer_card(lacking, registers=True, steps=steps)
        assert ("ui.done.office" in said(screen)) is office
        assert [one.action for row in steps.rows for one in row] == [  # type: ignore[union-attr]
            *("change.german_level", *([] if office else ["offer.advice"]))
        ]
    only = replace(lacking, decisive=())
    assert "ui.offers.change_answer" not in said(Screen(next_steps(View(content, "de", now=MORNING), only).blocks))


@pytest.mark.parametrize(("lacking", "shown_there"), [("level", True), ("education", False)])
def test_where_a_level_is_missing_the_card_leads_to_the_test(
    content: Content, lacking: str, shown_there: bool
) -> None:
    found = Match(content.offers["campus_c1"], Fit.OTHER, (), (), frozenset({lacking}))
    steps = next_steps(View(content, "de", now=MORNING), Shown(found, ()))
    there = [(one.mark, one.action) for row in steps.rows for one in row if isinstance(one, Button)]
    assert (("🔎", "offer.placement") in there) is shown_there
    assert ("ui.offers.find_out" in said(Screen(steps.blocks))) is shown_there
    assert ("💬", "offer.advice") in there


def test_who_has_a_seat_gives_it_back_whatever_they_lack(content: Content) -> None:
    own = Own(7, Standing.REGISTERED)
    seated = Shown(Match(content.offers["iqui_b2"], Fit.OTHER, (), ()), (), own=own, decisive=("german_level",))
    view = View(content, "de", focus="iqui_b2", found=Found(offers=(seated,)), now=MORNING)
    card = screens.build(places.OFFER, replace(view, state=State({})))
    found = [one.action for one in buttons(Card(1, "de", 1, card))]
    assert "leave.7" in found
    assert "change.german_level" not in found
    assert "ui.standing.registered" in said(card)


@pytest.mark.parametrize("room", ["", "A 101"])
def test_a_date_that_is_closed_says_so_in_its_line_and_the_list_names_one_that_is_open(
    content: Content, room: str
) -> None:
    closed = Date(1, START, 90, room, closed=True)
    later = Date(2, START + timedelta(days=7), 90, room)
    degree = Match(content.offers["info_degree"], Fit.RECOMMENDED, (), ())
    card = offer_card(Shown(degree, (closed, later)), registers=True)
    lines = [one.key for block in card.blocks for one in block if isinstance(one, Text) and "date" in one.key]
    name = "date_room" if room else "date"
    assert lines == ["ui.offers.dates", f"ui.offers.{name}_closed", f"ui.offers.{name}"]
    assert [one.action for one in buttons(Card(1, "de", 1, card)) if "join" in one.action] == ["join.info_degree.2"]
    mine_ = replace(closed, own=Own(7, Standing.REGISTERED))
    for dates, line, when in (
        ((closed, later), "next", later.starts),
        ((replace(closed, closed=False, cancelled=True), later), "next", later.starts),
        ((closed,), f"{name}_closed", closed.starts),
        ((replace(closed, cancelled=True),), "date_cancelled", closed.starts),
        ((later, mine_), "next", mine_.starts),
    ):
        listed = offer_list("events", 0, [Shown(degree, dates)]).blocks[2][1]
        assert isinstance(listed, Text)
        assert (listed.key, listed.args["when"]) == (f"ui.offers.{line}", when)


def test_the_dates_of_a_course_are_never_closed_one_by_one(content: Content) -> None:
    course = Match(content.offers["iqui_b2"], Fit.RECOMMENDED, (), ())
    card = offer_card(Shown(course, (Date(1, START, 90, "", closed=True),)), registers=True)
    assert not said(card) & {"ui.offers.date_closed", "ui.offers.date_room_closed"}


def test_ones_own_are_given_back_and_put_into_the_calendar_from_the_list(anna: Talk) -> None:
    found = anna.table.run(lambda tx: meetings.of_offers(tx, ["info_degree", "placement"], anna.now))
    for one in {one.offer_id: one for one in reversed(found)}.values():
        looks_at(anna, one.offer_id, "events")
        anna.tap(f"join.{one.offer_id}.{one.id}")
    anna.command("mine")
    seats = [one for one in anna.actions if one.startswith("leave.")]
    assert len(seats) == 2
    file = anna.tap("dates").file
    assert file is not None
    assert isinstance(file.content, bytes)
    dates = calendar_file.read(file.content, anna.content.town.zone, anna.now).meetings
    assert sorted(one.title for one in dates) == ["Einstufungstest Deutsch", "Info-Abend: Wege ins Studium"]
    anna.tap(seats[0])
    assert anna.place == places.MINE
    assert seats[0] not in anna.actions
    states = select(registration.c.state).where(registration.c.id == int(seats[0].removeprefix("leave.")))
    assert anna.table.run(lambda tx: tx.execute(states).scalar_one()) == "given_back"
    anna.tap(seats[1])
    assert said(anna.drawn[-1].card.screen) >= {"ui.mine.none"}
    assert [one.label for one in buttons(anna.drawn[-1].card) if one.action == "dates"] == [
        Text("ui.button.calendar_clear")
    ]


def test_all_interests_are_on_the_pages_of_ones_own_each_once() -> None:
    found = [
        Interesting(Subject(opening=f"job{one}"), f"Arbeit {one}", Text("ui.interest.open"), Text("ui.button.apart"))
        for one in range(12)
    ]
    pages = [[one.action for one in buttons(Card(1, "de", 1, mine([], page, found)))] for page in range(4)]
    own = [[one for one in actions if one.startswith("offer.")] for actions in pages]
    assert [len(one) for one in own] == [5, 5, 2, 2]
    assert own[2] == own[3], "the last page in the place of one that there is not"
    assert {one for several in own for one in several} == {f"offer.job{one}" for one in range(12)}
    assert [{one for one in actions if one.startswith("page.")} for actions in pages[:3]] == [
        {"page.1"},
        {"page.0", "page.2"},
        {"page.1"},
    ]


def test_a_held_seat_is_taken_from_the_list(content: Content) -> None:
    held = Shown(Match(content.offers["iqui_b1"], Fit.OTHER, (), ()), (), own=Own(7, Standing.HELD, START))
    found = [one.action for one in buttons(Card(1, "de", 1, mine([held])))]
    assert found[:3] == ["offer.iqui_b1", "take.7", "leave.7"]
    assert "dates" not in found, "nothing is firm yet"


# -- a multiple choice that one comes back to


def marks(talk: Talk) -> dict[str, str]:
    """What the buttons of the card that keep or leave a change are called."""
    return {
        one.action: one.label.key.removeprefix("ui.button.")  # type: ignore[union-attr]
        for one in buttons(talk.drawn[-1].card)
        if one.action in {"done", "forward"}
    }


def test_on_a_card_one_comes_back_to_it_is_clear_what_keeps_a_change(talk: Talk) -> None:
    talk.finish_until(places.QUESTIONS)
    assert marks(talk) == {"done": "done"}
    talk.tap("t.german.1")
    assert marks(talk) == {"done": "done"}
    talk.tap("done")
    talk.tap("back")
    assert marks(talk) == {"forward": "forward"}, "nothing is changed, so nothing is to be kept"
    talk.tap("t.job.1")
    assert marks(talk) == {"done": "save_change", "forward": "without_change"}
    talk.tap("t.job.0")
    assert marks(talk) == {"forward": "forward"}
    talk.tap("t.job.1")
    talk.tap("forward")
    assert talk.answers()[0]["goals"].value == ("german",)
    talk.tap("back")
    talk.tap("t.job.1")
    talk.tap("done")
    assert talk.answers()[0]["goals"].value == ("german", "job")


def test_a_change_from_the_summary_is_saved_under_the_same_name(talk: Talk) -> None:
    talk.finish()
    talk.command("profile")
    talk.tap("change.goals")
    assert marks(talk) == {"done": "done"}
    talk.tap(next(one for one in talk.actions if one.startswith("t.") and one.endswith(".1")))
    assert marks(talk) == {"done": "save_change"}
