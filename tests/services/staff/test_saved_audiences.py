"""Audiences with names: kept, used again, called otherwise, thrown away; what is gone is used by nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.core.roles import Role
from bot.db.broadcasts import broadcasts, saved_audiences
from bot.db.broadcasts.saved_audiences import Saved
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.staff.test_second_look import press
from tests.services.talk import Table, Talk

B1 = {"with": {"german_level": ["B1"]}}


@pytest.fixture(autouse=True)
def none_saved(table: Table) -> None:
    table.run(lambda tx: tx.exec_driver_sql("DELETE FROM saved_audience"))


@pytest.fixture
def boss(new_talk: NewTalk) -> Talk:
    return member(new_talk, Role.COORDINATOR, "Rita")


def draft(talk: Talk, audience: Mapping[str, object]) -> int:
    key = number(talk)

    def fill(connection: Connection) -> int:
        later = talk.now + timedelta(days=7)
        return broadcasts.create(connection, key, talk.now, last_useful_at=later, audience=audience)

    return talk.table.run(fill)


def audience_of(talk: Talk, one: int) -> object:
    found = talk.table.run(lambda tx: broadcasts.load(tx, one))
    assert found is not None
    return found.audience


def saved(talk: Talk) -> list[Saved]:
    return talk.table.run(saved_audiences.listed)


def keep(talk: Talk, audience: Mapping[str, object]) -> Callable[[str], int]:
    def named(name: str) -> int:
        key = number(talk)
        return talk.table.run(lambda tx: saved_audiences.save(tx, name, audience, key, talk.now))

    return named


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN])
@pytest.mark.parametrize("text", ["paper: yes", "any:\n- support: {includes: childcare}\n- german_level: B1"])
def test_what_a_role_may_not_see_it_may_not_count_by_pasting(new_talk: NewTalk, role: Role, text: str) -> None:
    member_of_team = member(new_talk, role, "Rita")
    one = draft(member_of_team, {})
    press(member_of_team, f"go.audience.{one}.0")
    member_of_team.write(text)
    if role is Role.COORDINATOR:
        assert "Ihre Rolle darf danach nicht suchen" in shown(member_of_team)
        assert audience_of(member_of_team, one) == {}
    else:
        assert audience_of(member_of_team, one)


def test_an_audience_is_saved_by_its_name_and_used_for_another_message(boss: Talk) -> None:
    first, second = draft(boss, B1), draft(boss, {})
    press(boss, f"go.audience.{first}.0")
    boss.tap(f"go.keep.{first}")
    boss.write("  Leute mit\nB1 ")
    assert [(one.name, one.audience) for one in saved(boss)] == [("Leute mit B1", B1)]
    assert "Leute mit B1" in shown(boss)
    press(boss, f"go.audience.{second}.0")
    boss.tap(f"go.groups.{second}.0")
    boss.tap(f"go.group.{second}.{saved(boss)[0].id}")
    boss.tap(f"use_group.{second}.{saved(boss)[0].id}")
    assert audience_of(boss, second) == B1


def test_the_same_name_takes_the_place_of_the_old_one_and_a_taken_one_is_refused(boss: Talk) -> None:
    one = draft(boss, B1)
    first, other = keep(boss, {})("Alle"), keep(boss, B1)("B1")
    press(boss, f"go.keep.{one}")
    boss.write("Alle")
    assert {entry.id: entry.audience for entry in saved(boss)} == {first: B1, other: B1}
    press(boss, f"go.rename.{one}.{other}")
    boss.write("Alle")
    assert "So heißt schon eine andere" in shown(boss)
    boss.write("Mit B1")
    assert sorted(entry.name for entry in saved(boss)) == ["Alle", "Mit B1"]
    boss.write("x" * 61)
    assert sorted(entry.name for entry in saved(boss)) == ["Alle", "Mit B1"]


@pytest.mark.parametrize(
    "gone",
    [
        {"with": {"was_there_once": ["B1"]}},
        {"with": {"german_level": ["B1", "D9"]}},
        {"pasted": "was_there_once: yes"},
    ],
)
def test_one_whose_question_or_answer_is_gone_says_so_and_is_never_used(
    boss: Talk, gone: Mapping[str, object]
) -> None:
    one, key = draft(boss, B1), keep(boss, gone)("Früher")
    press(boss, f"go.group.{one}.{key}")
    assert "kann nicht benutzt werden" in shown(boss)
    assert f"use_group.{one}.{key}" not in boss.actions
    press(boss, f"use_group.{one}.{key}")
    assert audience_of(boss, one) == B1
    press(boss, f"drop_group.{one}.{key}")
    assert saved(boss) == []


def test_what_a_message_was_made_with_stays_when_the_saved_one_goes(boss: Talk) -> None:
    one, key = draft(boss, {}), keep(boss, B1)("B1")
    press(boss, f"use_group.{one}.{key}")
    press(boss, f"drop_group.{one}.{key}")
    assert audience_of(boss, one) == B1
