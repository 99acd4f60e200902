"""Every page of the desk that calls somebody by name says whom it is about: else it would stay when they go."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, select

from bot.content.own_offers import overlaid
from bot.db.offers import sayings
from bot.db.people import participants
from bot.db.schema import desk_page, participant
from bot.services.buttons import of_card
from tests.services.staff.every_button import every_button
from tests.services.staff.people import NewTalk, member, number
from tests.services.talk import Talk

NAMED = {
    *("found", "person", "said", "notes", "contacts", "twins", "pair", "people", "leads", "lead", "threads"),
    *("thread", "talk_with", "thread_to"),
}
"""Pages on which somebody must have been called by name, or the test shows nothing."""


def words_of(talk: Talk) -> str:
    """Everything that stands on the newest card."""
    card = talk.drawn[-1].card
    rich = talk.content.texts.render(card.language, card.screen)
    return "\n".join([rich.text, *(one.label for row in rich.rows for one in row)])


def noted(connection: Connection, chat_id: int) -> set[int]:
    """Of whom it is known that the chat shows them."""
    return set(connection.execute(select(desk_page.c.participant_id).where(desk_page.c.chat_id == chat_id)).scalars())


def test_every_page_that_calls_somebody_by_name_says_so(new_talk: NewTalk) -> None:
    boss, target = member(new_talk), member(new_talk, name="Maximiliane")
    other = new_talk()
    other.start()
    other.finish()
    actions = [action for action, _ in every_button(new_talk, number(target))]
    everybody = boss.table.run(lambda tx: list(tx.execute(select(participant.c.id)).scalars()))
    for one in everybody:
        boss.table.run(partial(participants.set_preferences, participant_id=one, name=f"Zebu{one}lonia"))
    boss.content = overlaid(boss.content, boss.table.run(sayings.everything))
    found = set()
    for action in (*actions, f"go.pair.{everybody[0]}.{everybody[1]}"):
        verb, *page = action.split(".")
        if verb != "go" or page[0] == "form":
            continue
        newest = boss.drawn[-1]
        boss.tap_data(of_card(newest.card.version) + action, newest.message)
        words, about = words_of(boss), boss.drawn[-1].card.screen.about
        named = {one for one in everybody if f"Zebu{one}lonia" in words}
        assert about is not None, page
        assert named <= about, page
        found |= {page[0]} if named else set()
        assert boss.table.run(partial(noted, chat_id=boss.chat_id)) == about, page
    assert found >= NAMED, NAMED - found
