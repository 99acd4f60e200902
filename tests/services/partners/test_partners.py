"""Partners with a chat of their own: told once of whoever agrees, and of nothing else."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from bot.core.broadcasts import Interest, Subject
from bot.core.message import Screen, Text
from bot.db import audit
from bot.db.audit import Filter
from bot.db.openings import interests
from bot.db.openings import partners as rows
from bot.db.openings.interests import Interested
from bot.db.people import restricting
from bot.db.schema import delivery, interest, participant, partner_lead
from bot.services import places, welcome
from bot.services.deliveries.sending import Result
from bot.services.openings import interest_taps, interesting, partners
from bot.services.rights import rights
from bot.services.staff.members import inviting
from bot.services.staff.openings import leads, partner_inviting
from bot.services.turn import Turn, Visitor
from tests.services.broadcasts import BEGIN, BOSS, team
from tests.services.partners.scene import (
    HOME,
    HOURS,
    Desk,
    agree,
    button,
    comes,
    drawn,
    lost,
    name_of,
    offer_of,
    person,
    states,
)
from tests.services.partners.test_ends import is_erased_by_the_clock, withdraws


def test_the_partner_reads_what_the_person_agreed_to_and_nothing_else(desk: Desk) -> None:
    comes(desk)
    (text,) = desk.told().values()
    for said in ("Name: Samir", "B1", "Kontakt: über das Team", "Nummer 1", "Nur für dieses Angebot"):
        assert said in text, said
    texts, questions = desk.content.texts, desk.content.questionnaire
    for one in ("paper", "support", "anything"):
        assert texts.label("de", Text(f"{questions.by_id[one].key}.short")) not in text
    assert "sleep" not in text
    assert desk.of(interest, "told_at") == [(BEGIN,)]


def test_the_question_names_what_is_told(desk: Desk) -> None:
    asked = desk.content.texts.render("de", Screen(((interesting.ask(desk.content, "X"),),))).text
    shared = desk.content.questionnaire.shared
    assert shared
    for one in shared:
        assert desk.content.texts.label("de", Text(f"{desk.content.questionnaire.by_id[one].key}.short")) in asked
    assert "Telegram" in asked


def test_who_gave_no_name_has_a_number(desk: Desk) -> None:
    comes(desk, name=None)
    assert "Name: nicht angegeben" in next(iter(desk.told().values()))


def test_without_a_partner_with_a_chat_nobody_is_told(desk: Desk) -> None:
    desk.run(lambda turn: rows.end_of_person(turn.connection, HOME, turn.now))
    comes(desk)
    assert desk.told() == {}
    assert desk.of(partner_lead, "id") == []
    assert states(desk) == ["open"]


def test_said_once_and_again_after_a_new_yes(desk: Desk) -> None:
    comes(desk)
    agree(desk)
    desk.deliver()
    assert len(desk.told()) == 1
    desk.visit(1, lambda visit: interest_taps.withdraw(visit, Subject(opening=offer_of(desk.content))))
    desk.deliver()
    assert desk.told() == {}
    desk.now += HOURS
    agree(desk)
    desk.deliver()
    assert len(desk.told()) == 1


def test_at_night_it_waits_for_the_morning(desk: Desk) -> None:
    desk.now = BEGIN.replace(hour=21)
    comes(desk)
    assert desk.told() == {}
    desk.now = BEGIN.replace(hour=9) + timedelta(days=1)
    desk.deliver()
    assert len(desk.told()) == 1


def test_whose_data_is_only_kept_by_the_morning_is_not_told_of(desk: Desk) -> None:
    desk.now = BEGIN.replace(hour=21)
    comes(desk)
    (key,) = (one for (one,) in desk.of(interest, "participant_id"))
    desk.run(lambda turn: restricting.restrict(turn.connection, key, desk.now))
    desk.now = BEGIN.replace(hour=9) + timedelta(days=1)
    desk.deliver()
    assert desk.told() == {}


@pytest.mark.parametrize(("verb", "state"), [("called", "called"), ("won", "won"), ("lost", "lost")])
def test_what_the_partner_says_stands_in_the_list_and_ends_the_reminder(desk: Desk, verb: str, state: str) -> None:
    comes(desk)
    (message,) = desk.told()
    reply = desk.taps(HOME, button(desk, verb), message)
    assert "Sie sagen" in drawn(reply, desk.content)
    assert states(desk) == [state]
    desk.now += timedelta(days=5)
    before = len(desk.of(delivery, "id"))
    desk.run(leads.nudge)
    assert len(desk.of(delivery, "id")) == before
    trail = desk.run(lambda turn: audit.entries(turn.connection, Filter(), 0, 10))
    assert {(one.deed, one.actor) for one in trail} >= {("partner_told", "person"), ("partner_said", "partner:1")}


def test_who_blocks_us_is_told_of_to_the_team_once(desk: Desk) -> None:
    desk.line = lambda ready: Result.UNREACHABLE if ready.due.chat_id == HOME else Result.SENT
    comes(desk)
    comes(desk, chat_id=2)
    assert lost(desk) == [BOSS]
    assert states(desk) == ["open", "open"]
    desk.now += timedelta(days=4)
    desk.run(leads.nudge)
    desk.deliver()
    assert any("wartet" in text or "Interesse" in text for chat_id, text in desk.said if chat_id == BOSS)


def test_a_block_is_told_of_at_once(desk: Desk) -> None:
    desk.run(lambda turn: welcome.block(turn, Visitor(HOME, "de", HOME), blocked=True))
    assert lost(desk) == [BOSS]


def test_a_no_to_other_purposes_leaves_interests_alone(desk: Desk) -> None:
    comes(desk)
    desk.visit(
        1, lambda visit: (visit.look_at(places.PRIVACY), rights.switch(visit, "openings", rights.NO_MORE, None))
    )
    assert states(desk) == ["open"]


def test_what_was_told_can_be_taken_back_when_its_title_is_gone_and_however_many_there_are(desk: Desk) -> None:
    person = desk.run(_interested_in_many)
    told = desk.run(lambda turn: interesting.told_to(turn, person, "ar"))
    assert len(told) == 7
    gone = desk.content.texts.label("ar", Text("ui.interest.gone"))
    assert {one.words for one in told} == {gone}
    assert {one.partner for one in told} == {"Bakery Muster"}


def _interested_in_many(turn: Turn) -> int:
    somebody = person(turn)
    for number in range(7):
        one = Interested(0, somebody, Subject(opening=f"gone{number}"), "Bakery Muster", Interest.OPEN, turn.now)
        interests.give(turn.connection, one, "ar", "v1")
    return somebody


def test_another_chat_that_guesses_a_partners_buttons_gets_nothing(desk: Desk) -> None:
    comes(desk)
    desk.run(partial(person, chat_id=2, name="Eve"))
    for verb in ("called", "won", "lost"):
        reply = desk.taps(2, button(desk, verb), 5)
        assert reply.letter is None
        assert "Samir" not in str(reply)
    assert states(desk) == ["open"]


def test_a_partner_that_guesses_the_desks_buttons_and_other_deliveries_gets_nothing(desk: Desk) -> None:
    comes(desk)
    (message,) = desk.told()
    others = [key for key, chat_id in desk.of(delivery, "id", "chat_id") if chat_id != HOME]
    assert others
    forged = [f"d{one}.{verb}" for one in others for verb in ("won", "look", "talk", "details")]
    forged += [
        f"v{version}.{verb}" for version in range(4) for verb in ("go.leads.1.0", "lead_is.1.won", "go.person.1")
    ]
    for data in forged:
        assert "Samir" not in str(desk.taps(HOME, data, message)), data
    assert states(desk) == ["open"]
    assert desk.taps(HOME, button(desk, "won.1"), message).letter is None
    assert desk.taps(HOME, button(desk, "talk"), message).letter is None


def test_another_partner_is_told_of_nobody(desk: Desk) -> None:
    def second(turn: Turn) -> None:
        _, payload = partner_inviting.create(turn.connection, "Another", turn.now)
        inviting.start(turn, Visitor(501, "de", 501, "Olaf"), payload)

    desk.run(second)
    comes(desk)
    assert 501 not in desk.stands
    assert len(desk.told()) == 1


def test_an_interest_that_got_the_number_of_another_is_not_told(desk: Desk) -> None:
    comes(desk)
    desk.run(partial(person, chat_id=2, name="Olena"))
    is_erased_by_the_clock(desk)

    def same_number(turn: Turn) -> None:
        key = turn.connection.execute(select(participant.c.id).where(participant.c.chat_id == 2)).scalar_one()
        given = interests.Interested(
            0, key, Subject(opening=offer_of(turn.content)), name_of(turn.content), Interest.OPEN, turn.now + HOURS
        )
        interests.give(turn.connection, given, "ar", "v1")
        turn.connection.execute(update(interest).values(id=1))

    desk.run(same_number)
    desk.run(lambda turn: rows.change_lead(turn.connection, 1, ended_at=None))
    assert desk.run(lambda turn: partners.agreed(turn, one) if (one := rows.lead(turn.connection, 1)) else 1) is None


def test_the_team_sees_what_the_partner_knows_and_said(desk: Desk) -> None:
    comes(desk)
    (message,) = desk.told()

    def page(turn: Turn) -> str:
        screen = leads.PAGES["lead"].build(turn, team(turn.connection), ("1",))
        assert screen is not None
        return turn.content.texts.render("de", screen).text

    assert "Der Partner weiß es durch den Bot" in desk.run(page)
    desk.taps(HOME, button(desk, "lost"), message)
    assert "Der Partner sagt: Hat nicht geklappt" in desk.run(page)
    withdraws(desk)
    agree(desk)
    desk.run(lambda turn: rows.end_of_person(turn.connection, HOME, turn.now))
    desk.run(partners.look_around)
    assert "nicht geschrieben" in desk.run(page)
