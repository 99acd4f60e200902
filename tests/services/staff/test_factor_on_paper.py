"""Codes on paper beside the app, and the picture to scan: shown once, good once, and gone from the chat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.core import paper_code
from bot.core.paper import Scan
from bot.db.schema import delivery
from bot.db.staff import second_factors
from bot.services import upkeep
from bot.services.audit import Deed
from bot.services.deliveries.stored_screen import from_row
from bot.services.staff.factor import factor_deeds
from bot.services.staff.factor.factor_pages import TIME_TO_SET_UP
from tests.services.staff.factor import LATER, code, deeds, factor, going, on_paper, press, stored, with_factor
from tests.services.staff.people import NewTalk, member, shown
from tests.services.talk import Talk


@pytest.fixture(autouse=True)
def _no_entries(talk: Talk) -> None:
    talk.table.run(lambda tx: tx.execute(text("DELETE FROM audit_entry")))


def set_up(talk: Talk) -> list[str]:
    """The member sets one up; the codes on paper that they are shown, ten minutes later."""
    talk.command("staff")
    talk.tap("go.factor")
    talk.tap("factor_begin")
    talk.write(code(talk))
    talk.now += LATER
    return on_paper(talk)


def told(talk: Talk) -> list[str]:
    """What the member is told by itself about codes on paper."""
    wanted = select(delivery.c.text_key, delivery.c.params).where(delivery.c.chat_id == talk.chat_id)
    every = [from_row(*one) for one in talk.table.run(lambda tx: tx.execute(wanted.order_by(delivery.c.id)).all())]
    said = [talk.content.texts.render("de", one).text for one in every]
    return [one for one in said if "vom Papier" in one]


def test_eight_codes_on_paper_are_shown_once_and_kept_as_hashes(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    new = set_up(boss)
    assert len(set(new)) == factor_deeds.SPARE == 8
    raw = str(boss.table.run(lambda tx: tx.execute(text("SELECT * FROM second_factor")).all()))
    assert not [one for one in new if one in raw or one.replace("-", "") in raw]
    card = boss.drawn[-1].message
    boss.tap("factor_written")
    assert card in going(boss)
    assert boss.drawn[-1].message != card
    assert on_paper(boss) == []
    assert "noch 8 Codes" in shown(boss)


def test_codes_on_paper_go_from_the_chat_however_their_page_is_left(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    set_up(boss)
    card = boss.drawn[-1].message
    boss.command("staff")
    assert on_paper(boss) == []
    assert card in going(boss)


def test_a_code_on_paper_is_good_once_noted_and_told(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    first, second, *_ = set_up(boss)
    boss.command("staff")
    press(boss, "invite.viewer")
    assert "Codes vom Papier" in shown(boss)
    boss.write(first.lower().replace("-", " "))
    typed = boss._message - 1
    assert "/start team-" in shown(boss)
    assert typed in going(boss)
    assert deeds(boss) == [Deed.FACTOR_SET, Deed.FACTOR_CODE_USED, Deed.INVITED]
    assert ["Sie haben noch 7." in one for one in told(boss)] == [True]
    boss.now += LATER
    press(boss, "invite.viewer")
    boss.write(first)
    assert "schon benutzt" in shown(boss)
    assert factor(boss).wrong == 1
    boss.write(second)
    assert deeds(boss)[-2:] == [Deed.FACTOR_CODE_USED, Deed.INVITED]
    assert ["Sie haben noch 6." in one for one in told(boss)] == [False, True]


def test_new_codes_on_paper_take_a_code_and_kill_the_old_ones(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    old = set_up(boss)
    boss.tap("factor_written")
    boss.tap("factor_codes")
    assert on_paper(boss) == []
    boss.write(code(boss))
    new = on_paper(boss)
    assert len(new) == 8
    assert deeds(boss) == [Deed.FACTOR_SET, Deed.FACTOR_CODES]
    boss.now += LATER
    boss.command("staff")
    press(boss, "invite.viewer")
    boss.write(old[0])
    assert "gilt nicht" in shown(boss)
    boss.write(new[0])
    assert deeds(boss)[-1] == Deed.INVITED


def test_codes_on_paper_are_nobody_elses_and_five_wrong_ones_lock(new_talk: NewTalk) -> None:
    one, two = member(new_talk), member(new_talk)
    set_up(one)
    theirs = set_up(two)
    one.command("staff")
    press(one, "invite.viewer")
    one.write("ABCDE-FGHJK")
    assert "weder sechs Ziffern" in shown(one), "a slip of the pen is no try"
    for strange in theirs[:5]:
        one.write(strange)
    assert deeds(one)[-1] == Deed.FACTOR_LOCKED
    assert len(factor(two).spare or []) == 8


def test_where_the_first_code_is_awaited_paper_counts_for_nothing(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    boss.tap("go.factor")
    boss.tap("factor_begin")
    boss.write(paper_code.make(lambda below: below - 1))
    assert "keine sechs Ziffern" in shown(boss)
    assert factor(boss).confirmed_at is None


def pictured(talk: Talk, message: int) -> None:
    """The picture came into the chat as that message."""
    talk.table.run(lambda tx: second_factors.pictured(tx, talk.chat_id, message, talk.now))


def test_the_picture_holds_what_a_program_scans_and_goes_with_the_first_code(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    boss.tap("go.factor")
    boss.tap("factor_begin")
    reply = press(boss, "factor_picture")
    assert reply.file is not None
    assert isinstance(reply.file.content, Scan)
    assert reply.file.secret
    assert f"secret={factor(boss).secret}" in reply.file.content.words
    assert factor(boss).secret not in repr(reply)
    pictured(boss, 901)
    assert 901 not in going(boss)
    pictured(boss, 902)
    assert 901 in going(boss)
    boss.write(code(boss))
    assert {901, 902} <= going(boss)
    pictured(boss, 903)
    assert 903 in going(boss), "it was on its way when the code came"
    assert press(boss, "factor_picture").file is None


def test_what_nobody_confirms_goes_in_the_night_with_its_picture(new_talk: NewTalk) -> None:
    boss, other = member(new_talk), with_factor(member(new_talk))
    boss.tap("go.factor")
    boss.tap("factor_begin")
    pictured(boss, 901)
    boss.turn(upkeep.forget_what_is_due)
    assert stored(boss) is not None
    boss.now += TIME_TO_SET_UP + timedelta(minutes=1)
    boss.turn(upkeep.forget_what_is_due)
    assert stored(boss) is None
    assert 901 in going(boss)
    assert stored(other) is not None
