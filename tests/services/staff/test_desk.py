"""The desk of the team: who may do what is decided when a button is pressed, and nobody else gets in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.roles import UNUSED, Role, Standing, may
from bot.db.schema import delivery, staff
from bot.services import places
from bot.services.buttons import of_card
from bot.services.staff import pages, verbs
from bot.services.staff.page import GO
from bot.services.staff.text_keys import NEEDED
from tests.services.limits import check
from tests.services.staff.every_button import every_button, others, press
from tests.services.staff.people import NewTalk, invited, member, number, row, shown
from tests.services.talk import Talk

OUTSIDERS = ("never", "removed", "waiting", "dormant")


@pytest.mark.parametrize("role", Role)
def test_every_button_with_every_role_does_what_the_table_of_rights_says(new_talk: NewTalk, role: Role) -> None:
    member(new_talk)
    every = every_button(new_talk, number(member(new_talk, Role.TEACHER)))
    me = member(new_talk, role)
    before = others(me, me)
    for action, right in every:
        with me.trying():
            reply = press(me, action)
            if may(role, right):
                assert reply.toast is None or reply.toast.key != "staff.toast.no_right", action
                assert reply.card is not None or reply.file is not None, action
                if reply.card is not None:
                    check(me.content, reply.card, "de")
            else:
                assert reply.toast is not None, action
                assert reply.toast.key == "staff.toast.no_right", action
                assert others(me, me) == before, action


@pytest.mark.parametrize("who", OUTSIDERS)
def test_every_button_is_refused_to_whoever_is_not_in_the_team(new_talk: NewTalk, who: str) -> None:
    member(new_talk)
    every = every_button(new_talk, number(member(new_talk, Role.TEACHER)))
    me = outsider(new_talk, who)
    before = others(me, me)
    for action, _ in every:
        with me.trying():
            assert press(me, action).toast is not None, action
            assert others(me, me) == before, action
            assert "Rolle" not in shown(me) or who == "waiting", action


def outsider(new_talk: NewTalk, who: str) -> Talk:
    """Somebody with a staff card before them that is theirs no more, or never was."""
    if who == "waiting":
        me, boss = new_talk(), member(new_talk)
        me.start(invited(me, Role.ADMIN, by=boss))
        return me
    if who == "never":
        me = new_talk()
        me.start()
        return me
    me = member(new_talk)
    column = {"removed": {"removed_at": me.now}, "dormant": {"seen_at": me.now - UNUSED - timedelta(days=1)}}[who]
    me.table.run(lambda tx: tx.execute(staff.update().where(staff.c.person_id == me.chat_id).values(**column)))
    return me


def test_removed_in_the_same_moment_the_next_tap_is_refused_and_the_card_is_gone(new_talk: NewTalk) -> None:
    boss, former = member(new_talk), member(new_talk)
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(former)}")
    boss.tap(f"go.remove.{number(former)}")
    gone = number(former)
    reply = boss.tap(f"remove.{gone}")
    assert [(one.chat_id, one.role) for one in reply.menus] == [(former.chat_id, None)]
    refused = former.tap("go.team.0")
    assert refused.toast is not None
    assert refused.toast.key == "staff.toast.not_staff"
    assert former.place == places.LANGUAGE
    assert "Team" not in shown(former)
    former.command("staff")
    assert former.place == places.LANGUAGE
    assert row(former) is not None


def test_removed_staff_who_types_or_comes_back_sees_no_staff_card(new_talk: NewTalk) -> None:
    for act in ("write", "owed"):
        me = outsider(new_talk, "removed")
        if act == "write":
            me.write("Team")
        else:
            from bot.services.upkeep import show_again  # noqa: PLC0415

            me.arrives = False
            me.command("unknown")
            me.arrives = True
            reply = me.turn(show_again, me.visitor)
            assert reply is not None
            me.see(reply)
        assert me.place == places.LANGUAGE
        assert "Team" not in shown(me)


def test_an_admin_confirms_and_the_new_one_hears_of_it(new_talk: NewTalk) -> None:
    boss, new = member(new_talk), new_talk()
    new.name = "Lea"
    new.start(invited(new, Role.COUNSELLOR, by=boss))
    boss.command("staff")
    assert "1 Person wartet" in shown(boss)
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(new)}")
    assert "Lea" in shown(boss)
    assert "frei gewählt" in shown(boss)
    reply = boss.tap(f"confirm.{number(new)}")
    found = row(new)
    assert found is not None
    assert found.standing(boss.now) is Standing.ACTIVE
    assert [(one.chat_id, one.role) for one in reply.menus] == [(new.chat_id, Role.COUNSELLOR)]
    told = boss.table.run(
        lambda tx: tx.execute(select(delivery.c.text_key).where(delivery.c.chat_id == new.chat_id)).scalars().all()
    )
    assert told == ["staff.notice.confirmed"]
    new.command("staff")
    assert "Beratung" in shown(new)
    assert not any(action.startswith("go.team") for action in new.actions)


def test_an_admin_refuses_and_the_other_never_was_in(new_talk: NewTalk) -> None:
    boss, new = member(new_talk), new_talk()
    new.start(invited(new, by=boss))
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(new)}")
    boss.tap(f"refuse.{number(new)}")
    new.command("staff")
    assert new.place == places.LANGUAGE


def test_a_changed_role_counts_at_the_next_press_of_an_old_card(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), member(new_talk)
    other.tap("go.team.0")
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(other)}")
    boss.tap(f"go.role.{number(other)}")
    reply = boss.tap(f"role.{number(other)}.teacher")
    assert [(one.chat_id, one.role) for one in reply.menus] == [(other.chat_id, Role.TEACHER)]
    refused = other.tap("go.invite")
    assert refused.toast is not None
    assert refused.toast.key == "staff.toast.no_right"
    assert "Lehrkraft" in shown(other)


@pytest.mark.parametrize("deed", ["remove", "role"])
def test_the_last_admin_stays(new_talk: NewTalk, deed: str) -> None:
    boss, away = member(new_talk), outsider(new_talk, "dormant")
    me = number(boss)
    boss.tap("go.team.0")
    boss.tap(f"go.member.{me}")
    boss.tap(f"go.{deed}.{me}")
    reply = boss.tap(f"remove.{me}" if deed == "remove" else f"role.{me}.viewer")
    assert reply.toast is not None
    assert reply.toast.key == "staff.toast.last_admin"
    found = row(boss)
    assert found is not None
    assert (found.role, found.removed_at) == (Role.ADMIN, None)
    assert row(away) is not None


def test_an_admin_who_is_not_the_last_may_go(new_talk: NewTalk) -> None:
    member(new_talk)
    me = member(new_talk)
    boss = number(me)
    me.tap("go.team.0")
    me.tap(f"go.member.{boss}")
    me.tap(f"go.remove.{boss}")
    me.tap(f"remove.{boss}")
    assert me.place == places.LANGUAGE
    found = row(me)
    assert found is not None
    assert found.standing(me.now) is Standing.REMOVED


def test_who_was_away_for_long_is_let_in_again_by_an_admin(new_talk: NewTalk) -> None:
    boss, away = member(new_talk), outsider(new_talk, "dormant")
    away.command("staff")
    assert "Ihr Zugang ruht" in shown(away)
    boss.tap("go.team.0")
    boss.tap(f"go.member.{number(away)}")
    boss.tap(f"confirm.{number(away)}")
    away.command("staff")
    assert "Ihre Rolle: Admin" in shown(away)


def test_the_link_stands_on_one_card_only(new_talk: NewTalk) -> None:
    boss, new = member(new_talk), new_talk()
    boss.tap("go.team.0")
    boss.tap("go.invite")
    boss.tap("invite.teacher")
    payload = shown(boss).split("/start ")[1].split()[0]
    boss.tap("go.team.0")
    boss.tap("go.invite")
    assert payload not in shown(boss)
    new.start(payload)
    found = row(new)
    assert found is not None
    assert found.role is Role.TEACHER


def test_many_members_stand_on_several_pages(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    people = {number(member(new_talk, Role.VIEWER, name=f"Person {n:02}")) for n in range(20)} | {number(boss)}
    boss.tap("go.team.0")
    seen = set[int]()
    for page in range(1, 4):
        seen |= {int(one.rpartition(".")[2]) for one in boss.actions if one.startswith("go.member.")}
        if f"go.team.{page}" in boss.actions:
            boss.tap(f"go.team.{page}")
    assert seen == people


def test_a_label_may_be_typed(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    boss.write("Team")
    assert "Das Team" in shown(boss)


def test_a_page_that_is_gone_or_never_was_is_the_home_page(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    for page in ("member.999", "member.99999999999999", "teams.0"):
        press(boss, f"go.{page}")
        assert "Ihre Rolle: Admin" in shown(boss), page
        assert "Das gibt es hier nicht mehr." in shown(boss), page


@pytest.mark.parametrize(
    "action", ["go", "go.nowhere", "go.team", "go.home.1", "role.1", "invite.owner", "remove", "x"]
)
def test_what_no_card_offers_is_answered_with_a_word(new_talk: NewTalk, action: str) -> None:
    boss = member(new_talk)
    before = others(boss, boss)
    newest = boss.drawn[-1]
    reply = boss.tap_data(of_card(newest.card.version) + action, newest.message)
    assert reply.card is None
    assert reply.toast is not None
    assert others(boss, boss) == before


def test_every_entry_of_the_home_page_leads_to_a_page_that_needs_the_same_right() -> None:
    assert pages.ENTRIES
    for entry in pages.ENTRIES:
        name, *arguments = entry.page.split(".")
        assert (pages.PAGES[name].right, pages.PAGES[name].arguments) == (entry.right, len(arguments))
        assert entry.label in NEEDED
    assert GO not in verbs.VERBS


def test_everything_is_german_in_a_chat_of_another_language(new_talk: NewTalk) -> None:
    talk = new_talk()
    talk.start()
    talk.tap("lang.ar")
    reply = talk.start(invited(talk))
    assert reply.language == "de"
    assert [one.language for one in reply.menus] == ["ar"]

    assert shown(talk).startswith("Willkommen im Team")
    talk.command("language")
    changed = talk.tap("lang.fr")
    assert [(one.language, one.role) for one in changed.menus] == [("fr", Role.ADMIN)]
