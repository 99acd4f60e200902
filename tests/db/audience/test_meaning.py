"""A condition over everybody says of each person what it says in memory: everything that can be answered and asked."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.core.conditions import compiled
from bot.db.audience.compiling import Compiler
from bot.db.audience.keeping import layout, refresh
from bot.db.engine import Database
from bot.db.schema import profile
from tests.content.edits import edited
from tests.core.test_changing import contents, mended
from tests.db.audience.crowds import about_all, clear, in_memory, somebody, store
from tests.db.rows import NOW

EXAMPLES = 60


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def _agrees(connection: Connection, data: st.DataObject) -> None:
    before = data.draw(contents())
    questionnaire = data.draw(mended(data.draw(edited(before))))
    asked = data.draw(st.lists(about_all(questionnaire.questions), min_size=1, max_size=4))
    crowd = data.draw(st.lists(somebody(questionnaire, before), min_size=1, max_size=6))
    clear(connection)
    keys = [store(connection, number, one) for number, one in enumerate(crowd, 1)]
    assert refresh(connection) == len(keys)
    compiler = Compiler(questionnaire, layout(connection), NOW)
    columns = [column for one in asked for column in (compiler.true(one), compiler.false(one))]
    named = [column.label(f"x{place}") for place, column in enumerate(columns)]
    found = {row[0]: row[1:] for row in connection.execute(select(profile.c.participant_id, *named))}
    for key in keys:
        lookup = in_memory(connection, questionnaire, key)
        for place, condition in enumerate(asked):
            said = compiled(condition)(lookup)
            holds, fails = (bool(one) for one in found[key][2 * place : 2 * place + 2])
            assert (holds, fails) == (said is True, said is False), (condition, key)


async def test_a_condition_means_the_same_in_memory_and_over_everybody(database: Database) -> None:
    await database.run(lambda tx: _agrees(tx))  # type: ignore[call-arg]  # hypothesis gives the rest
