"""A condition over everybody says of each person what it says in memory, whatever was answered and is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, case, select

from bot.content.loader import Content
from bot.core.conditions import Condition, Fact, Not, Test, compiled
from bot.core.inputs import Answer, Status
from bot.core.questionnaire import Kind, Option, Question, Questionnaire, Rule
from bot.db.audience import answers, compiling, deciding
from bot.db.audience.compiling import Crowd
from bot.db.audience.keeping import layout, refresh
from bot.db.engine import Database
from bot.db.schema import profile
from tests.amounts import NIGHTLY, amount
from tests.content.edits import edited
from tests.core.changing import contents, mended
from tests.db.audience.crowds import Somebody, about_all, clear, in_memory, somebody, store
from tests.db.rows import NOW

WANTED = amount("AUDIENCES")
"""So many examples; others in every run at night, else always the same."""


def _agrees(connection: Connection, data: st.DataObject) -> None:
    before = data.draw(contents())
    questionnaire = data.draw(mended(data.draw(edited(before))))
    asked = data.draw(st.lists(about_all(questionnaire.questions), min_size=1, max_size=4))
    crowd = data.draw(st.lists(somebody(questionnaire, before), min_size=1, max_size=6))
    _compare(connection, questionnaire, crowd, asked)


def _compare(
    connection: Connection, questionnaire: Questionnaire, crowd: Sequence[Somebody], asked: Sequence[Condition]
) -> None:
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


@pytest.mark.parametrize("rule_by_rule", [False, True], ids=["tree", "rules"])
async def test_a_computed_value_means_the_same_by_a_tree_and_rule_by_rule(
    database: Database, monkeypatch: pytest.MonkeyPatch, rule_by_rule: bool
) -> None:
    if rule_by_rule:
        monkeypatch.setattr(compiling, "tree", lambda *_: None)
    levels, signs = ("A", "B", "C"), ("yes", "no")
    scale = Question("level", "", Kind.SCALE, "", "", "", options=tuple(map(Option, levels)))
    paper = Question("paper", "", Kind.YES_NO, "", "", "", options=tuple(map(Option, signs)))
    rules = (Rule("C", None, Fact("paper", Test.IS, "yes")), Rule(None, "level", None))
    reached = replace(scale, id="reached", kind=Kind.COMPUTED, rules=rules)
    at_least = Fact("reached", Test.AT_LEAST, "B", levels)
    asked: list[Condition] = [
        at_least,
        Not(at_least),
        Fact("reached", Test.IS, "C"),
        Fact("reached", Test.ANSWERED, False),
    ]
    crowd = []
    for level, sign in product((None, *levels), (None, *signs)):
        said = {name: Answer(Status.GIVEN, one) for name, one in (("level", level), ("paper", sign)) if one}
        crowd.append(Somebody(said, dict.fromkeys(said, NOW)))
    questionnaire = Questionnaire((), (scale, paper, reached))
    await database.run(lambda tx: _compare(tx, questionnaire, crowd, asked))


def test_what_the_town_computes_is_a_tree_of_few_answers(content: Content) -> None:
    """Without one the rules are compiled, which means the same and takes the database longer."""
    computed = [one.id for one in content.questionnaire.questions if one.kind is Kind.COMPUTED]
    trees = [deciding.tree(content.questionnaire, one, lambda level: level == "B1") for one in computed]
    assert trees
    assert all(isinstance(one, deciding.Branch) for one in trees)
