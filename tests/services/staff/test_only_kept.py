"""Somebody's data is only kept (Art. 18): no old button shows or changes it, but for what has to go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, select

from bot.content.own_offers import overlaid
from bot.core.broadcasts import Interest, Subject
from bot.core.message import Text
from bot.db.offers import sayings
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.people import notes, participants, restricting
from bot.db.schema import interest, merging, note
from bot.services.buttons import of_card
from bot.services.profiles import merging as joining
from bot.services.reply import Reply
from bot.services.rights import restricting as locking
from bot.services.staff.texts import staff_text
from tests.services.staff.every_button import every_button
from tests.services.staff.finding import somebody
from tests.services.staff.people import NewTalk, member, number, row
from tests.services.staff.test_pages_about import words_of
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, a_group

pytestmark = pytest.mark.usefixtures("empty")
NAME, OPENING = "Zebulonia", "nursing_training"
BY_NAME = {
    # That they are locked, lifting it, and erasing them: their own right.
    *("person", "restricted", "erasing"),
    # Who comes to a course, and what they ask the team: they asked for both, and both go on.
    *("people", "threads", "thread", "talk_with", "thread_to"),
}
"""Pages that still call them by name; decision 28 says why."""


def press(talk: Talk, action: str) -> Reply:
    """Press a button of the desk, whether it stands there or not."""
    newest = talk.drawn[-1]
    return talk.tap_data(of_card(newest.card.version) + action, newest.message)


def test_few_pages_still_call_them_by_name(new_talk: NewTalk) -> None:
    boss, target = member(new_talk), member(new_talk, name="Maximiliane")
    actions = [action for action, _ in every_button(new_talk, number(target))]
    person = next(int(one.partition("go.person.")[2]) for one in actions if one.startswith("go.person."))
    boss.table.run(partial(participants.set_preferences, participant_id=person, name=NAME))
    _, other = somebody(new_talk)
    boss.table.run(partial(restricting.restrict, person=person, now=boss.now))
    boss.content = overlaid(boss.content, boss.table.run(sayings.everything))
    named = set()
    for action in (*actions, f"go.pair.{person}.{other}", f"go.pair.{other}.{person}"):
        verb, *page = action.split(".")
        if verb == "go" and page[0] != "form":
            press(boss, action)
            named |= {page[0]} if NAME in words_of(boss) else set()
    assert named == BY_NAME


def noted(me: Talk, person: int) -> str:
    """A note of theirs, and the button that throws it away."""
    author = number(me)
    me.table.run(lambda tx: notes.write(tx, person, author, "call again", me.now))
    return f"note_drop.{me.table.run(lambda tx: tx.execute(select(note.c.id)).scalar_one())}"


def wanting(me: Talk, person: int) -> str:
    """Their interest, and the button that says what became of it."""
    one = Interested(0, person, Subject(opening=OPENING), None, Interest.OPEN, me.now)
    me.table.run(lambda tx: interests.give(tx, one, "de", "v1"))
    return f"lead_is.{me.table.run(lambda tx: tx.execute(select(interest.c.id)).scalar_one())}.called"


def joined(me: Talk, person: int) -> str:
    """Another profile that was put into theirs, and the button that takes them apart."""
    boss, other = row(me), person + 1
    assert boss is not None
    return f"split.{me.turn(joining.merge, person, other, boss)}"


def everything(tx: Connection) -> list[list[tuple[object, ...]]]:
    """What these buttons change."""
    asked = (select(note.c.id), select(interest.c.id, interest.c.state), select(merging.c.id))
    return [[tuple(one) for one in tx.execute(each)] for each in asked]


@pytest.mark.parametrize("prepared", [noted, wanting, joined])
def test_a_button_from_before_changes_nothing_until_it_is_lifted(
    new_talk: NewTalk, prepared: Callable[[Talk, int], str]
) -> None:
    _, person = somebody(new_talk)
    _, other = somebody(new_talk)
    assert other == person + 1
    me = member(new_talk)
    button = prepared(me, person)
    boss, before = row(me), me.table.run(everything)
    assert boss is not None
    me.turn(locking.restrict, person, boss)
    assert press(me, button).toast == staff_text("toast.vanished")
    assert me.table.run(everything) == before
    me.turn(locking.lift, person, boss)
    press(me, button)
    assert me.table.run(everything) != before


def test_a_single_interest_is_shown_again_when_it_is_lifted(new_talk: NewTalk) -> None:
    _, person = somebody(new_talk, NAME)
    me = member(new_talk)
    _, key, _ = wanting(me, person).split(".")
    me.table.run(lambda tx: restricting.restrict(tx, person, me.now))
    press(me, f"go.lead.{key}")
    assert NAME not in words_of(me)
    me.table.run(lambda tx: restricting.lift(tx, person))
    press(me, f"go.lead.{key}")
    assert NAME in words_of(me)


def test_the_card_in_their_topic_loses_the_answers(new_talk: NewTalk) -> None:
    _, talk, office = a_group(new_talk, "de")
    talk.write("Hallo")
    office.send()
    asked = talk.content.questionnaire.by_id[talk.content.questionnaire.shared[0]]
    label = talk.content.texts.label("de", Text(f"{asked.key}.short"))
    assert [text for text in office.texts(GROUP) if label in text]
    me = member(new_talk)
    boss, person = row(me), talk.participant()
    assert boss is not None
    assert person is not None
    before = len(office.texts(GROUP))
    talk.turn(locking.restrict, person.id, boss)
    office.send()
    new = office.texts(GROUP)[before:]
    assert new
    assert not [text for text in new if label in text]
    talk.turn(locking.lift, person.id, boss)
    office.send()
    assert label in office.texts(GROUP)[-1]
