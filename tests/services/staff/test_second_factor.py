"""A second factor: set up with an app, asked for before what is dangerous, good once, and gone with its member."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select, text

from bot.core.dangers import Danger, SecondFactor
from bot.core.roles import Right, Role, may
from bot.db.schema import delivery
from bot.db.staff import second_factors, staff
from bot.services.audit import Deed
from bot.services.staff.factor import codes, stepping
from bot.services.staff.factor.factor_pages import TIME_TO_SET_UP
from bot.services.staff.verbs import VERBS
from bot.services.turn import Turn
from tests.services.broadcasts import Office, released, team
from tests.services.staff.factor import (
    LATER,
    SOON,
    code,
    deeds,
    factor,
    going,
    press,
    stored,
    strict,
    with_factor,
    wrong_code,
)
from tests.services.staff.people import NewTalk, member, number, row, shown
from tests.services.talk import Talk


@pytest.fixture(autouse=True)
def _no_entries(talk: Talk) -> None:
    talk.table.run(lambda tx: tx.execute(text("DELETE FROM audit_entry")))


def test_without_one_nobody_is_asked_where_the_town_wants_none(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    boss.tap("go.team.0")
    press(boss, "invite.viewer")
    assert "/start team-" in shown(boss)
    assert deeds(boss) == [Deed.INVITED]


def test_who_has_one_is_asked_and_what_they_wanted_is_done_behind_the_code(new_talk: NewTalk) -> None:
    boss = with_factor(member(new_talk))
    boss.command("staff")
    press(boss, "invite.viewer")
    assert "sechs Ziffern aus Ihrer App" in shown(boss)
    assert deeds(boss) == [Deed.FACTOR_SET]
    boss.write(code(boss))
    assert "/start team-" in shown(boss)
    assert deeds(boss) == [Deed.FACTOR_SET, Deed.INVITED]
    boss.now += SOON
    press(boss, "invite.viewer")
    assert deeds(boss)[1:] == [Deed.INVITED, Deed.INVITED], "for ten minutes it was enough"
    boss.now += LATER
    press(boss, "invite.viewer")
    assert deeds(boss)[1:] == [Deed.INVITED, Deed.INVITED]


def test_where_the_town_wants_one_who_has_none_is_led_to_it(new_talk: NewTalk) -> None:
    boss = strict(member(new_talk))
    reply = press(boss, "invite.viewer")
    assert reply.toast is not None
    assert reply.toast.key == "staff.toast.factor_needed"
    assert "factor_begin" in boss.actions
    assert "Änderungen am Team" in shown(boss)
    assert deeds(boss) == []


def test_the_secret_is_sealed_and_every_message_with_it_or_a_code_goes(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    boss.tap("go.factor")
    boss.tap("factor_begin")
    secret = factor(boss).secret
    assert secret in shown(boss).replace(" ", "")
    assert "otpauth://totp/" in shown(boss)
    raw = boss.table.run(lambda tx: tx.execute(text("SELECT secret FROM second_factor")).scalars().all())
    assert all(secret not in one for one in raw)
    card = boss.drawn[-1].message
    boss.write("hello")
    again = boss.drawn[-1].message
    boss.write(code(boss))
    typed = boss._message - 1
    assert secret not in shown(boss).replace(" ", "")
    assert {card, again, typed} <= going(boss)
    boss.tap("factor_written")
    press(boss, "go.factor_new")
    assert secret not in shown(boss).replace(" ", ""), "it is shown until it counts, and never again"
    press(boss, "factor_begin")
    assert factor(boss).secret == secret, "one that counts is not replaced by a tap"


def test_a_secret_that_nobody_confirms_in_time_counts_for_nothing(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    boss.tap("go.factor")
    boss.tap("factor_begin")
    boss.now += TIME_TO_SET_UP
    boss.write(code(boss))
    assert factor(boss).confirmed_at is None
    press(boss, "invite.viewer")
    assert deeds(boss) == [Deed.INVITED]


def test_a_code_is_good_once(new_talk: NewTalk) -> None:
    boss = with_factor(member(new_talk))
    press(boss, "invite.viewer")
    used = code(boss)
    boss.write(used)
    key = number(boss)
    boss.table.run(lambda tx: second_factors.change(tx, key, verified_until=None))
    press(boss, "invite.viewer")
    boss.write(used)
    assert "schon benutzt" in shown(boss)
    boss.write(code(boss, -1))
    assert "schon benutzt" in shown(boss), "nor is an older one that nobody has used"
    assert deeds(boss).count(Deed.INVITED) == 1
    boss.write(code(boss, 1))
    assert deeds(boss).count(Deed.INVITED) == 2


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour_and_are_noted(new_talk: NewTalk) -> None:
    boss = with_factor(member(new_talk))
    press(boss, "invite.viewer")
    for left in (4, 3, 2, 1):
        boss.write(wrong_code(boss))
        assert f"noch {left} Versuch" in shown(boss)
    boss.write(wrong_code(boss))
    assert deeds(boss) == [Deed.FACTOR_SET, Deed.FACTOR_LOCKED]
    boss.write(code(boss))
    assert "wird keiner angenommen" in shown(boss)
    assert Deed.INVITED not in deeds(boss)
    boss.now += stepping.LOCKED
    boss.write(code(boss))
    assert deeds(boss)[-1] == Deed.INVITED


def test_words_that_are_no_code_count_as_no_try(new_talk: NewTalk) -> None:
    boss = with_factor(member(new_talk))
    press(boss, "invite.viewer")
    for words in ("hello", "12345", "1234567", "12345a"):
        boss.write(words)
        assert "weder sechs Ziffern" in shown(boss)
        assert boss._message - 1 in going(boss), "it was to be a code"
    assert factor(boss).wrong == 0


def test_a_role_that_is_taken_between_asking_and_the_code_is_gone(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), with_factor(member(new_talk))
    press(other, "invite.viewer")
    boss.command("staff")
    press(boss, f"role.{number(other)}.coordinator")
    reply = other.write(code(other))
    assert reply.toast is not None
    assert reply.toast.key == "staff.toast.no_right"
    assert Deed.INVITED not in deeds(boss)


def test_who_leaves_leaves_no_secret_and_comes_back_without(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), with_factor(member(new_talk))
    key = number(other)
    boss.command("staff")
    press(boss, f"remove.{key}")
    assert boss.table.run(lambda tx: second_factors.load(tx, key)) is None
    found = row(other)
    assert found is not None
    assert found.removed_at is not None


def test_another_admin_switches_it_off_for_who_lost_the_phone_and_they_are_told(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), with_factor(member(new_talk))
    boss.command("staff")
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(other)}")
    assert "Zweiter Faktor seit" in shown(boss)
    boss.tap(f"factor_reset.{number(other)}")
    assert stored(other) is None
    assert deeds(boss) == [Deed.FACTOR_SET, Deed.FACTOR_RESET]
    told = select(delivery.c.text_key).where(delivery.c.chat_id == other.chat_id)
    assert boss.table.run(lambda tx: tx.execute(told).scalars().all())[-1] == "staff.notice.factor_reset"
    press(other, f"factor_reset.{number(other)}")
    press(other, "invite.viewer")
    assert deeds(boss)[-1] == Deed.INVITED, "nobody asks for a code of theirs any more"


def test_to_switch_ones_own_off_takes_a_code(new_talk: NewTalk) -> None:
    boss = with_factor(member(new_talk))
    boss.tap("factor_drop")
    assert factor(boss).confirmed_at is not None
    boss.write(code(boss))
    assert stored(boss) is None


def test_a_file_comes_behind_the_code_and_the_page_stands_below(new_talk: NewTalk) -> None:
    boss = with_factor(member(new_talk))
    boss.command("staff")
    press(boss, "go.audit.all.-.0")
    press(boss, "audit_book")
    assert "sechs Ziffern" in shown(boss)
    reply = boss.write(code(boss))
    assert reply.file is not None
    assert reply.file.name.startswith("protokoll-")
    assert "audit_book" in boss.actions


@pytest.mark.parametrize(("over", "asked"), [(2, True), (4, False)])
def test_a_message_to_many_takes_a_code_and_one_to_few_does_not(post: Office, over: int, *, asked: bool) -> None:
    def concerns(turn: Turn) -> bool:
        key = released(turn.connection, turn.content, {"de": "Hallo", "ar": "Hallo"})
        rita = team(turn.connection)
        second_factors.begin(turn.connection, rita.id, codes.new_secret(), turn.now)
        second_factors.change(turn.connection, rita.id, confirmed_at=turn.now)
        mine = second_factors.confirmed(turn.connection, rita.id)
        town = replace(turn.content.town, second_factor=SecondFactor(broadcast_over=over))
        here = replace(turn, content=replace(turn.content, town=town))
        assert stepping.size_of(here, str(key)) == 4
        return stepping.concerns(here, Danger.BROADCAST, ("send", str(key)), mine)

    assert post.run(concerns) is asked


def test_whoever_may_do_something_dangerous_can_set_one_up() -> None:
    dangerous = {one.right for one in VERBS.values() if one.danger is not None}
    assert {one.danger for one in VERBS.values()} >= set(Danger)
    for role in Role:
        assert may(role, Right.SEND) or not any(may(role, right) for right in dangerous), role


RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of the test values of RFC 6238, in base32."""


@pytest.mark.parametrize(
    ("second", "digits"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(second: int, digits: str) -> None:
    assert codes.at(RFC_SECRET, second // codes.SECONDS) == digits


def test_names_are_written_as_every_app_reads_them() -> None:
    line = codes.address(RFC_SECRET, "Änne M. + Co", "Sprache Minden")
    assert line.startswith("otpauth://totp/Sprache%20Minden:%C3%84nne%20M.%20%2B%20Co?")
    assert "issuer=Sprache%20Minden" in line


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(steps: int, *, good: bool) -> None:
    now = datetime.fromisoformat("2026-11-27T09:00:00+00:00")
    here = int(now.timestamp()) // codes.SECONDS
    found = codes.step_of(RFC_SECRET, codes.at(RFC_SECRET, here + steps), now)
    assert found == (here + steps if good else None)


@pytest.mark.parametrize(
    ("typed", "meant"), [("005 924", "005924"), ("٠٠٥٩٢٤", "005924"), ("5924", None), ("a05924", None), ("", None)]
)
def test_a_code_may_be_typed_with_spaces_and_in_any_digits(typed: str, meant: str | None) -> None:
    assert codes.read(typed) == meant


def test_members_are_not_asked_for_each_others_codes(new_talk: NewTalk) -> None:
    one, two = with_factor(member(new_talk)), with_factor(member(new_talk))
    press(one, "invite.viewer")
    one.write(code(two))
    assert "noch 4 Versuche" in shown(one)
    assert one.table.run(lambda tx: len(staff.active(tx, one.now))) == 2
