"""Invitations: opened once, by a person, in time; everything else is answered and changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.core.roles import Role, Standing
from bot.db import audit
from bot.db.audit import Filter
from bot.db.schema import chat, delivery, invitation
from bot.services import places
from bot.services.audit import actor_of
from bot.services.staff import links
from bot.services.staff.members import inviting
from bot.services.turn import Visitor
from tests.services.staff.people import NewTalk, clear, invited, member, number, row, shown
from tests.services.talk import Talk

DAY = timedelta(days=1)


def stored(talk: Talk) -> str:
    """All that is kept of invitations, as words."""
    return str(talk.table.run(lambda tx: tx.execute(select(invitation)).all()))


def test_a_link_ends_in_a_sign_that_every_program_takes_as_part_of_it() -> None:
    made = {links.new("team") for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(one[-1].isalnum() for one in made)
    assert all(re.fullmatch(r"team-[A-Za-z0-9_-]{32}", one) for one in made)


def test_the_first_admin_is_in_at_once_without_language_or_consent(talk: Talk) -> None:
    payload = invited(talk)
    reply = talk.start(payload)
    found = row(talk)
    assert found is not None
    assert (found.role, found.name, found.standing(talk.now)) == (Role.ADMIN, "Anna", Standing.ACTIVE)
    assert talk.place == places.STAFF
    assert "Willkommen im Team, Anna!" in shown(talk)
    assert "Admin" in shown(talk)
    assert talk.participant() is None
    assert [(one.chat_id, one.role) for one in reply.menus] == [(talk.chat_id, Role.ADMIN)]


def test_only_a_hash_of_it_is_kept(talk: Talk) -> None:
    payload = invited(talk)
    assert len(payload) <= 64
    assert inviting._PAYLOAD.fullmatch(payload)
    assert links.BYTES * 8 >= 128
    assert payload not in stored(talk)
    assert payload.removeprefix("team-") not in stored(talk)


def test_used_twice_it_is_good_once(new_talk: NewTalk) -> None:
    one, two = new_talk(), new_talk()
    payload = invited(one)
    one.start(payload)
    two.start(payload)
    assert row(two) is None
    assert two.chat() is None, "nothing is kept of a stranger by it"
    assert "schon benutzt" in shown(two)


def test_after_a_day_it_is_over(new_talk: NewTalk) -> None:
    late, last = new_talk(), new_talk()
    payload, other = invited(late), invited(last)
    last.now += DAY - timedelta(seconds=2)
    last.start(other)
    assert row(last) is not None
    late.now += DAY
    late.start(payload)
    assert row(late) is None
    assert "gilt nicht mehr" in shown(late)


def test_an_unknown_one_is_an_ordinary_start_and_is_not_kept(talk: Talk) -> None:
    payload = invited(talk)
    talk.start(payload[:-1] + ("A" if payload[-1] != "A" else "B"))
    known = talk.chat()
    assert known is not None
    assert known.source is None
    assert talk.place == places.LANGUAGE
    assert row(talk) is None


def test_another_payload_is_a_source_as_ever(talk: Talk) -> None:
    talk.start("jobcenter")
    known = talk.chat()
    assert known is not None
    assert known.source == "jobcenter"


@settings(max_examples=300)
@given(payload=st.one_of(st.text(max_size=80), st.from_regex(r"team-[A-Za-z0-9_-]{32}", fullmatch=True)))
def test_nobody_guesses_one(table: object, content: object, payload: str) -> None:
    talk = Talk(table, content, next(table.chat_ids))  # type: ignore[arg-type, attr-defined]
    invited(talk)
    talk.start(payload)
    assert row(talk) is None


@pytest.mark.parametrize("person", [None, 77])
def test_a_bot_or_somebody_elses_chat_cannot_open_it(talk: Talk, person: int | None) -> None:
    payload = invited(talk)
    visitor = Visitor(talk.chat_id, "de", person, "Bot")
    reply = talk.turn(inviting.start, visitor, payload)
    assert reply.card is not None
    assert not reply.card.kept
    assert row(talk) is None
    talk.start(payload)
    assert row(talk) is not None, "it is still good for a person"


def test_whom_an_admin_invites_waits_and_the_admins_hear_of_it(new_talk: NewTalk) -> None:
    boss, second, new = member(new_talk), member(new_talk), new_talk()
    new.name = "Lea \u202e<b>x</b>\n" + "y" * 100
    reply = new.start(invited(new, Role.TEACHER, by=boss))
    found = row(new)
    assert found is not None
    assert (found.role, found.standing(new.now)) == (Role.TEACHER, Standing.WAITING)
    assert "muss Sie noch bestätigen" in shown(new)
    assert "Eingeladen von: Anna" in shown(new)
    assert len(found.name) == 64
    assert "\u202e" not in found.name
    assert "\n" not in found.name
    assert not new.actions
    assert reply.menus == ()
    told = new.table.run(lambda tx: tx.execute(select(delivery.c.chat_id, delivery.c.params)).all())
    assert {one.chat_id for one in told} == {boss.chat_id, second.chat_id}
    assert "Lea" not in str(told)


def test_who_is_in_the_team_already_does_not_use_it_up(new_talk: NewTalk) -> None:
    boss, new = member(new_talk), new_talk()
    payload = invited(boss, Role.VIEWER, by=boss)
    boss.start(payload)
    found = row(boss)
    assert found is not None
    assert found.role is Role.ADMIN
    assert "gehören schon zum Team" in shown(boss)
    new.start(payload)
    assert row(new) is not None


def test_the_command_line_makes_a_member_an_admin_again(new_talk: NewTalk) -> None:
    lea = member(new_talk, Role.TEACHER)
    lea.start(invited(lea, Role.ADMIN))
    found = row(lea)
    assert found is not None
    assert found.role is Role.ADMIN


@pytest.mark.parametrize("fate", ["removed", "demoted", "away"])
def test_an_invitation_of_somebody_who_may_not_invite_any_more_is_over(new_talk: NewTalk, fate: str) -> None:
    boss, former, new = member(new_talk), member(new_talk), new_talk()
    payload = invited(former, Role.ADMIN, by=former)
    boss.command("staff")
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(former)}")
    if fate == "removed":
        boss.tap(f"go.remove.{number(former)}")
        boss.tap(f"remove.{number(former)}")
    elif fate == "demoted":
        boss.tap(f"go.role.{number(former)}")
        boss.tap(f"role.{number(former)}.viewer")
    else:
        sql = f"UPDATE staff SET seen_at = '2026-01-01 00:00:00.000000' WHERE person_id = {former.chat_id}"  # noqa: S608
        former.table.run(lambda tx: tx.exec_driver_sql(sql))
    new.start(payload)
    assert row(new) is None
    assert "gilt nicht mehr" in shown(new)


def test_a_participant_who_becomes_staff_stays_one(new_talk: NewTalk) -> None:
    talk = new_talk()
    talk.finish()
    before = talk.answers()
    talk.start(invited(talk))
    assert talk.place == places.STAFF
    assert talk.answers() == before
    talk.start()
    assert talk.place == places.DONE


def test_forgetting_oneself_erases_the_participant_and_not_the_place_in_the_team(new_talk: NewTalk) -> None:
    talk = new_talk()
    talk.finish()
    talk.start(invited(talk))
    talk.command("forget")
    talk.tap("forget")
    assert talk.table.run(lambda tx: tx.execute(select(chat).where(chat.c.id == talk.chat_id)).all()) == []
    assert row(talk) is not None
    talk.command("staff")
    assert talk.place == places.STAFF
    assert talk.participant() is None


def test_an_empty_team_is_nobody(talk: Talk) -> None:
    clear(talk)
    talk.start()
    talk.command("staff")
    assert talk.place == places.LANGUAGE


def test_who_opens_an_invitation_is_in_the_audit_trail_with_the_role(new_talk: NewTalk) -> None:
    boss, teacher = member(new_talk), new_talk()
    teacher.start(invited(teacher, Role.TEACHER, by=boss))

    def joined(talk: Talk) -> list[tuple[str, str]]:
        which = Filter(actor=actor_of(number(talk)))
        return [(one.deed, one.what) for one in talk.table.run(lambda tx: audit.entries(tx, which, 0, 9))]

    assert joined(boss) == [("joined", "role admin")]
    assert joined(teacher) == [("joined", "role teacher")]
