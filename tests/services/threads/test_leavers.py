"""Who leaves the team leaves its group: the bot removes them, and where it may not, admins read whom to remove."""

from __future__ import annotations

import pytest

from bot.core.roles import Role
from bot.db.threads import threads
from bot.services.deliveries.acts import Out
from bot.services.deliveries.sending import Result
from bot.services.threads import binding
from bot.services.turn import Visitor
from tests.services.staff.people import NewTalk, invited, member, number
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, bound


def scene(new_talk: NewTalk, *, group: bool = True) -> tuple[Talk, Talk, Office]:
    """An admin, a counsellor, and the sender."""
    boss, lea = member(new_talk), member(new_talk, Role.COUNSELLOR, "Lea Braun")
    if group:
        bound(boss)
    return boss, lea, Office(boss)


def remove(boss: Talk, whom: Talk) -> None:
    boss.command("staff")
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(whom)}")
    boss.tap(f"go.remove.{number(whom)}")
    boss.tap(f"remove.{number(whom)}")


def put_out(office: Office) -> list[tuple[int, int]]:
    """Who was removed, from which group."""
    return [(one.due.chat_id, one.act.person) for one in office.sent if isinstance(one.act, Out)]


def test_who_is_removed_from_the_team_is_removed_from_its_group(new_talk: NewTalk) -> None:
    boss, lea, office = scene(new_talk)
    remove(boss, lea)
    office.send()
    assert put_out(office) == [(GROUP, lea.chat_id)]


def test_who_leaves_by_themselves_is_removed_from_it_too(new_talk: NewTalk) -> None:
    boss, _, office = scene(new_talk)
    member(new_talk, Role.ADMIN, "Eva")
    remove(boss, boss)
    office.send()
    assert put_out(office) == [(GROUP, boss.chat_id)]


def test_without_a_group_nothing_is_planned(new_talk: NewTalk) -> None:
    boss, lea, office = scene(new_talk, group=False)
    remove(boss, lea)
    office.send()
    assert put_out(office) == []


def test_who_has_come_back_by_then_stays_in_the_group(new_talk: NewTalk) -> None:
    boss, lea, office = scene(new_talk)
    remove(boss, lea)
    lea.start(invited(lea, Role.TEACHER))
    office.send()
    assert put_out(office) == []


@pytest.mark.parametrize("code", ["no_rights", "BadRequest"])
def test_where_the_bot_may_not_every_admin_reads_whom_to_remove_by_hand(new_talk: NewTalk, code: str) -> None:
    boss, lea, office = scene(new_talk)
    eva, ute = member(new_talk, Role.ADMIN, "Eva"), member(new_talk, Role.COUNSELLOR, "Ute")
    office.fate = lambda one: (Result.REFUSED, code) if isinstance(one.act, Out) else (Result.SENT, None)
    remove(boss, lea)
    office.send()
    for admin in (boss, eva):
        assert [words for words in office.texts(admin.chat_id) if "Lea Braun" in words and "von Hand" in words]
    assert not any("von Hand" in words for one in (lea, ute) for words in office.texts(one.chat_id))
    assert boss.table.run(threads.group) == GROUP, "the group goes on"


def test_in_a_group_that_was_away_they_are_removed_when_it_is_there_again(new_talk: NewTalk) -> None:
    boss, lea, office = scene(new_talk)
    office.fate = lambda one: (Result.UNREACHABLE, "blocked") if isinstance(one.act, Out) else (Result.SENT, None)
    remove(boss, lea)
    office.send()
    office.sent.clear()
    office.fate = lambda _: (Result.SENT, None)
    boss.turn(binding.membership, Visitor(GROUP), out=True)
    bound(boss)
    office.send()
    assert put_out(office) == [(GROUP, lea.chat_id)]
