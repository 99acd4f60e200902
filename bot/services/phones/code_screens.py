"""The screens of a code on paper: making one, typing one, and the last word where the profile moved away. Pure."""

from __future__ import annotations

from bot.core.message import Button, LinkButton, Screen
from bot.services.offers.next_steps import office
from bot.services.view import Block, Row, View, local_day, ui

NEW = "new"
"""The focus while a new code is on the card."""


def paper(view: View) -> Screen:
    """What a code is for, since when there is one, and a button that makes another."""
    about: tuple[Block, ...] = ((ui("paper.title"),), (ui("paper.about"),))
    if view.focus == NEW:
        return Screen(about, ((Button(ui("button.paper_written"), "settings", "✅"),),))
    if view.found.code_since is not None:
        about = (*about, (ui("paper.since", day=local_day(view.content, view.found.code_since)),))
    rows: tuple[Row, ...] = ((Button(ui("button.paper_make"), "make_code", "📄"),),)
    return Screen(about, (*rows, (Button(ui("button.back"), "settings", "◀️"),)))


def code(view: View) -> Screen:
    """Where a code is typed."""
    del view
    return Screen(((ui("code.ask"),),), ((Button(ui("button.back"), "resume", "◀️"),),))


def moved(view: View) -> Screen:
    """The profile of this chat is on another account."""
    where: tuple[Block, ...] = ((ui("moved.where"),), (ui("moved.wrong"), *office(view.content)))
    return Screen(
        ((ui("moved.title"),), *where),
        (
            (Button(ui("button.anew"), "anew", "▶️"),),
            (LinkButton(ui("button.map"), view.content.town.office.map),),
        ),
    )
