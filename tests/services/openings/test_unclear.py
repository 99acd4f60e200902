"""An opening of the team's asks for what the files have no more: nobody hears of it until the team says so anew."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.message import Text
from bot.core.offers import Said
from bot.db.offers import offers
from bot.services.offers import reasons
from bot.services.turn import Turn
from bot.services.view import ui
from tests.services.broadcasts import Office, page, team
from tests.services.openings.scene import come, digests, goes_on

NOTHING = reasons.Answers(lambda _: None, {})
ASKS = {"needs_gone": ["x"]}
WARNING = "Eine Frage oder Antwort, nach der hier gewählt wurde, gibt es nicht mehr."


def opening(turn: Turn, **fields: Any) -> None:
    texts = {"de": {"title": "Neu", "text": "Etwas Neues"}}
    said = Said("own_1", own=True)
    offers.write(
        turn.connection, said, {"kind": "opening", "sort": "job"} | fields, texts, team(turn.connection).id, turn.now
    )


def another(desk: Office, **fields: Any) -> None:
    desk.run(lambda turn: opening(turn, **fields))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"needs_german_level": "B1"}, True),
        (ASKS, False),
        (ASKS | {"needs_german_level": "A1"}, False),
        ({"suits_gone": ["x"]}, False),
        ({"needs_german_level": "Z9"}, False),
        ({"needs_gone": [], "suits_gone": None}, True),
    ],
)
def test_nobody_is_told_of_what_asks_for_a_question_that_has_gone(
    desk: Office, fields: dict[str, Any], told: bool
) -> None:
    another(desk, **fields)
    come(desk, 1)
    goes_on(desk)
    assert ("own_1" in digests(desk)[0][2]) is told


def test_its_page_and_its_card_say_so_until_it_is_said_anew(desk: Office) -> None:
    def card(turn: Turn) -> tuple[Text, ...]:
        return reasons.match(turn.content, turn.content.offers["own_1"], NOTHING).missing

    another(desk, **ASKS)
    assert WARNING in page(desk, "opening.own_1")[0].text
    assert desk.run(card) == (ui("why.unclear"),)
    another(desk, needs_gone=None)
    assert WARNING not in page(desk, "opening.own_1")[0].text
    assert desk.run(card) == ()
