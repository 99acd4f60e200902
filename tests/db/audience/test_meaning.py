"""A condition over everybody says of each person what it says in memory, whatever was answered and is asked."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, case, select

from bot.content.loader import Content
from bot.core.conditions import compiled
from bot.core.questionnaire import Kind
from bot.db.audience import answers, deciding
from bot.db.audience.compiling import Crowd
from bot.db.audience.keeping import layout, refresh
from bot.db.engine import Database
from bot.db.schema import profile
from tests.amounts import NIGHTLY, amount
from tests.content.edits import edited
from tests.core.changing import contents, mended
from tests.db.audience.crowds import about_all, clear, in_memory, somebody, store
from tests.db.rows import NOW

WANTED = amount("AUDIENCES")
"""So many examples; others in every run at night, else always the same."""


def _agrees(connection: Connection, data: st.DataObject) -> None:
    before = data.draw(contents())
    questionnaire = data.draw(mended(data.draw(edited(before))))
    asked = data.draw(st.lists(about_all(questionnaire.questions), min_size=1, max_size=4))
    crowd = data.draw(st.lists(somebody(questionnaire, before), min_size=1, max_size=6))
    clear(connection)
    keys = [store(connection, number, one) for number, one in enumerate(crowd, 1)]
    assert refresh(connection) == len(keys)
    everybody = Crowd(questionnaire, layout(connection), NOW)
    columns = [
        case((everybody.holds(one, truth), 1), else_=0).label(f"x{place}{truth}")
        for place, one in enumerate(asked)
        for truth in (True, False)
    ]
    found = {row[0]: row[1:] for row in connection.execute(select(profile.c.participant_id, *columns))}
    for key in keys:
        lookup = in_memory(connection, questionnaire, key)
        for place, condition in enumerate(asked):
            holds = compiled(condition)(lookup)
            assert found[key][2 * place : 2 * place + 2] == (holds is True, holds is False), (condition, key)


@pytest.mark.faults
@pytest.mark.one_on_postgres
@pytest.mark.parametrize(("few", "examples"), [(answers.FEW_BITS, WANTED), (0, 5 * WANTED)], ids=["choices", "ticks"])
async def test_a_condition_means_the_same_in_memory_and_over_everybody(
    database: Database, monkeypatch: pytest.MonkeyPatch, few: int, examples: int
) -> None:
    """Ticks are looked for by the choices of few options, and one by one as if there were many."""
    monkeypatch.setattr(answers, "FEW_BITS", few)
    tried = settings(
        max_examples=examples,
        derandomize=not NIGHTLY,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # to shrink takes minutes
    )(given(st.data())(_agrees))
    await database.run(tried)


def test_what_the_town_computes_is_a_tree_of_few_answers(content: Content) -> None:
    """Without one the rules are compiled, which means the same and takes the database longer."""
    computed = [one.id for one in content.questionnaire.questions if one.kind is Kind.COMPUTED]
    trees = [deciding.tree(content.questionnaire, one, lambda level: level == "B1") for one in computed]
    assert trees
    assert all(isinstance(one, deciding.Branch) for one in trees)
