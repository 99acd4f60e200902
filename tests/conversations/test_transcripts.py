"""The kept conversations together show every language, every question and every error text."""

from __future__ import annotations

import pytest

from bot.core.inputs import Code
from bot.core.questionnaire import Kind
from bot.services.questions.problems import OF_FORMS
from tests.conversations.persona import Persona
from tests.conversations.transcripts import PERSONAS, problem, speaker, transcripts
from tests.running import minden

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_all_languages_and_at_least_twelve_people_are_there() -> None:
    assert set(transcripts()) == set(PERSONAS)
    assert len(PERSONAS) >= 12
    assert set(PERSONAS.values()) == set(minden().languages)


async def test_every_question_is_asked_of_one_of_them() -> None:
    kept = transcripts().values()
    left = {
        one.id
        for one in minden().questionnaire.questions
        if one.kind is not Kind.COMPUTED
        and not any(Persona.ask(speaker(language), one.id) in text for language, text in kept)
    }
    assert left == set()


async def test_every_error_text_is_read_by_one_of_them() -> None:
    kept = transcripts().values()
    left = {
        code for code in set(Code) - OF_FORMS if not any(problem(speaker(one), code) in text for one, text in kept)
    }
    # Where nothing is asked there is no card to answer; where a list takes people's own words, all is found.
    assert left == {Code.NOTHING_ASKED, Code.NOT_FOUND}
