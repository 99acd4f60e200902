"""A machine's words in a talk: below the original, never instead of it, and only where they may be."""

from __future__ import annotations

import pytest

from bot.core.roles import Role
from bot.db import participants
from bot.services import messages
from bot.services.acts import Say
from bot.services.threads import interpreting
from bot.services.translating import Failed, Failure, Translated
from bot.services.turn import Turn
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, asking, bound, in_topic, said, thread_of


def translating(talk: Talk) -> None:
    """From now on there is a machine."""
    turn = talk.turn

    def with_machine(use_case, *args, **kwargs):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN002, ANN003, ANN202
        def run(given: Turn, *more, **others):  # type: ignore[no-untyped-def] # noqa: ANN002, ANN003, ANN202
            return use_case(Turn(given.connection, given.content, given.now, translates=True), *more, **others)

        return turn(run, *args, **kwargs)

    talk.turn = with_machine  # type: ignore[method-assign]


def interpreted(talk: Talk, *, hosted: bool = True) -> list[tuple[str, str, str]]:
    """What the machine is asked; it answers with the words in brackets."""
    asked = talk.turn(interpreting.wanted, hosted=hosted)
    for one in asked:
        talk.turn(interpreting.keep, one, Translated((f"[{one.target}: {one.text}]",), "test"))
    return [(one.text, one.source, one.target) for one in asked]


def test_original_first_then_with_the_machines_words_below_both_ways(new_talk: NewTalk) -> None:
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk, "ar")
    translating(lea)
    translating(person)
    office = Office(person)
    person.write("أين؟")
    office.send()
    assert "أين؟" in office.texts(GROUP)
    assert interpreted(person) == [("أين؟", "ar", "de")]
    changed = [one for one in office.send() if one.due.edits is not None and isinstance(one.act, Say)]
    assert [one.due.edits for one in changed] == [said(person)[0].copy_message]
    text = next(one for one in office.texts(GROUP) if "Maschine" in one)
    assert text.index("أين؟") < text.index("Übersetzt von einer Maschine") < text.index("[de: أين؟]")
    in_topic(lea, person, "Raum 3")
    office.send()
    assert "Raum 3" in office.texts(person.chat_id)[-1]
    assert "غير مترجم" in office.texts(person.chat_id)[-1], "so far"
    assert interpreted(person) == [("Raum 3", "de", "ar")]
    office.send()
    text = office.texts(person.chat_id)[-1]
    assert "غير مترجم" not in text
    assert text.index("Raum 3") < text.index("ترجمة آلية") < text.index("[ar: Raum 3]")
    assert interpreted(person) == []


@pytest.mark.parametrize("agreed", [False, True])
def test_a_service_outside_sees_a_persons_words_only_where_they_agreed(new_talk: NewTalk, agreed: bool) -> None:
    person = asking(new_talk, "ar")
    translating(person)
    row = person.participant()
    assert row is not None
    if agreed:
        person.table.run(
            lambda tx: participants.give_consent(
                tx, row.id, interpreting.PURPOSE, language="ar", text_version="v1", now=person.now
            )
        )
    person.write("سر")
    assert interpreted(person, hosted=False) == ([("سر", "ar", "de")] if agreed else [])
    assert interpreted(person) == [], "what may not be translated is crossed out"


def test_a_failure_leaves_the_original_and_a_translation_of_old_words_is_thrown_away(new_talk: NewTalk) -> None:
    person = asking(new_talk, "ar")
    translating(person)
    person.write("واحد")
    asked = person.turn(interpreting.wanted, hosted=True)
    edit = Written("اثنان", said(person)[0].message_id or 0, person.now)
    person.turn(messages.edited, person.visitor, edit)
    person.turn(interpreting.keep, asked[0], Translated(("eins",), "test"))
    assert [(one.text, one.machine) for one in said(person)] == [("اثنان", None)]
    again = person.turn(interpreting.wanted, hosted=True)
    assert [one.text for one in again] == ["اثنان"]
    person.turn(interpreting.keep, again[0], Failed(Failure.TIMEOUT))
    assert person.turn(interpreting.wanted, hosted=True) == []
    assert said(person)[0].machine is None


def test_without_a_machine_and_in_german_nothing_is_asked(new_talk: NewTalk) -> None:
    silent, german = asking(new_talk, "ar"), asking(new_talk, "de")
    translating(german)
    silent.write("مرحبا")
    german.write("Hallo")
    assert interpreted(german) == []
    assert thread_of(silent).id != thread_of(german).id
