"""The pages with everybody whom an opening fits, and everybody who misses one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from bot.content.loader import Content
from bot.core.conditions import Any, Fact
from bot.core.conditions import Test as Compared
from bot.core.message import Screen
from bot.core.roles import Role
from bot.db import schema
from bot.db.people import participants
from bot.db.staff import staff
from bot.services.staff.page import AT_ONCE
from bot.services.staff.pages import PAGES
from bot.services.turn import Turn
from tests.services.broadcasts import Office, page, team
from tests.services.openings.scene import come

OPENING = "nursing_training"
FITS = {"german_level": "B1", "goals": ("apprenticeship",)}
NEARLY = {"german_level": "A2", "goals": ("apprenticeship",)}
MANY = AT_ONCE + 3


def people(actions: list[str]) -> list[int]:
    """The numbers of those who stand on a page."""
    return [int(one.rpartition(".")[2]) for one in actions if one.startswith("go.person.")]


def gather(desk: Office) -> None:
    """More people whom it fits than a page holds, and two who miss the level."""
    come(desk, *range(1, MANY + 1), **FITS)
    come(desk, MANY + 1, MANY + 2, **NEARLY)


def looks(desk: Office) -> list[str]:
    found = select(schema.audit_entry.c.what).where(schema.audit_entry.c.deed == "list_seen")
    return desk.run(lambda turn: list(turn.connection.execute(found).scalars().all()))


def test_everybody_whom_it_fits_stands_on_pages_the_newest_first(desk: Office) -> None:
    gather(desk)
    text, actions = page(desk, f"who.{OPENING}")
    assert {f"go.fitting.{OPENING}.0", f"go.nearly.{OPENING}.0"} <= set(actions)
    assert f"zu {MANY} Menschen" in text.text
    first, second = page(desk, f"fitting.{OPENING}.0"), page(desk, f"fitting.{OPENING}.1")
    assert f"zu {MANY} Menschen" in first[0].text
    assert people(first[1]) == list(range(MANY, MANY - AT_ONCE, -1))
    assert people(second[1]) == list(range(MANY - AT_ONCE, 0, -1))
    assert f"go.who.{OPENING}" in second[1]
    assert set(looks(desk)) == {f"fits {OPENING}"}


def test_who_misses_one_thing_stands_there_with_what_it_is(desk: Office) -> None:
    gather(desk)
    desk.run(lambda turn: participants.set_preferences(turn.connection, MANY + 1, name="Lea"))
    text, actions = page(desk, f"nearly.{OPENING}.0")
    assert people(actions) == [MANY + 2, MANY + 1]
    assert "2 Menschen fehlt nur eines" in text.text
    assert "Lea: Niveau: mindestens B1" in text.text
    assert looks(desk) == [f"nearly {OPENING}"]


def test_where_nobody_fits_there_is_no_way_to_an_empty_page(desk: Office) -> None:
    come(desk, 1, **NEARLY)
    assert f"go.fitting.{OPENING}.0" not in page(desk, f"who.{OPENING}")[1]
    come(desk, 2, **FITS)
    desk.run(lambda turn: turn.connection.execute(schema.participant.delete().where(schema.participant.c.id == 1)))
    assert f"go.nearly.{OPENING}.0" not in page(desk, f"who.{OPENING}")[1]


@pytest.mark.parametrize("name", ["fitting", "nearly"])
def test_whom_a_sensitive_answer_fits_is_no_matter_of_who_may_not_see_it(
    desk: Office, content: Content, name: str
) -> None:
    gather(desk)
    secret = Any(
        (Fact("support", Compared.INCLUDES, "childcare"), Fact("goals", Compared.INCLUDES, "apprenticeship"))
    )
    offer = replace(content.offers[OPENING], suits=secret)
    closed = replace(content, offers={**content.offers, OPENING: offer})

    def drawn(role: Role, turn: Turn) -> tuple[list[str], Screen | None]:
        staff.change(turn.connection, team(turn.connection).id, role=role.value)
        there = replace(turn, content=closed)
        who = PAGES["who"].build(there, team(turn.connection), (OPENING,))
        assert who is not None
        build: Callable[..., Screen | None] = PAGES[name].build
        ways = [str(button) for row in who.rows for button in row if f"go.{name}." in str(button)]
        return ways, build(there, team(turn.connection), (OPENING, "0"))

    ways, screen = desk.run(partial(drawn, Role.ADMIN))
    assert ways
    assert screen is not None
    assert desk.run(partial(drawn, Role.COORDINATOR)) == ([], None)
