"""Where people stand on their paths, at the desk: no group under five, nor any that could be computed."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.content.loader import Content
from bot.core.conditions import Value
from bot.services.staff.figures import road_pages
from bot.services.turn import Turn
from tests.services.figures.crowd import NOW, One, fill

BASE: dict[str, Value] = {"goals": ("degree",), "education": "upper", "papers": ("copies",)}


def of(level: str, number: int, **more: Value) -> list[One]:
    """So many people of a level."""
    return [One({**BASE, "german_level": level, "level": level, **more})] * number


def standing(town: Connection, content: Content, people: list[One]) -> tuple[int, dict[str, int]]:
    fill(town, people)
    return road_pages.standing(Turn(town, content, NOW))


def test_each_person_counts_once_at_their_first_open_step(town: Connection, content: Content) -> None:
    people = [*of("A2", 7), *of("B1", 5), *of("B2", 6), *of("B2", 9, uni_papers="positive", papers=("translations",))]
    assert standing(town, content, people) == (
        27,
        {"german_b1": 7, "german_b2": 5, "papers_ready": 6, "campus_apply": 9},
    )


def test_fewer_than_five_are_not_told_and_cannot_be_computed(town: Connection, content: Content) -> None:
    people, steps = standing(town, content, [*of("A2", 8), *of("B1", 4)])
    assert "german_b2" not in steps
    assert people - sum(steps.values()) not in range(1, 5)


def test_nobody_is_counted_where_there_are_too_few(town: Connection, content: Content) -> None:
    assert standing(town, content, of("A2", 4)) == (0, {})


def test_who_has_not_finished_or_not_agreed_does_not_count(town: Connection, content: Content) -> None:
    silent = [One({**BASE, "level": "A2"}, agrees=False)] * 5 + [One({**BASE, "level": "A2"}, finished=False)] * 5
    assert standing(town, content, silent) == (0, {})
