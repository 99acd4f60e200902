"""Somebody under 16: a code on the phone, a member of the team who types it, and nothing else that stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.core.roles import Role
from bot.db.people import accompanying
from bot.services import places, upkeep
from bot.services.rights.accompanying import LASTS
from tests.services.staff.people import NewTalk, clear, member, shown
from tests.services.talk import Talk


@pytest.fixture(autouse=True)
def nobody(talk: Talk) -> None:
    """Nobody is staff yet."""
    clear(talk)


def young(new_talk: NewTalk) -> tuple[Talk, str]:
    """Somebody who said that they are younger, and the code on their phone."""
    person = new_talk()
    person.finish_until(places.AGE)
    person.tap("age.no")
    return person, code_of(person)


def code_of(person: Talk) -> str:
    found = re.search(r"\d{4} \d{4}", shown(person))
    assert found is not None, shown(person)
    return found[0]


def types(lea: Talk, code: str) -> None:
    """A member types a code at the desk."""
    lea.command("staff")
    lea.tap("go.young")
    lea.write(code)


def test_the_phone_shows_who_helps_and_a_code_and_no_profile_is_there(new_talk: NewTalk) -> None:
    person, code = young(new_talk)
    assert "+49 30 23125 102" in shown(person)
    assert person.participant() is None
    person.tap("young_code")
    assert code_of(person) != code


def test_with_a_member_of_the_team_the_notice_comes_and_the_page_says_with_whom(new_talk: NewTalk) -> None:
    person, code = young(new_talk)
    lea = member(new_talk, Role.COUNSELLOR, "Lea Braun")
    types(lea, code)
    assert "Schule sind einverstanden" in shown(lea)
    chat = person.chat()
    assert chat is not None
    assert chat.screen == places.YOUNG, "not before the member says so"
    lea.tap("young_open")
    chat = person.chat()
    assert chat is not None
    assert (chat.screen, chat.card_version > chat.shown_version) == (places.NOTICE, True)
    reply = person.turn(upkeep.show_again, person.visitor)
    assert reply is not None
    person.see(reply)
    person.yes()
    one = person.participant()
    assert one is not None
    lea.tap("go.found.0")
    lea.tap(f"go.person.{one.id}")
    assert "geöffnet mit Lea Braun" in shown(lea)


def test_a_code_opens_once_and_only_for_who_typed_it(new_talk: NewTalk) -> None:
    _, code = young(new_talk)
    lea, tom = member(new_talk, Role.COUNSELLOR, "Lea"), member(new_talk, Role.COUNSELLOR, "Tom")
    types(lea, code)
    tom.command("staff")
    tom.tap("go.young")
    assert "young_open" not in tom.actions
    lea.tap("young_open")
    types(lea, code)
    assert "gibt es nicht" in shown(lea)


@pytest.mark.parametrize("words", ["", "1234", "abcdefgh", "0000 0000 0", "٠١٢٣٤٥٦٧"])
def test_what_is_no_code_is_refused(new_talk: NewTalk, words: str) -> None:
    young(new_talk)
    lea = member(new_talk, Role.COUNSELLOR)
    types(lea, words or "x")
    assert "gibt es nicht" in shown(lea)


def test_after_an_hour_the_code_is_worth_nothing_and_the_chat_is_gone(new_talk: NewTalk) -> None:
    person, code = young(new_talk)
    lea = member(new_talk, Role.COUNSELLOR)
    lea.now += LASTS + timedelta(seconds=1)
    types(lea, code)
    assert "gibt es nicht" in shown(lea)
    assert person.chat() is not None
    lea.turn(upkeep.forget_what_is_due)
    assert person.chat() is None


def test_who_starts_again_is_asked_again_and_the_code_opens_nothing(new_talk: NewTalk) -> None:
    person, code = young(new_talk)
    person.start()
    assert person.place == places.AGE
    person.tap("age.yes")
    lea = member(new_talk, Role.COUNSELLOR)
    types(lea, code)
    assert "gibt es nicht" in shown(lea)


def test_a_teacher_opens_nobody(new_talk: NewTalk) -> None:
    tom = member(new_talk, Role.TEACHER)
    tom.command("staff")
    assert "go.young" not in tom.actions


def test_a_wrong_tap_on_the_age_is_undone_by_a_button_and_the_code_opens_nothing(new_talk: NewTalk) -> None:
    person, code = young(new_talk)
    person.tap("age.yes")
    assert person.place == places.NOTICE
    lea = member(new_talk, Role.COUNSELLOR)
    types(lea, code)
    assert "gibt es nicht" in shown(lea)


def shared(new_talk: NewTalk) -> tuple[Talk, str]:
    """The phone of somebody who has finished, on which somebody younger shows a code."""
    phone = new_talk()
    phone.start()
    phone.finish()
    phone.command("people")
    phone.tap("add_person")
    phone.finish_until(places.AGE)
    phone.tap("age.no")
    return phone, code_of(phone)


def test_on_a_shared_phone_the_code_leads_back_to_the_others(new_talk: NewTalk) -> None:
    alone, _ = young(new_talk)
    assert "people" not in alone.actions
    phone, _ = shared(new_talk)
    phone.tap("people")
    first = next(one for one in phone.actions if one.startswith("speak."))
    phone.tap(first)
    assert phone.place == places.DONE


def test_whoever_is_older_is_not_credited_to_who_opened_for_somebody_younger(new_talk: NewTalk) -> None:
    """The code of the younger one was opened; then somebody else of the same phone begins."""
    phone, code = shared(new_talk)
    lea = member(new_talk, Role.COUNSELLOR, "Lea Braun")
    types(lea, code)
    lea.tap("young_open")
    phone.see(phone.turn(upkeep.show_again, phone.visitor))  # type: ignore[arg-type]
    phone.command("people")
    phone.tap("add_person")
    phone.finish_until(places.AGE)
    phone.tap("age.yes")
    phone.yes()
    one = phone.participant()
    assert one is not None
    assert phone.table.run(lambda tx: accompanying.of_participant(tx, one.id)) is None
