"""What stands around a choice of people: how it is made, and who misses one thing only."""

from __future__ import annotations

import pytest

from bot.content.loader import Content
from bot.core.conditions import Fact, Test
from bot.core.message import Text
from bot.db.audience.counting import Counted, Missed
from bot.services.profiles import people
from bot.services.staff.broadcasts.reach_words import around_a_count
from bot.services.turn import Turn
from tests.services.broadcasts import Office, page, released, team

UNSAID = [Fact(f"registration.iqui_{one}", Test.IS, "any") for one in ("b1", "b2", "c1", "c2", "a1", "a2")]
"""Parts of a condition that have no words on this page."""


@pytest.fixture
def speakers() -> dict[str, int]:
    return {"de": 1}


def test_whoever_misses_one_thing_is_told_of_also_where_more_miss_what_has_no_words(post: Office) -> None:
    said = [Fact("goals", Test.INCLUDES, one) for one in ("job", "german", "apprenticeship", "study")]
    parts = [*UNSAID, *said]
    missed = tuple(Missed(part, place, 90 - place) for place, part in enumerate(parts))

    def told(turn: Turn) -> list[int]:
        found = Counted(0, {}, {}, (), missed)
        lines = around_a_count(turn, team(turn.connection), parts[0], found)
        near = [one for one in lines if isinstance(one, Text) and one.key == "staff.audience.near_miss"]
        return [int(str(one.args["number"])) for one in near]

    assert post.run(told) == [84, 83, 82], "three of those that have words, the most first"


@pytest.mark.parametrize("where", ["filter", "pick.1"])
def test_on_a_scale_the_words_say_that_a_tick_means_at_least(post: Office, content: Content, where: str) -> None:
    post.run(_draft)
    names = [one.id for one in people.filters(content)]
    assert {"german_level", "goals"} <= set(names)
    assert "ab hier" in page(post, f"{where}.german_level.0")[0].text
    assert "ab hier" not in page(post, f"{where}.goals.0")[0].text
    assert "diese nicht" in page(post, f"{where}.goals.0")[0].text


def _draft(turn: Turn) -> int:
    return released(turn.connection, turn.content, {"de": "Hallo"})
