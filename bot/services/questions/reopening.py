"""A question that was answered before is asked again, wherever the person asked for that."""

from __future__ import annotations

from collections.abc import Callable

from bot.core import engine
from bot.core.engine import State
from bot.core.questionnaire import Questionnaire
from bot.services import places
from bot.services.visit import Visit


def reopen(visit: Visit, question: str, move: Callable[[Questionnaire, State, str], State] = engine.ask) -> bool:
    """Go to a question of the person's path, also one behind the first pass; False where it is not on the path."""
    if visit.state is None or question not in engine.path(visit.turn.content.questionnaire, visit.state.answers):
        return False
    if question not in visit.questionnaire.by_id:
        visit.set_rounds(more=True)
    visit.state = move(visit.questionnaire, visit.state, question)
    visit.go(places.QUESTIONS)
    return True
