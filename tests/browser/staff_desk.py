"""Every page of the team's desk and every card of its forms, as a member with all rights sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.content.loader import Content
from bot.content.own_offers import overlaid
from bot.core.message import Screen
from bot.db.offers import sayings
from bot.services.buttons import of_card
from bot.services.rehearsals import rehearsal
from tests.services.staff.every_button import every_button
from tests.services.staff.people import member, number
from tests.services.talk import Table, Talk, tables


def staff_screens(content: Content, folder: Path) -> tuple[Content, list[tuple[str, Screen]]]:
    """Each screen with a name, and the content that renders it, including what the team said for it.

    The database in `folder` is new. Only actions that lead to a page write to it.
    """
    for table in tables(folder):
        pages = list(_pages(table, content))
        said = overlaid(content, table.run(sayings.everything))
    return said, [*pages, *((f"form {one.name}", one.build()) for one in rehearsal._forms(content))]


def _pages(table: Table, content: Content) -> Iterator[tuple[str, Screen]]:
    def new_talk() -> Talk:
        return Talk(table, content, next(table.chat_ids))

    boss, target = member(new_talk), member(new_talk, name="Maximiliane")
    yield "home", boss.drawn[-1].card.screen
    actions = [action for action, _ in every_button(new_talk, number(target))]
    boss.content = overlaid(content, table.run(sayings.everything))
    for action in actions:
        verb, *page = action.split(".")
        if verb == "go" and page[0] != "form":  # a card of a form has no other buttons
            newest = boss.drawn[-1]
            boss.tap_data(of_card(newest.card.version) + action, newest.message)
            where = boss.chat()
            assert where is not None
            assert where.focus == ".".join(page)
            yield page[0], boss.drawn[-1].card.screen
