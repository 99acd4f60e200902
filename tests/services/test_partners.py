"""Partners with a chat of their own: told once of whoever agrees, of nothing else, and never longer than that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.content.loader import Content
from bot.core.broadcasts import Interest, Subject
from bot.core.engine import Answer, Status
from bot.core.message import Screen, Text
from bot.db import audit
from bot.db.audit import Filter
from bot.db.openings import interests
from bot.db.openings import partners as rows
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries
from bot.db.people import participants
from bot.db.rights import erasure
from bot.db.schema import chat, delivery, interest, participant, partner, partner_lead
from bot.services import upkeep, welcome
from bot.services.deliveries.acts import Away, Say
from bot.services.deliveries.sending import Ready, Result, Tried
from bot.services.openings import interest_taps, interesting, partners
from bot.services.reply import Reply
from bot.services.rights import rights
from bot.services.staff.members import inviting
from bot.services.staff.openings import leads, partner_inviting
from bot.services.taps import Tap, tap
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from tests.db.rows import new_chat, new_participant
from tests.services.broadcasts import BEGIN, BOSS, Office, office, team

HOME = 500
"""The partner's chat."""
HOURS = timedelta(hours=1)
ANSWERS: dict[str, Any] = {
    "goals": ("job",),
    "german_level": "B1",
    "profession": "health",
    "paper": "no",
    "support": ("childcare",),
    "anything": "I sleep badly",
}


class Desk(Office):
    """The office, whose sender does acts too; `stands` is what stands in each chat by message."""

    def __init__(self, engine: Any, content: Content) -> None:
        super().__init__(engine, content)
        self.content = content
        self.stands: dict[int, dict[int, str]] = {}
        self.buttons: dict[int, str] = {}

    def _tried(self, ready: Ready) -> Tried:
        act, due = ready.act, ready.due
        if act is None:
            return super()._tried(ready)
        assert isinstance(act, Say | Away)
        result, message = self.line(ready), due.edits or 1000 + due.id
        if result is Result.SENT:
            there = self.stands.setdefault(due.chat_id, {})
            if isinstance(act, Away):
                there.pop(message, None)
            else:
                there[message] = act.rich.text
        return Tried(due, result, self.now, message_id=message if result is Result.SENT else None)

    def visit(self, chat_id: int, do: Any) -> Any:
        """Somebody does something in their chat."""

        def use_case(turn: Turn) -> Any:
            visit = load(turn, Visitor(chat_id, "de", chat_id))
            assert visit is not None
            return do(visit)

        return self.run(use_case)

    def taps(self, chat_id: int, data: str, message: int) -> Reply:
        """Somebody presses a button, true or made up."""
        return self.run(lambda turn: tap(turn, Visitor(chat_id, "de", chat_id), Tap(data, message)))

    def told(self) -> dict[int, str]:
        """What stands in the partner's chat."""
        return self.stands.get(HOME, {})

    def of(self, table: Any, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of a table."""
        asked = select(*(table.c[one] for one in columns)).order_by(table.c.id)
        return [tuple(row) for row in self.run(lambda turn: turn.connection.execute(asked).all())]


@pytest.fixture
def desk(content: Content) -> Iterator[Desk]:
    """An empty database and a town in the morning, with Rita, and a partner that has a chat."""
    with office(content) as plain:
        found = Desk(plain._engine, content)
        found.run(_begin)
        yield found


def name_of(content: Content) -> str:
    """The partner whom the opening of Minden names."""
    return next(one.partner for one in content.offers.values() if one.partner)


def offer_of(content: Content) -> str:
    return next(one.id for one in content.offers.values() if one.partner)


def _begin(turn: Turn) -> None:
    new_chat(turn.connection, BOSS, language="de")
    team(turn.connection)
    _, payload = partner_inviting.create(turn.connection, name_of(turn.content), turn.now)
    reply = inviting.start(turn, Visitor(HOME, "de", HOME, "Petra"), payload)
    assert reply.card is not None


def person(turn: Turn, chat_id: int = 1, name: str | None = "Samir") -> int:
    """Somebody with answers, some of them sensitive."""
    key = new_participant(turn.connection, chat_id, language="ar", shown_version=1)
    participants.give_consent(turn.connection, key, "storage", language="ar", text_version="v1", now=BEGIN)
    given = {one: Answer(Status.GIVEN, value) for one, value in ANSWERS.items()}
    participants.save_answers(turn.connection, key, given, turn.content.questionnaire.revision, BEGIN)
    participants.set_preferences(turn.connection, key, name=name)
    return key


def agree(desk: Desk, chat_id: int = 1) -> None:
    """They agree to what the card of the opening asks."""
    offer = interesting.opening(desk.content, offer_of(desk.content))
    assert offer is not None
    desk.visit(chat_id, lambda visit: interest_taps.give(visit, Subject(opening=offer.id), offer.partner))


def comes(desk: Desk, chat_id: int = 1, name: str | None = "Samir") -> None:
    desk.run(partial(person, chat_id=chat_id, name=name))
    agree(desk, chat_id)
    desk.deliver()


def button(desk: Desk, verb: str) -> str:
    """What a button of the newest message to the partner sends."""
    number = desk.of(delivery, "id", "text_key")
    return f"d{max(key for key, text in number if text == partners.LEAD)}.{verb}"


def states(desk: Desk) -> list[str]:
    return [state for (state,) in desk.of(interest, "state")]


def drawn(reply: Reply, content: Content) -> str:
    assert reply.letter is not None
    return content.texts.render("de", reply.letter.screen).text


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


def withdraws(desk: Desk) -> None:
    desk.visit(1, lambda visit: interest_taps.withdraw(visit, Subject(opening=offer_of(desk.content))))


def says_no_to_companies(desk: Desk) -> None:
    desk.visit(1, lambda visit: (visit.look_at("privacy"), rights.switch(visit, "companies", on=False, tapped=None)))
    assert states(desk) == ["withdrawn"]


def takes_it_back_on_the_page_of_partners(desk: Desk) -> None:
    page = desk.visit(1, lambda visit: (visit.look_at("privacy", "services"), visit.reply())[1])
    shown = desk.content.texts.render("de", page.card.screen).text
    assert name_of(desk.content) in shown
    (data,) = [button.action for row in page.card.screen.rows for button in row if "no_interest" in button.action]
    desk.visit(1, lambda visit: interest_taps.drop(visit, data.partition(".")[2], None))
    page = desk.visit(1, lambda visit: (visit.look_at("privacy", "services"), visit.reply())[1])
    assert name_of(desk.content) not in desk.content.texts.render("de", page.card.screen).text


def erases(desk: Desk) -> None:
    desk.visit(1, lambda visit: (visit.look_at("forget"), rights.forget(visit, None)))


def is_erased_by_the_clock(desk: Desk) -> None:
    desk.run(lambda turn: erasure.erase_chat(turn.connection, 1))
    desk.run(partners.look_around)


def time_ends(desk: Desk) -> None:
    desk.now += desk.content.town.retention.interests + HOURS
    desk.run(partners.look_around)


def interest_is_forgotten(desk: Desk) -> None:
    desk.now += desk.content.town.retention.interests + HOURS
    desk.run(upkeep.forget_what_is_due)
    desk.run(partners.look_around)


def partner_ends(desk: Desk) -> None:
    desk.run(lambda turn: rows.change(turn.connection, 1, ended_at=turn.now))
    desk.run(partners.look_around)


ENDS = [
    withdraws,
    says_no_to_companies,
    takes_it_back_on_the_page_of_partners,
    erases,
    is_erased_by_the_clock,
    time_ends,
    interest_is_forgotten,
    partner_ends,
]


@pytest.mark.parametrize("end", ENDS)
def test_when_it_is_over_the_message_goes_and_its_buttons_are_dead(desk: Desk, end: Any) -> None:
    comes(desk)
    (message,) = desk.told()
    data = button(desk, "won")
    end(desk)
    desk.deliver()
    assert desk.told() == {}
    reply = desk.taps(HOME, data, message)
    assert "Samir" not in str(reply)
    assert "won" not in states(desk)


@pytest.mark.parametrize("end", ENDS)
def test_what_was_not_said_yet_is_not_said(desk: Desk, end: Any) -> None:
    desk.run(person)
    agree(desk)
    end(desk)
    desk.deliver()
    assert desk.told() == {}


@pytest.mark.parametrize("end", ENDS)
def test_what_was_in_hand_is_taken_back_when_it_has_arrived(desk: Desk, end: Any) -> None:
    desk.run(person)
    agree(desk)
    hand = desk.claim()
    end(desk)
    desk.say(hand)
    desk.deliver()
    assert desk.told() == {}


def test_a_killed_process_says_it_once_and_a_tap_finds_the_copy(desk: Desk) -> None:
    desk.run(person)
    agree(desk)
    desk.claim()  # and is killed: nobody knows whether it arrived
    desk.run(lambda turn: deliveries.abandon(turn.connection, "another", turn.now, lambda _: True))
    desk.now += timedelta(hours=2)
    desk.deliver()
    desk.run(partners.look_around)
    assert desk.told() == {}, "never twice"
    assert lost(desk), "the team hears that it may not have arrived"
    desk.taps(HOME, button(desk, "called"), 77)
    assert states(desk) == ["called"]
    desk.stands[HOME] = {77: "Samir"}
    withdraws(desk)
    desk.deliver()
    assert desk.told() == {}


def test_a_copy_that_nobody_knew_of_is_taken_back_by_a_tap(desk: Desk) -> None:
    desk.run(person)
    agree(desk)
    desk.claim()
    desk.run(lambda turn: deliveries.abandon(turn.connection, "another", turn.now, lambda _: True))
    withdraws(desk)
    desk.stands[HOME] = {77: "Samir"}
    reply = desk.taps(HOME, button(desk, "won"), 77)
    assert "Zurückgezogen" in drawn(reply, desk.content)
    desk.deliver()
    assert desk.told() == {}
    assert states(desk) == ["withdrawn"]


def lost(desk: Desk) -> list[int]:
    """To whom it was said that nothing arrives at the partner."""
    found = desk.of(delivery, "chat_id", "text_key")
    return [chat_id for chat_id, text in found if text == "staff.notice.partner_lost"]


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


def test_a_partner_that_erases_its_chat_is_one_no_more(desk: Desk) -> None:
    comes(desk)
    desk.visit(HOME, lambda visit: (visit.look_at("forget"), rights.forget(visit, None)))
    assert desk.of(partner, "ended_at") == [(desk.now,)]
    assert "staff.notice.partner_left" in [text for (text,) in desk.of(delivery, "text_key")]
    agree_again = len(desk.of(partner_lead, "id"))
    comes(desk, chat_id=2)
    assert len(desk.of(partner_lead, "id")) == agree_again


def test_the_chat_stays_as_long_as_it_is_the_partners(desk: Desk) -> None:
    desk.now += timedelta(days=3)
    desk.run(upkeep.forget_strangers)
    assert (HOME,) in desk.of(chat, "id")
    partner_ends(desk)
    desk.run(upkeep.forget_strangers)
    assert (HOME,) not in desk.of(chat, "id")


def test_the_rows_go_by_themselves(desk: Desk) -> None:
    comes(desk)
    withdraws(desk)
    desk.now += rows.TAKEN + HOURS
    desk.run(upkeep.forget_what_is_due)
    assert desk.of(partner_lead, "id") == []
    with_trail = len(desk.of(partner, "id"))
    assert with_trail == 1


def test_a_no_to_other_purposes_leaves_interests_alone(desk: Desk) -> None:
    comes(desk)
    desk.visit(1, lambda visit: (visit.look_at("privacy"), rights.switch(visit, "openings", on=False, tapped=None)))
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


# -- rights


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


# -- the list


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
