"""The path's screens with a person before them: what the buttons lead to, and a town without a path."""

from __future__ import annotations

from dataclasses import replace

from bot.core.message import Text
from bot.db.people import path_marks
from bot.services import places
from tests.services.staff.people import shown
from tests.services.talk import Talk


def finish(talk: Talk) -> None:
    """To the end, with the first option of every question."""
    talk.start()
    talk.finish()


def lines(talk: Talk) -> list[object]:
    """What stands on the newest card."""
    return [line for block in talk.drawn[-1].card.screen.blocks for line in block]


def test_the_path_is_a_command_and_a_button_and_its_cards_lead_on_and_back(talk: Talk) -> None:
    finish(talk)
    assert "path.0" in talk.actions
    talk.command("mine")
    assert "path.0" in talk.actions
    talk.command("path")
    assert "Ihr Weg" in shown(talk)
    first = next(one for one in talk.actions if one.startswith("step."))
    talk.tap(first)
    assert "path.0" in talk.actions
    talk.tap("path.0")
    assert first in talk.actions


def test_an_answer_given_from_a_step_leads_back_to_it(talk: Talk) -> None:
    finish(talk)
    talk.command("path")
    talk.tap("step.german_a2")
    question = next(one for one in talk.actions if one.startswith("change."))
    talk.tap(question)
    option = next(one for one in talk.actions if one.startswith("o."))
    talk.tap(option)
    row = talk.chat()
    assert row is not None
    assert (row.detour, row.focus) == (places.STEP, "german_a2")


def test_where_a_step_is_gone_the_whole_path_knows_what_was_agreed_to(talk: Talk) -> None:
    talk.start()
    talk.finish(3)  # to a degree: a path with last days
    talk.agree("reminders")
    talk.command("path")
    assert Text("ui.path.reminds") in lines(talk)
    talk.tap(next(one for one in talk.actions if one.startswith("step.")))
    row, road = talk.chat(), talk.content.road
    assert row is not None
    assert road is not None
    left = (replace(one, steps=tuple(step for step in one.steps if step != row.focus)) for one in road.goals)
    talk.content = replace(talk.content, road=replace(road, goals=tuple(left)))
    talk.unreadable("picture")
    assert Text("ui.path.reminds") in lines(talk)


def test_a_step_is_ticked_and_unticked_and_one_that_an_answer_decides_is_not(talk: Talk) -> None:
    finish(talk)
    talk.command("path")
    talk.tap("step.german_a2")
    ticks = [one for one in talk.actions if one.startswith("ticked.")]
    assert ticks == []
    card = talk.drawn[-1]
    data = f"v{card.card.version}.ticked.german_a2.1"
    assert talk.tap_data(data, card.message).toast == Text("ui.news.stale")
    row = talk.participant()
    assert row is not None
    assert talk.table.run(lambda tx: path_marks.of_people(tx, [row.id])[row.id]) == set()


def test_without_the_file_there_is_neither_command_nor_button(talk: Talk) -> None:
    talk.content = replace(talk.content, road=None)
    finish(talk)
    assert "path.0" not in talk.actions
    reply = talk.command("path")
    assert reply.card is not None
    assert Text("ui.notice.unknown_command") in reply.card.screen.blocks[0]
    talk.command("settings")
    assert not any(one.startswith("topic.path") for one in talk.actions)
    talk.command("mine")
    assert "path.0" not in talk.actions
