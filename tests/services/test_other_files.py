"""The files of a town change under what is stored: every page and every card is there still, whatever has gone.

A reload, or a start with other files, leaves answers to questions that are no more, seats at offers nobody knows, a
language that is spoken no longer. Nobody may find a page that breaks.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.loader import Content, load
from bot.content.own_offers import overlaid
from bot.db.offers import sayings
from bot.services.buttons import of_card
from bot.services.messages import DETOURS
from tests.running import CONTENT
from tests.services.limits import check
from tests.services.staff.every_button import every_button
from tests.services.staff.people import NewTalk, member, number
from tests.services.talk import Talk

SAMPLE = Path(__file__).parents[1] / "content" / "sample" / "demo"


def bare(content: Content, _: Path) -> Content:
    """The town with its questions alone."""
    return replace(content, offers={}, reminders={}, forms={}, needs=None, road=None, answers={}, glossary=())


def one_question(content: Content, _: Path) -> Content:
    """Of the questions the first is left, and what asks for no other one."""
    whole = content.questionnaire
    return replace(
        content,
        questionnaire=replace(whole, questions=whole.questions[:1]),
        offers={name: one for name, one in content.offers.items() if not one.needs and one.suits is None},
        reminders={name: one for name, one in content.reminders.items() if one.audience is None},
        needs=None,
        road=None,
    )


def storage_alone(content: Content, _: Path) -> Content:
    """Nobody is asked for anything but what is needed."""
    town = replace(content.town, consents=content.town.consents[:1])
    return replace(content, town=town)


def another_town(_: Content, folder: Path) -> Content:
    """Other questions, offers, languages: whoever copies a database to the wrong town."""
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns("minden"))
    shutil.copytree(SAMPLE, folder / "demo")
    found = load(folder, "demo")
    assert found.content is not None, found.faults
    return found.content


Change = Callable[[Content, Path], Content]
CHANGES = (bare, one_question, storage_alone, another_town)


@pytest.mark.parametrize("change", CHANGES)
def test_every_button_of_the_desk_answers(
    new_talk: NewTalk, content: Content, tmp_path: Path, change: Change
) -> None:
    target = member(new_talk, name="Maximiliane")
    actions = [action for action, _ in every_button(new_talk, number(target))]
    boss = member(new_talk)
    other = change(content, tmp_path / "content")

    def with_what_staff_said() -> Content:
        return overlaid(other, boss.table.run(sayings.everything))

    for action in actions:
        boss.content = content
        boss.command("staff")
        boss.content = with_what_staff_said()
        newest = boss.drawn[-1]
        reply = boss.tap_data(of_card(newest.card.version) + action, newest.message)
        assert reply.card or reply.toast or reply.file, action
        if reply.card is not None:
            check(with_what_staff_said(), reply.card, "de")


def somebody(new_talk: NewTalk, language: int) -> Talk:
    """At the end of the questions, with everything one can have."""
    person = new_talk()
    for _ in range(3):
        person.step(language)
    person.finish()
    return person


@pytest.mark.parametrize("change", CHANGES)
def test_every_button_of_a_participant_answers(
    new_talk: NewTalk, content: Content, tmp_path: Path, change: Change
) -> None:
    other = change(content, tmp_path / "content")
    for language in (0, 2, 5):
        person = somebody(new_talk, language)
        for command in DETOURS:
            person.content = content
            person.command(command)
            for action in person.actions:
                person.content = content
                person.command(command)
                person.content = other
                newest = person.drawn[-1]
                reply = person.tap_data(of_card(newest.card.version) + action, newest.message)
                if reply.card is not None:
                    check(other, reply.card, reply.card.language)
        person.start()
