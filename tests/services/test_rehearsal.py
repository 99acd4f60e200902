"""What no messenger or no person could bear is said by `lotse check` and refuses a start."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pytest

from bot import app
from bot.content import commands
from bot.content.faults import Level
from bot.content.loader import Content, Loaded, load
from bot.content.reminders_file import SLOTS
from bot.content.rich import utf16
from bot.content.room import Room
from bot.core.message import Button, Screen, Text, Words
from bot.core.reminders import Anchor
from bot.services import places, screens
from bot.services.preferences import telling
from bot.services.rehearsals import rehearsal, rehearsed_offers
from bot.settings import read
from tests.running import CONTENT, TOKEN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content, to be broken."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def written(folder: Path, file: str, before: str, after: str) -> Loaded:
    """What comes of the content with other words in one of its files."""
    path = folder / "minden" / file
    words = path.read_text(encoding="utf-8")
    assert before in words
    path.write_text(words.replace(before, after), encoding="utf-8")
    return load(folder, "minden")


def changed(folder: Path, file: str, before: str, after: str) -> Content:
    content = written(folder, file, before, after).content
    assert content is not None
    return content


def room_of(content: Content) -> Room:
    return Room(content.texts, telling.named(rehearsal.SOME_DAY.replace(tzinfo=None)))


def lacking(folder: Path, key: str) -> Content:
    """The content, whose Ukrainian text of that key is not there."""
    path = folder / "locales" / "uk.po"
    head, found, behind = path.read_text(encoding="utf-8").partition(f'msgctxt "{key}"')
    assert found
    path.write_text(head + found + re.sub(r'msgstr "[^"]*"', 'msgstr ""', behind, count=1), encoding="utf-8")
    content = load(folder, "minden").content
    assert content is not None
    return content


def test_the_real_content_has_no_fault(content: Content) -> None:
    assert rehearsal.faults(content) == []


def test_no_screen_is_longer_than_the_room_it_is_said_to_take(content: Content) -> None:
    room = room_of(content)
    short = 0
    for language in content.languages:
        for one in rehearsal._all_screens(content, language):
            screen = one.build()
            said = content.texts.render(language, telling.all_named(screen))
            assert utf16(said.text) <= room.of(screen), f"{one.name} in {language}"
            short += room.of(screen) < 1500
    assert short > 1000, "most cards need not be said to know that they fit"


def test_what_is_said_to_be_alike_has_the_same_texts_in_every_language(content: Content) -> None:
    def lines(language: str) -> list[tuple[str, list[str]]]:
        every = [one for one in rehearsal._all_screens(content, language) if one.alike]
        return [(one.name, sorted(repr(line) for block in one.build().blocks for line in block)) for one in every]

    german = lines("de")
    assert len(german) > 250, "most cards need not be built in each language"
    for language in content.languages:
        assert lines(language) == german, language


def test_a_text_that_a_language_lacks_makes_a_card_twice_as_long(content: Content, folder: Path) -> None:
    (card, *_) = (one for one in rehearsal._all_screens(content, "de") if one.name == places.IMPRINT)
    without = lacking(folder, "ui.imprint.title")
    assert room_of(without).of(card.build()) > 2 * room_of(content).of(card.build()) - 100


def test_so_does_a_text_within_the_label_of_a_button(content: Content, folder: Path) -> None:
    label = Text("ui.button.interest_drop", {"what": Text("ui.imprint.title")})
    card = Screen(((Words("Hallo"),),), ((Button(label, "x"),),))
    without = lacking(folder, "ui.imprint.title")
    assert without.texts.spoken("uk", card) == "de"
    assert room_of(without).of(card) > 2 * room_of(content).of(card)


@pytest.mark.parametrize("language", ["ar", "uk"])
def test_a_card_that_is_too_long_in_one_language_alone_refuses_the_start(folder: Path, language: str) -> None:
    path = folder / "minden/locales" / f"{language}.po"
    head, found, behind = path.read_text(encoding="utf-8").partition('msgctxt "town.privacy.details"')
    assert found
    path.write_text(
        head + found + behind.replace('msgstr ""', 'msgstr ""\n"' + "ؤ " * 1900 + '"', 1), encoding="utf-8"
    )
    loaded = load(folder, "minden")
    assert loaded.content is not None, loaded.faults
    whats = [fault.what for fault in rehearsal.cards(loaded.content)]
    assert any(f"In '{language}' the card 'privacy'" in one for one in whats)
    assert whats == [fault.what for fault in rehearsal.cards(loaded.content, every=True)]


def test_a_card_that_is_longer_than_a_message_refuses_the_start(folder: Path) -> None:
    content = changed(folder, "town.yaml", "<b>Grundlage:</b>", "Sehr viele Worte. " * 158)
    (fault, *_) = found = rehearsal.faults(content)
    assert {(one.file, str(one.level)) for one in found} == {("minden/town.yaml", "error")}
    assert "the card 'privacy'" in fault.what
    settings = read(_env_file=None, bot_token=TOKEN, content_dir=folder)
    with pytest.raises(app.ContentRefused, match="the card 'privacy'"):
        app.load_content(settings)


MANY_WORDS = "Sehr viele Worte. " * 200
TOO_LONG = [
    ("offers.yaml", "Fragen zu Kursen, ", MANY_WORDS, "the card 'offer.advice'"),
    ("offers.yaml", "ein Schulabschluss, mit dem man studieren darf", MANY_WORDS, "the card 'offers.courses'"),
    ("offers.yaml", "A 101", MANY_WORDS, "the card 'mine'"),
    ("reminders.yaml", "Kommen Sie?", MANY_WORDS, "the card 'reminders.event_day'"),
]


@pytest.mark.parametrize(("file", "before", "after", "card"), TOO_LONG)
def test_an_offer_or_a_reminder_that_is_too_long_is_named(
    folder: Path, file: str, before: str, after: str, card: str
) -> None:
    found = [one for one in rehearsal.cards(changed(folder, file, before, after)) if card in one.what]
    assert found
    assert {(one.file, one.level) for one in found} == {(f"minden/{file}", Level.ERROR)}
    assert {one.what.split("'")[1] for one in found} >= {"de"}


def test_the_fault_of_a_reminder_stands_where_its_text_does(folder: Path) -> None:
    content = changed(folder, "reminders.yaml", "<b>Ihr Kurs ist zu Ende:</b>", MANY_WORDS)
    assert {(one.file, one.line) for one in rehearsal.cards(content)} == {
        content.texts.place("reminders.course_over")
    }


IN_VAIN = [
    ("das Papier für den Kurs (Berechtigung)", '"das Papier von {who}"', "offers.job_b2.need_2"),
    ("Montag bis Donnerstag, 9 bis 12 Uhr", '"{days}, 9 bis 12 Uhr"', "offers.advice.hours"),
    ("Offene Beratung von I.Qu.I.", "Offene Beratung von {who}", "offers.advice.title"),
    ("Stadthaus Minden", "Stadthaus {room}", "offers.iqui_b2.place"),
]


@pytest.mark.parametrize(("before", "after", "key"), IN_VAIN)
def test_a_placeholder_that_nobody_fills_in_is_found_before_the_rehearsal(
    content: Content, folder: Path, before: str, after: str, key: str
) -> None:
    place = content.texts.place(key)
    faults = written(folder, "offers.yaml", before, after).faults
    assert [(one.file, one.line) for one in faults] == [place]
    assert "Nobody fills in {" in faults[0].what


def test_a_town_without_offers_and_reminders_is_rehearsed(folder: Path) -> None:
    for name in ("offers.yaml", "reminders.yaml", "path.yaml"):
        (folder / "minden" / name).unlink()
    loaded = load(folder, "minden")
    assert loaded.content is not None
    assert rehearsal.cards(loaded.content) == []


def test_a_reminder_is_said_with_what_its_anchor_knows() -> None:
    """The rehearsal fills in what a rule may ask for; else a good text would refuse the start."""
    for anchor, filled in rehearsed_offers._FILLED.items():
        assert filled.keys() == SLOTS[anchor]
    assert SLOTS.keys() - rehearsed_offers._FILLED.keys() == {
        *(Anchor.UNFINISHED, Anchor.OLD_ANSWER, Anchor.LAST_DAY, Anchor.NEW_OPENINGS)
    }


def test_every_state_of_an_offer_and_every_reminder_is_rehearsed(content: Content) -> None:
    names = {one.name for one in rehearsal._all_screens(content, "de")}
    assert names >= {f"offer.{one}" for one in content.offers}
    assert names >= {f"reminders.{one}" for one in content.reminders}
    assert names >= {"offers.courses", "offers.events", *screens.PLACES}


def test_a_way_that_is_too_long_is_a_warning(folder: Path) -> None:
    path = folder / "minden" / "questionnaire.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(_without_conditions(lines)) + "\n", encoding="utf-8")
    out = io.StringIO()
    assert commands.check(folder, "minden", out, also=rehearsal.faults) == 0
    assert "There is a way of 18 questions through the first pass; 12 are the most" in out.getvalue()
    assert commands.check(folder, "minden", out, strict=True, also=rehearsal.faults) == 1


def _without_conditions(lines: list[str]) -> list[str]:
    """The file without `ask_if`, whether it stands on one line or on several."""
    kept: list[str] = []
    inside = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if inside is not None and (indent > inside or not line.strip()):
            continue
        inside = indent if line.lstrip().startswith("ask_if:") else None
        if inside is None:
            kept.append(line)
    return kept
