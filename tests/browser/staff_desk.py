"""Every page of the team's desk and every card of its forms, as a member who may do everything sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.content.loader import Content
from bot.core.message import Screen
from bot.services import rehearsal
from bot.services.buttons import of_card
from tests.services.staff.people import member, number
from tests.services.staff.test_desk import every_button
from tests.services.talk import Talk, tables


def staff_screens(content: Content, folder: Path) -> Iterator[tuple[str, Screen]]:
    """Each with a name; the database in `folder` is new, and only read but by what leads to a page."""
    for table in tables(folder):

        def new_talk() -> Talk:
            return Talk(table, content, next(table.chat_ids))  # noqa: B023 - there is one table

        boss, target = member(new_talk), member(new_talk, name="Maximiliane")
        yield "home", boss.drawn[-1].card.screen
        for action, _ in every_button(new_talk, number(target)):
            verb, *page = action.split(".")
            if verb == "go":
                newest = boss.drawn[-1]
                boss.tap_data(of_card(newest.card.version) + action, newest.message)
                yield page[0], boss.drawn[-1].card.screen
    for one in rehearsal._forms(content):
        yield f"form {one.name}", one.screen
