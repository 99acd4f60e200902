"""Answers that are ready: sent from a topic and from the desk, in the person's language once released."""

from __future__ import annotations

import pytest

from bot.core.roles import Role
from bot.services.threads import group
from bot.services.turn import Visitor
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member, shown
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, asking, bound, in_topic, said, thread_of

GERMAN = "schicken Sie uns hier ein Foto"


def a_group(new_talk: NewTalk, language: str = "uk") -> tuple[Talk, Talk, Office]:
    """A counsellor, somebody who asks, and the sender; the question stands in its topic."""
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk, language)
    office = Office(person)
    person.write("?")
    office.send()
    return lea, person, office


def released(lea: Talk, key: str = "letter", language: str = "uk") -> None:
    """A member stands for a translation, at the desk."""
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap("go.templates.0")
    lea.tap(f"go.template.{key}")
    lea.tap(f"go.template_in.{key}.{language}")
    lea.tap(f"template_release.{key}.{language}")


def answers(office: Office, person: Talk) -> list[str]:
    """What has arrived at the person."""
    return office.texts(person.chat_id)


def test_the_list_stands_in_the_topic_and_nothing_of_it_at_the_person(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk)
    in_topic(lea, person, "/t")
    office.send()
    last = office.texts(GROUP)[-1]
    assert "10 Vorlagen" in last
    assert "/t letter: Foto vom Brief" in last
    assert answers(office, person) == []
    assert len(said(person)) == 1


def test_what_nobody_released_goes_in_german_under_a_mark_and_the_team_is_told(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk)
    in_topic(lea, person, "/t letter")
    office.send()
    (arrived,) = answers(office, person)
    assert GERMAN in arrived
    assert "ще немає українською" in arrived
    assert "niemand die Übersetzung freigegeben" in office.texts(GROUP)[-1]


def test_what_a_member_stands_for_goes_in_the_persons_language_alone(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk)
    released(lea)
    assert "Freigegeben" in shown(lea)
    assert "Lea Braun" in shown(lea)
    in_topic(lea, person, "/t letter")
    office.send()
    (arrived,) = answers(office, person)
    assert "надішліть нам сюди фото" in arrived
    assert GERMAN not in arrived
    assert "ще немає українською" not in arrived
    assert "Gesendet: „Foto vom Brief“, Sprache: Ukrainisch" in office.texts(GROUP)[-1]
    assert (said(person)[-1].template, said(person)[-1].language) == ("letter", "uk")
    assert thread_of(person).waiting_since is None


def test_the_same_command_delivered_twice_goes_once_and_an_edit_of_it_changes_nothing(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    visitor, topic = Visitor(GROUP, "de", lea.chat_id, "Lea"), thread_of(person).topic or 0
    written = Written("/t letter", 9_001, lea.now, marked="/t letter")
    for _ in range(2):
        lea.turn(group.hear, visitor, topic, written)
    office.send()
    assert len(answers(office, person)) == 1
    lea.turn(group.edited, visitor, topic, Written("/t campus", 9_001, lea.now, marked="/t campus"))
    office.send()
    assert len(answers(office, person)) == 1
    assert sum("Gesendet" in one for one in office.texts(GROUP)) == 1


def test_one_that_nobody_knows_is_said_and_nothing_goes(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk)
    in_topic(lea, person, "/t nosuch")
    office.send()
    assert "„nosuch“ gibt es nicht" in office.texts(GROUP)[-1]
    assert answers(office, person) == []


@pytest.mark.parametrize("way", ["form", "withdrawn"])
def test_another_german_ends_what_was_released_and_one_that_is_withdrawn_is_none(new_talk: NewTalk, way: str) -> None:
    lea, person, office = a_group(new_talk)
    released(lea)
    lea.tap("go.template.letter")
    if way == "withdrawn":
        lea.tap("template_drop.letter")
        in_topic(lea, person, "/t letter")
        office.send()
        assert answers(office, person) == []
        return
    lea.tap("template_edit.letter")
    lea.tap("change.text")
    lea.write("Bitte schicken Sie ein Bild {sofort} <b>bald</b>.")
    lea.tap("hand_in")
    in_topic(lea, person, "/t letter")
    office.send()
    (arrived,) = answers(office, person)
    assert "Bitte schicken Sie ein Bild {sofort} <b>bald</b>." in arrived, "words of staff are words"
    assert "надішліть" not in arrived


def test_staff_make_one_translate_it_and_stand_for_it(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk)
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap("go.templates.0")
    lea.tap("template_new")
    lea.write("Ferien")
    lea.write("Wir haben Ferien.")
    lea.tap("hand_in")
    lea.tap("go.template_in.own1.uk")
    assert "template_release.own1.uk" not in lea.actions
    lea.tap("template_word.own1.uk")
    lea.write("У нас канікули.")
    lea.tap("hand_in")
    assert "У нас канікули." in shown(lea)
    in_topic(lea, person, "/t own1")
    lea.tap("template_release.own1.uk")
    in_topic(lea, person, "/t own1")
    office.send()
    german, theirs = answers(office, person)
    assert "Wir haben Ferien." in german
    assert "У нас канікули." in theirs


def test_at_the_desk_both_languages_are_seen_before_it_goes(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk, "uk")
    office = Office(person)
    person.write("?")
    released(lea)
    number = thread_of(person).id
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{number}")
    lea.tap(f"go.t_choose.{number}.0")
    lea.tap(f"go.t_try.{number}.letter")
    assert GERMAN in shown(lea)
    assert "надішліть нам сюди фото" in shown(lea)
    lea.tap(f"template_send.{number}.letter")
    assert "📄 Foto vom Brief:" in shown(lea)
    office.send()
    (arrived,) = answers(office, person)
    assert "надішліть нам сюди фото" in arrived


def test_a_template_never_shares_a_message_with_other_words(new_talk: NewTalk) -> None:
    lea, person, office = a_group(new_talk, "de")
    in_topic(lea, person, "Guten Tag")
    in_topic(lea, person, "Noch etwas")
    in_topic(lea, person, "/t letter")
    in_topic(lea, person, "Bis bald")
    office.send()
    arrived = answers(office, person)
    assert [GERMAN in one for one in arrived].count(True) == 1
    assert not any(GERMAN in one and ("Noch etwas" in one or "Bis bald" in one) for one in arrived)
