"""The forms of the desk as they are read, every fault in them, and words of staff laid over the files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content.faults import Level
from bot.content.loader import Content, load
from bot.content.own_offers import condition_of, overlaid
from bot.core.conditions import Any as AnyOf
from bot.core.conditions import Condition, Fact, Test
from bot.core.message import Screen, Text
from bot.core.offers import Kind, Mode, Said
from bot.core.sayings import Sayings
from bot.core.timing import parse_offset
from tests.content.editing import line_of, loaded
from tests.running import minden

FILE = "demo/forms/guest.yaml"
FORM = """\
title: Gast
questions:
  - id: name
    kind: short_text
    ask: Wie heißt die Person?
    short: Name
  - id: contact
    kind: short_text
    ask: Wie ist der Kontakt?
    short: Kontakt
    optional: true
"""
OFFER = """\
title: Angebot
questions:
  - {id: kind, kind: single, ask: Was?, short: Art, options: [{id: course, text: Kurs}, {id: event, text: Abend}]}
  - {id: title, kind: short_text, ask: Wie?, short: Titel}
  - {id: text, kind: long_text, ask: Worum?, short: Text}
"""
NEW = Said(
    "own_1",
    own=True,
    fields={"kind": "event", "mode": "presence", "place": True, "address": "Gasse 3", "seats": 4, "approval": "yes"},
    texts={"de": {"title": "Café <b>{x}</b> & mehr", "text": "Worte", "place": "Haus"}},
)


def errors(folder: Path, words: str, file: str = FILE) -> list[tuple[int, str]]:
    """The faults of such a form."""
    (folder / "demo/forms").mkdir(exist_ok=True)
    (folder / file).write_text(words, encoding="utf-8")
    found = load(folder, "demo").faults
    return [(one.line, one.what) for one in found if one.level is Level.ERROR and one.file == file]


def test_a_form_is_a_questionnaire_without_the_duties_towards_people(folder: Path) -> None:
    assert errors(folder, FORM) == []
    found = loaded(folder)
    form = found.forms["guest"]
    assert [(one.id, one.key, one.optional) for one in form.questions] == [
        ("name", "forms.guest.name", False),
        ("contact", "forms.guest.contact", True),
    ]
    assert found.texts.source("forms.guest.section.form") == "Gast"


@pytest.mark.parametrize(("old", "new", "at", "words"), [
    ("id: name", "id: nickname", "id: nickname", "Nobody reads 'nickname'"),
    ("id: name", "id: nickname", "title: Gast", "does not ask for 'name'"),
    ("short_text\n    ask: Wie heißt", "long_text\n    ask: Wie heißt", "id: name", "cannot be of the kind"),
    ("kind: short_text\n    ask: Wie ist", "kind: gift\n    ask: Wie ist", "kind: gift", "There is no kind 'gift'"),
    ("title: Gast", "titel: Gast", "titel: Gast", "A form has no key 'titel'"),
    ("short: Name", "short: Name\n    purpose: x", "purpose: x", "has no key 'purpose'"),
])  # fmt: skip
def test_what_is_wrong_with_a_form_is_said_at_its_line(folder: Path, old: str, new: str, at: str, words: str) -> None:
    found = errors(folder, FORM.replace(old, new, 1))
    line = line_of(folder / FILE, at)
    assert any(words in what and place == line for place, what in found), found


def test_a_form_nobody_knows_is_named(folder: Path) -> None:
    assert errors(folder, FORM, "demo/forms/gast.yaml") == [(1, "There is no form 'gast'")]


def test_the_options_of_a_question_are_offered_again(folder: Path) -> None:
    offer = (
        OFFER
        + """\
  - {id: needs_level, kind: single, ask: Wer?, short: Wer, options_of: level, optional: true}
"""
    )
    file = "demo/forms/offer.yaml"
    assert errors(folder, offer, file) == []
    found = loaded(folder)
    question = found.forms["offer"].by_id["needs_level"]
    assert question.options == tuple(one for one in found.questionnaire.by_id["level"].options if not one.unsure)
    assert found.texts.option_key(question, "A1") == "questionnaire.level.option.A1"
    wrong = offer.replace("options_of: level", "options_of: paper")
    assert "has to offer the answers to 'level'" in errors(folder, wrong, file)[0][1]
    wrong = offer.replace("options_of: level", "options_of: levle")
    assert any("no question of the questionnaire" in what for _, what in errors(folder, wrong, file))
    assert errors(folder, offer.replace("level", "levle"), file)
    assert any("Take this question out" in one.mend for one in load(folder, "demo").faults)
    wrong = offer.replace("id: event", "id: party")
    assert any("The options of 'kind' are not known" in what for _, what in errors(folder, wrong, file))


def test_what_nobody_counts_is_said_at_the_question_that_offers_it(folder: Path) -> None:
    offer = (
        OFFER
        + """\
  - {id: provides, kind: multiple, ask: Was noch?, short: Dazu, options: [{id: bus, text: Bus}, {id: no, text: Nein}]}
"""
    )
    file = "demo/forms/offer.yaml"
    assert (6, "Nobody counts who needs 'bus'") in errors(folder, offer, file)


def test_a_day_is_asked_in_forms_only(folder: Path) -> None:
    path = folder / "demo/questionnaire.yaml"
    words = path.read_text(encoding="utf-8")
    path.write_text(words.replace("kind: yes_no", "kind: day", 1), encoding="utf-8")
    assert any("There is no kind 'day'" in one.what for one in load(folder, "demo").faults)


# -- words of staff over the files


def laid(content: Content, *offers: Said) -> Content:
    """The content with what staff said about these offers."""
    return overlaid(content, Sayings(offers, revision=len(offers)))


def shown(content: Content, language: str, key: str) -> str:
    """A text as a message shows it."""
    return content.texts.render(language, Screen(((Text(key),),))).text


def test_an_offer_made_in_the_chat_stands_beside_those_of_the_files() -> None:
    found = laid(minden(), NEW)
    offer = found.offers["own_1"]
    assert (offer.kind, offer.mode, offer.seats, offer.approval) == (Kind.EVENT, Mode.PRESENCE, 4, True)
    assert offer.place is not None
    assert offer.place.address == "Gasse 3"
    assert shown(found, "de", "offers.own_1.title") == "Café <b>{x}</b> & mehr"
    # Nobody has translated it: all of it is German, under a mark.
    assert shown(found, "fr", "offers.own_1.title").endswith("Café <b>{x}</b> & mehr")
    assert set(found.offers) == {*minden().offers, "own_1"}


def test_what_staff_said_beats_the_file_and_what_they_did_not_say_stays() -> None:
    before = minden().offers["iqui_b2"]
    said = Said("iqui_b2", own=False, fields={"fee": 0, "deadline_days": 0, "seats": None, "provider": "VHS"})
    now = laid(minden(), said).offers["iqui_b2"]
    assert (now.fee, now.register_until, now.seats, now.provider) == (0, parse_offset("-2h"), None, "VHS")
    assert (now.needs, now.suits, now.meetings, now.place) == (
        before.needs,
        before.suits,
        before.meetings,
        before.place,
    )


def test_another_german_text_ends_its_translations_until_they_are_said_again() -> None:
    renamed = Said("iqui_b2", own=False, texts={"de": {"title": "Neuer Titel"}})
    found = laid(minden(), renamed)
    assert [found.texts.has(one, "offers.iqui_b2.title") for one in ("de", "en", "ar")] == [True, False, False]
    assert found.texts.has("en", "offers.iqui_b2.text")
    translated = Said("iqui_b2", own=False, texts={"de": {"title": "Neuer Titel"}, "en": {"title": "New {title}"}})
    found = laid(found, translated)
    assert shown(found, "en", "offers.iqui_b2.title") == "New {title}"
    assert minden().texts.has("ar", "offers.iqui_b2.title")


def test_laid_over_twice_is_laid_over_once_and_can_be_taken_away() -> None:
    gone = Said("iqui_b2", own=False, withdrawn_at=datetime(2026, 12, 1, tzinfo=UTC))
    found = laid(laid(minden(), NEW, gone), NEW)
    assert not found.offers["iqui_b2"].withdrawn
    assert laid(found, gone).offers["iqui_b2"].withdrawn
    assert "own_1" not in laid(found).offers


def test_words_about_an_offer_the_files_have_no_more_lead_nowhere() -> None:
    assert laid(minden(), Said("long_gone", own=False, fields={"fee": 1})).offers == minden().offers


@pytest.mark.parametrize(("about", "value", "wanted"), [
    ("level", "B1", Test.AT_LEAST),
    ("goals", ("degree", "job"), AnyOf),
    ("goals", ["degree"], Test.INCLUDES),
    ("paper", "yes", Test.IS),
    ("level", None, None),
    ("level", "Z9", None),
    ("level", "unsure", None),
    ("nothing", "x", None),
])  # fmt: skip
def test_chosen_answers_become_a_condition(about: str, value: object, wanted: object) -> None:
    found: Condition | None = condition_of(minden().questionnaire, about, value)
    assert (found.test if isinstance(found, Fact) else None if found is None else type(found)) == wanted
