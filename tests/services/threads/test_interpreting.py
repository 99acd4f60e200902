"""A machine's words in a talk: below the original, never instead of it, and only where they may be."""

from __future__ import annotations

from sqlalchemy import select

from bot.content.loader import Content
from bot.core.roles import Role
from bot.db.schema import consent
from bot.db.threads import threads
from bot.services import messages, places
from bot.services.deliveries.acts import Caption, Copy, Say
from bot.services.threads import group, interpreting
from bot.services.translating import Failed, Failure, Translated
from bot.services.turn import Turn, Visitor
from bot.services.written import Written
from tests.running import CONTENT, read_once
from tests.services.staff.people import NewTalk, member, shown
from tests.services.talk import Talk, buttons
from tests.services.threads.scene import GROUP, Office, asking, bound, in_topic, said, thread_of
from tests.services.threads.test_private import opened


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


def test_a_note_of_the_team_never_goes_to_the_machine(new_talk: NewTalk) -> None:
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk, "ar")
    translating(lea)
    translating(person)
    office = Office(person)
    person.write("أين؟")
    office.send()
    interpreted(person)
    in_topic(lea, person, "// hat Angst")
    note = said(person)[-1]
    edit = Written("// hat Tuberkulose", note.message_id or 0, lea.now)
    lea.turn(group.edited, Visitor(GROUP, "de", lea.chat_id, "Lea"), thread_of(person).topic or 0, edit)
    assert (said(person)[-1].author.value, said(person)[-1].text) == ("note", "// hat Tuberkulose")
    assert interpreted(person) == []
    # A row of an earlier revision of Lotse may still ask for it.
    person.table.run(lambda tx: threads.change_messages(tx, [note.id], interpret=True))
    assert interpreted(person) == []


def served_by(service: str | None) -> Content:
    """Minden with this translator outside."""
    return read_once(CONTENT, "minden", service)[0]


def seen_outside(talk: Talk, words: str) -> list[str]:
    """What of it a service outside gets."""
    talk.command("ask")
    talk.write(words)
    found = [text for text, _, _ in interpreted(talk, hosted=False)]
    assert interpreted(talk) == [], "what may not be translated is crossed out"
    return found


def switched(talk: Talk) -> list[str]:
    """The switches of `/privacy` that stand on yes."""
    return [one.action for one in buttons(talk.drawn[-1].card) if one.mark == "✅"]


def test_a_service_outside_sees_a_persons_words_from_their_yes_to_their_no(new_talk: NewTalk) -> None:
    person = asking(new_talk, "ar")
    person.content = served_by("deepl")
    translating(person)
    assert seen_outside(person, "قبل") == []
    person.command("privacy")
    person.tap("consent.translation")
    assert "DeepL" in shown(person)
    person.yes("translation")
    assert "agree.translation.0" in switched(person)
    assert seen_outside(person, "نعم") == ["نعم"]
    person.command("privacy")
    person.tap("agree.translation.0")
    assert seen_outside(person, "بعد") == []


def test_who_is_new_is_asked_about_the_service_before_the_questions(new_talk: NewTalk) -> None:
    person = new_talk()
    person.content = served_by("google")
    person.start()
    person.tap("lang.en")
    person.finish_until(places.CONSENTS_START)
    assert "Google Translate, from a company in the USA" in shown(person)
    person.yes("translation")
    assert person.consents() == {"storage", "translation"}


def test_a_yes_to_one_service_is_none_to_another_which_is_asked_about_once(new_talk: NewTalk) -> None:
    person = asking(new_talk, "en")
    person.content = served_by("deepl")
    translating(person)
    person.agree("translation")
    person.content = served_by("google")
    assert seen_outside(person, "Hello") == []
    person.command("privacy")
    assert "consent.translation" in person.actions
    person.start()
    assert "Google" in shown(person)
    assert person.actions == [*person.yes_to("translation"), "resume", "talk"]
    person.tap("resume")
    person.start()
    assert person.place == places.DONE, "nobody is asked twice"
    assert seen_outside(person, "Hello again") == []
    person.agree("translation")
    assert seen_outside(person, "Now") == ["Now"]


def test_a_yes_to_another_service_takes_the_place_of_the_old_one(new_talk: NewTalk) -> None:
    person = asking(new_talk, "en")
    translating(person)
    for service in ("deepl", "mymemory"):
        person.content = served_by(service)
        person.agree("translation")
        assert seen_outside(person, service) == [service]
    row = person.participant()
    assert row is not None
    given = select(consent).where(consent.c.purpose == "translation", consent.c.participant_id == row.id)
    rows = person.table.run(lambda tx: list(tx.execute(given.order_by(consent.c.id))))
    assert [one.withdrawn_at is None for one in rows] == [False, True]
    assert len({one.text_version for one in rows}) == 2


def test_nobody_is_asked_about_a_server_of_the_towns_own(new_talk: NewTalk) -> None:
    person = asking(new_talk, "en")
    translating(person)
    person.content = served_by(None)
    person.command("privacy")
    assert not any("translation" in one for one in person.actions)
    person.command("ask")
    person.write("Hello")
    assert interpreted(person) == [("Hello", "en", "de")]


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


def document(lea: Talk, person: Talk, words: str) -> None:
    """A member sends a form with words below it."""
    in_topic(lea, person, words, kind="document")


def below(office: Office, person: Talk) -> list[str]:
    """What stood below the files in the person's chat, one after the other."""
    acts = [one.act for one in office.sent if one.due.chat_id == person.chat_id]
    copied = [one.below.text for one in acts if isinstance(one, Copy) and one.below is not None]
    return copied + [one.rich.text for one in acts if isinstance(one, Caption)]


def test_words_below_a_file_say_who_wrote_them_and_are_translated_as_others(new_talk: NewTalk) -> None:
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk, "ar")
    translating(lea)
    translating(person)
    office = Office(person)
    person.write("أين؟")
    office.send()
    interpreted(person)
    document(lea, person, "Bitte unterschreiben")
    office.send()
    assert interpreted(person) == [("Bitte unterschreiben", "de", "ar")]
    office.send()
    before, after = below(office, person)
    for text in (before, after):
        assert text.index("Lea") < text.index("Bitte unterschreiben")
    assert "غير مترجم" in before
    assert "غير مترجم" not in after
    assert after.index("Bitte unterschreiben") < after.index("ترجمة آلية") < after.index("[ar: Bitte")


def test_a_persons_words_below_a_picture_are_translated_for_the_team(new_talk: NewTalk) -> None:
    bound(member(new_talk))
    person = asking(new_talk, "ar")
    translating(person)
    office = Office(person)
    photo = Written("رسالتي", 77, person.now, marked="رسالتي", kind="photo")
    person.turn(messages.unreadable, person.visitor, "only_words", photo)
    office.send()
    assert interpreted(person) == [("رسالتي", "ar", "de")]
    office.send()
    changed = [one.act.rich.text for one in office.sent if isinstance(one.act, Caption)]
    assert [("رسالتي" in one, "[de: رسالتي]" in one) for one in changed] == [(True, True)]


def test_where_a_translation_has_no_room_it_is_said_that_there_is_none(new_talk: NewTalk) -> None:
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk, "ar")
    translating(lea)
    translating(person)
    office = Office(person)
    person.write("أين؟")
    office.send()
    interpreted(person)
    document(lea, person, "b" * 800)
    in_topic(lea, person, "w" * 3000)
    office.send()
    assert len(interpreted(person)) == 2
    office.send()
    for text in (below(office, person)[-1], office.texts(person.chat_id)[-1]):
        assert "غير مترجم" in text
        assert "Lea" in text
        assert "[ar:" not in text


def test_what_has_no_room_for_who_says_it_stands_below_a_message_that_does(new_talk: NewTalk) -> None:
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk, "ar")
    office = Office(person)
    person.write("أين؟")
    office.send()
    document(lea, person, "b" * 1020)
    in_topic(lea, person, "w" * 4090)
    office.send()
    copies = [one.act for one in office.sent if isinstance(one.act, Copy)]
    assert [one.below for one in copies] == [None, None]
    above = [one.above.text for one in copies if one.above is not None]
    assert [("Lea" in one, "غير مترجم" in one) for one in above] == [(True, True)] * 2


def test_the_desk_promises_a_machine_only_where_its_words_have_room(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk, "ar")
    person.write("أين؟")
    opened(person, lea)
    translating(lea)
    lea.write("Raum 3")
    assert "Eine Maschine übersetzt es darunter" in shown(lea)
    lea.write("w" * 3000)
    assert "Eine Maschine übersetzt es darunter" not in shown(lea)
    assert "ohne Übersetzung" in shown(lea)
