"""The town's own texts in every language: whole, in the right script, with the German words people meet on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.content.catalogue import Catalogue
from bot.content.checks import state_of
from bot.content.faults import Fault, Level, Report
from bot.content.loader import load, read_sources, read_translations
from bot.content.markup import parse, shape
from bot.content.reader import Source
from bot.content.texts import MARK
from bot.core.message import Screen, Text, Words
from tests.architecture.sources import ROOT
from tests.running import minden

CONTENT = ROOT / "content"
TOWN = "minden"
PLURAL_FORMS = {"en": 2, "ar": 6, "fa": 2, "fr": 2, "ru": 3, "uk": 3, "tr": 2}
"""What CLDR knows for whole numbers (of French millions, which no text here counts, one more)."""
SCRIPT = {"ar": "\u0600-\u06ff", "fa": "\u0600-\u06ff", "ru": "\u0400-\u04ff", "uk": "\u0400-\u04ff"}
LATIN = "A-Za-z\u00c0-\u024f"
LETTERS_OF_OTHERS = {
    "ar": "پچژگیک",  # Persian
    "fa": "يكىة",  # Arabic
    "ru": "іїєґІЇЄҐ",  # Ukrainian
    "uk": "ыэъёЫЭЪЁ",  # Russian
}
NOT_WORDS = re.compile(r"\{[a-z_]+\}|</?[a-z][^>]*>|/[a-z]+\b|https://\S+")
WORD = re.compile(rf"[{LATIN}][{LATIN}0-9.\-]*[{LATIN}0-9]")
EQUAL = {
    r"ui\.(consent\.purpose|card\..*|summary\.line|done\.office|again\.line|imprint\.operator)": "nothing but places",
    r"ui\.(why\.is|offers\.(entry|next|place|place_room|date|date_room))": "nothing but places",
    r"ui\.why\.briefly(_two)?": "nothing but places",
    r"ui\.talk\.from": "nothing but a name",
    r"ui\.mydata\.value": "nothing but a place",
    r"ui\.mydata\.by_staff": "the same word in both languages",
    r"ui\.(path\.line|privacy\.processor)": "nothing but places",
    r"path\.papers\.laptop|ui\.openings\.info": "the same word in both languages",
    r"ui\.people\.(one|head)": "nothing but a name",
    r"town\.name": "the name of a town",
    r"ui\.people\.number": "the same word in both languages",
    r"ui\.settings\.(hour|number|clock|place)": "nothing but a number, or a place",
    r"questionnaire\.german_level\.option\.[ABC][12]": "levels have these names everywhere",
    r"questionnaire\.certificate_kind\.(option|said)\..*": "names of examinations",
    r"questionnaire\.\w+\.link\.\d": "names of web pages",
    r"questionnaire\.uni_papers\.short": "the name of an office",
    r"questionnaire\.paper_from\.option\.(jobcenter|agency)": "it stands so on top of the paper",
    r"questionnaire\.exams\.option\.lid": "the examination is called so on its certificate",
    r"questionnaire\.apprenticeship_way\.short": "a short name people meet at the offices",
    r"ui\.button\.pause|questionnaire\.(computer|level)\.short": "the same word in both languages",
    r"ui\.contact\.phone": "Turkish says Telefon too",
    r"list\.places\..*": "names of places",
    r"list\.professions\.(massage_therapist|psychologist)(\.also)?": "the same word in both languages",
}
"""Texts that may read in a translation as they do in German, with the reason."""
TERMS = (
    *("Integrationskurs", "Berufssprachkurs", "Berechtigungsschein", "Verpflichtung", "Berechtigung"),
    *("Einstufungstest", "DTZ", "DTB", "telc", "Goethe-Institut", "TestDaF", "DSH", "ÖSD", "Jobcenter", "BAMF"),
    *("Agentur für Arbeit", "VHS", "HSBI", "VPD", "uni-assist", "IQ Anerkennungsberatung", "Qualifikationsanalyse"),
    *("IHK FOSA", "Handwerkskammer", "Bezirksregierung", "ZAG", "LDI NRW", "DSGVO", "reglementierte Berufe"),
    *("Einstiegsqualifizierung", "EQ", "I.Qu.I."),
)
"""German words that stay beside their explanation: a person meets them at an office or on paper."""
ADDED = {"Anerkennung", "Ausbildung", "Integrationskurs", "Berufssprachkurs", "Praktikum", "Minijob", "PhD", "IT"}
"""Latin words a translator may put in brackets where the German text has none."""


@dataclass(frozen=True)
class Said:
    """One form of a text in one language, beside its German source."""

    key: str
    german: str
    words: str


@cache
def german() -> Mapping[str, Mapping[str, Source]]:
    """The German texts of each folder."""
    return read_sources(CONTENT, TOWN, Report()).by_folder


@cache
def faults() -> Sequence[Fault]:
    """All there is to say of the town."""
    return load(CONTENT, TOWN).faults


@cache
def every_catalogue(language: str) -> list[tuple[Mapping[str, Source], Catalogue]]:
    """The German texts of each folder, and their translations."""
    report = Report()
    found = [(sources, read_translations(CONTENT, folder, language, report)) for folder, sources in german().items()]
    there = [(sources, catalogue) for sources, catalogue in found if catalogue is not None]
    assert len(there) == len(found), report.found
    return there


@cache
def said(language: str) -> list[Said]:
    """Every text of a language; each form of a plural by itself."""
    return [
        Said(key, " ".join(sources[key].forms), form)
        for sources, catalogue in every_catalogue(language)
        for key, entry in catalogue.entries.items()
        for form in dict.fromkeys(entry.forms)
    ]


@pytest.fixture(params=PLURAL_FORMS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_town_speaks_them_all() -> None:
    content = minden()
    assert set(content.languages) == {"de", *PLURAL_FORMS}


def test_the_mark_that_readers_of_another_language_may_see_names_none() -> None:
    content = minden()
    for language, name in (("de", "Deutsch"), ("en", "English")):
        assert name not in content.texts.label(language, MARK)


def test_nothing_is_missing_or_waits_for_a_look(language: str) -> None:
    for sources, catalogue in every_catalogue(language):
        states = {key: state_of(source, catalogue.entries.get(key)) for key, source in sources.items()}
        assert {key: state for key, state in states.items() if state != "translated"} == {}


def test_every_plural_form_a_language_has_is_there(language: str) -> None:
    for sources, catalogue in every_catalogue(language):
        assert catalogue.plurals == PLURAL_FORMS[language], catalogue.file
        plurals = [entry for key, entry in catalogue.entries.items() if sources[key].plural]
        assert [one.key for one in plurals if len(one.forms) != PLURAL_FORMS[language]] == []


def test_each_file_says_whether_a_native_speaker_has_read_it(language: str) -> None:
    for _, catalogue in every_catalogue(language):
        assert catalogue.headers.get("X-Reviewed-By", "").strip(), catalogue.file


def test_no_text_is_left_in_german(language: str) -> None:
    same = {one.key for one in said(language) if one.words == one.german and re.search(rf"[{LATIN}]", one.words)}
    assert {key for key in same if not any(re.fullmatch(allowed, key) for allowed in EQUAL)} == set()


def test_placeholders_and_markup_are_those_of_the_german_text(language: str) -> None:
    for sources, catalogue in every_catalogue(language):
        for key, entry in catalogue.entries.items():
            german = shape(parse(sources[key].forms[-1]))
            for form in entry.forms:
                own = shape(parse(form))
                assert own.tags == german.tags, key
                assert german.slots - own.slots <= ({"n"} if sources[key].plural else set()), key
                assert own.slots <= german.slots, key


def test_words_are_in_the_script_of_the_language(language: str) -> None:
    script = SCRIPT.get(language, LATIN)
    others = {name: letters for name, letters in SCRIPT.items() if name != language and letters != script}
    for one in said(language):
        bare = NOT_WORDS.sub(" ", one.words)
        if one.words != one.german and re.search(rf"[{LATIN}]", NOT_WORDS.sub("", one.german)):
            german_names = set(WORD.findall(one.german))
            only_names = set(WORD.findall(bare)) <= german_names
            assert re.search(f"[{script}]", bare) or only_names, one
        for letters in others.values():
            assert not re.search(f"[{letters}]", bare), one


@pytest.mark.parametrize("language", SCRIPT)
def test_latin_words_are_those_of_the_german_text(language: str) -> None:
    for one in said(language):
        if not one.key.endswith(".also"):
            words = set(WORD.findall(NOT_WORDS.sub(" ", one.words)))
            assert words <= set(WORD.findall(one.german)) | ADDED, one


@pytest.mark.parametrize("language", LETTERS_OF_OTHERS)
def test_no_letter_is_of_a_neighbouring_language(language: str) -> None:
    for one in said(language):
        if not one.key.endswith(".also"):  # people type what their keyboard has
            assert not set(one.words) & set(LETTERS_OF_OTHERS[language]), one


def test_german_words_of_offices_and_papers_are_kept(language: str) -> None:
    """On a card they stand where the German text has them; a button and a sentence of the summary may be shorter."""
    lost = {
        (one.key, term)
        for one in said(language)
        for term in TERMS
        if not re.match(r"list\.|questionnaire\.\w+\.(short|option|said|say|sentence)", one.key)
        and re.search(rf"(?<!\w){re.escape(term)}(?!\w)", one.german)
        and term not in one.words
    }
    assert lost == set()


def test_no_button_is_longer_than_a_phones_line() -> None:
    """By the count; the browser tests measure the same labels at 360 px."""
    hints = [fault for fault in faults() if "The button" in fault.what]
    assert hints == []


def test_the_check_has_nothing_to_say_of_this_town() -> None:
    assert [fault for fault in faults() if fault.level is not Level.HINT] == []


def test_a_right_to_left_line_begins_with_a_word_of_the_language() -> None:
    for language in ("ar", "fa"):
        for one in said(language):
            if one.key.startswith("list.") or one.words == one.german:
                continue
            for line in NOT_WORDS.sub("", one.words).split("\n"):
                first = re.search(rf"[{LATIN}{SCRIPT[language]}]", line)
                assert first is None or re.match(f"[{SCRIPT[language]}]", first[0]) or "{" in one.words, one


def test_there_is_a_catalogue_for_every_language_and_none_besides() -> None:
    for folder in (CONTENT, CONTENT / TOWN, CONTENT / TOWN / "lists"):
        assert {path.stem for path in Path(folder / "locales").glob("*.po")} == set(PLURAL_FORMS)


def test_every_text_is_rendered_in_every_language() -> None:
    content = minden()
    for language in content.languages:
        for key in content.texts.keys(""):
            slots = shape(parse(content.texts.source(key))).slots
            for count in (0, 1, 2, 3, 11, 100) if "{n}" in content.texts.source(key) else (None,):
                filled = {slot: Words("x") for slot in slots - ({"n"} if count is not None else set())}
                rich = content.texts.render(language, Screen(((Text(key, filled, count),),)))
                assert rich.text.strip(), (language, key)
                assert "{" not in rich.text or "{{" in content.texts.source(key), (language, key)
