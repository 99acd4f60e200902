"""Who leaves the team leaves its group: the bot removes them, and where it may not, admins read whom to remove."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.roles import Role
from bot.db.threads import threads
from bot.services.deliveries.acts import Out
from bot.services.deliveries.sending import Result
from bot.services.threads import binding
from bot.services.turn import Visitor
from tests.services.staff.people import NewTalk, invited, member, number
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, OTHER, Office, bound


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


def by_hand(office: Office, admin: Talk) -> int:
    """How often an admin reads that Lea has to be removed by hand."""
    return sum("Lea Braun" in words and "von Hand" in words for words in office.texts(admin.chat_id))


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
    assert by_hand(office, boss) == 1
    office.sent.clear()
    office.fate = lambda _: (Result.SENT, None)
    boss.turn(binding.membership, Visitor(GROUP), out=True)
    bound(boss)
    office.send()
    assert put_out(office) == [(GROUP, lea.chat_id)]


def test_from_a_former_group_too_that_was_the_teams_in_their_time(new_talk: NewTalk) -> None:
    boss, lea, office = scene(new_talk)
    boss.now += timedelta(days=1)
    bound(boss, OTHER)
    boss.now += timedelta(days=1)
    late = new_talk()
    late.now, late.name = boss.now, "Ute"
    late.start(invited(late, Role.COUNSELLOR))
    remove(boss, lea)
    remove(boss, late)
    office.send()
    assert sorted(put_out(office)) == sorted([(GROUP, lea.chat_id), (OTHER, lea.chat_id), (OTHER, late.chat_id)])
    assert by_hand(office, boss) == 0


def test_of_a_former_group_that_the_bot_was_thrown_out_of_admins_read_whom_to_remove(new_talk: NewTalk) -> None:
    boss, lea, office = scene(new_talk)
    office.fate = lambda one: (Result.UNREACHABLE, "blocked") if one.due.chat_id == GROUP else (Result.SENT, None)
    boss.now += timedelta(days=1)
    bound(boss, OTHER)
    remove(boss, lea)
    office.send()
    assert (OTHER, lea.chat_id) in put_out(office)
    (words,) = [one for one in office.texts(boss.chat_id) if "von Hand" in one]
    assert "einer früheren Gruppe" in words
    assert "Lea Braun" in words


@pytest.mark.parametrize("again", [True, False])
def test_in_a_group_that_is_lost_at_that_moment_they_are_removed_once_it_is_back_and_admins_know(
    new_talk: NewTalk, *, again: bool
) -> None:
    boss, lea, office = scene(new_talk)
    boss.now += timedelta(days=1)
    boss.turn(binding.membership, Visitor(GROUP), out=True)
    remove(boss, lea)
    office.send()
    assert put_out(office) == []
    assert by_hand(office, boss) == 1
    if again:
        bound(boss)
        office.send()
    assert put_out(office) == ([(GROUP, lea.chat_id)] if again else [])
    assert by_hand(office, boss) == 1
