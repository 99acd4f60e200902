from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.faults import Fault, Level
from bot.content.loader import Content, load
from bot.content.town import Consent
from bot.core.conditions import All, Any, Condition, Fact, Test
from bot.core.message import Text
from bot.core.questionnaire import Kind, Option

from .conftest import SAMPLE
from .editing import edit, line_of, loaded

TOWN = "demo/town.yaml"
QUESTIONS = "demo/questionnaire.yaml"

# file, what stands there, what is written in its place, words of the line that is blamed, words of the fault
BROKEN = [
    # readable at all
    (QUESTIONS, "  - id: level\n", "\t- id: level\n", "- id: level", "not readable as YAML"),
    (QUESTIONS, "ask: Wie gut ist", "ask: [Wie gut ist", "short: Deutsch", "not readable as YAML"),
    (
        QUESTIONS,
        "    kind: scale\n",
        "    kind: scale\n    kind: scale\n",
        "kind: scale\n    ask:",
        "'kind' stands here twice",
    ),
    (TOWN, "zone: Europe/Berlin", "zone: Europe/Berlin\n? [a]\n: b", "? [a]", "must be a single word"),
    (
        TOWN,
        "zone: Europe/Berlin",
        "zone: Europe/Berlin\nretention: {interests: 7 months}",
        "retention: {interests",
        "longer than the text promises",
    ),
    # keys
    (QUESTIONS, "    hint: Mehrere", "    hnit: Mehrere", "hnit", "no key 'hnit'. Did you mean 'hint'?"),
    (QUESTIONS, "    purpose: matching\n", "", "id: goals\n", "lacks 'purpose'"),
    (QUESTIONS, "    basis: consent\n", "", "id: goals\n", "lacks 'basis'"),
    (QUESTIONS, "    retention: 24 months\n", "", "id: goals\n", "lacks 'retention'"),
    (QUESTIONS, "retention: 24 months", "retention: long", "retention: long", "no length of time"),
    (QUESTIONS, "    short: Ziele\n", "", "id: goals\n", "lacks 'short'"),
    (QUESTIONS, "    most: 2", "    most: two", "most: two", "whole number"),
    (QUESTIONS, "    most: 2", "    most: 5", "id: goals\n", "do not fit its 2 options"),
    (QUESTIONS, "optional: true", "optional: yes", "optional: yes", "true or false"),
    (QUESTIONS, "    kind: scale\n", "    kind: scale\n    most: 2\n", "most: 2\n    ask: Wie", "no key 'most'"),
    (QUESTIONS, "kind: scale", "kind: scales", "kind: scales", "no kind 'scales'"),
    (QUESTIONS, "section: german", "section: germ", "section: germ\n", "no section 'germ'"),
    (QUESTIONS, "    why: Damit wir Kurse finden.\n", "", "id: paper", "does not say why"),
    (QUESTIONS, "hint: Mehrere sind möglich.", "hint:", "hint:", "is empty"),
    (QUESTIONS, "hint: Mehrere sind möglich.", "hint: [a]", "hint:", "is a list"),
    (QUESTIONS, "hint: Mehrere sind möglich.", "hint: {one: a}", "hint:", "lacks 'other'"),
    # ids
    (QUESTIONS, "- id: level\n", "- id: Level\n", "id: Level", "'Level' is no id"),
    (QUESTIONS, "- id: level\n", f"- id: {'l' * 25}\n", "id: lllll", "is no id"),
    (QUESTIONS, "- id: level\n", "- id: lev\u200fel\n", "id: lev\u200fel", "'lev<U+200F>el' is no id"),
    (QUESTIONS, "{level: {at", "{l\u0435vel: {at", "l\u0435vel", "'level'? '\u0435' is none of the letters a to z"),
    (QUESTIONS, "kind: scale", "kind: sc\u200bale", "kind: sc\u200bale", "There is no kind 'sc<U+200B>ale'"),
    (QUESTIONS, "  - id: level\n", "=======\n  - id: level\n", "=======", "Two changes meet here"),
    (QUESTIONS, "- id: level\n", "- id: goals\n", "- id: goals\n    section: german", "'goals' is taken"),
    (QUESTIONS, "{id: job, text: Arbeit}", "{id: degree, text: Arbeit}", "text: Studium", "'degree' is taken"),
    (QUESTIONS, "- id: more", "- id: any", "id: any", "cannot be called 'any'"),
    (QUESTIONS, "- id: more", "- id: section", "id: section", "cannot be called 'section'"),
    # options
    (QUESTIONS, "{id: none, text: keins}", "{id: none, text: keins, exclusive: true}", "keins", "no key 'exclusive'"),
    (QUESTIONS, "    unsure: Weiß nicht\n", "    options: [{id: a, text: A}]\n", "id: paper", "options yes and no"),
    (QUESTIONS, "text: Arbeit}", f"text: {'a' * 65}}}", "id: job", "has 65 characters"),
    (QUESTIONS, "minimum: 0", "minimum: 60", "id: hours", "takes no number"),
    (QUESTIONS, "max_length: 50", "max_length: 0", "max_length: 0", "out of range"),
    (QUESTIONS, 'other: "{n} Stunden"', "other: Stunden", "unit:", "does not hold its number"),
    # conditions
    (QUESTIONS, "{level: {at_least: A1}}", "{levle: {at_least: A1}}", "levle", "Did you mean 'level'?"),
    (QUESTIONS, "{level: {at_least: A1}}", "{level: {at_least: A2}}", "at_least: A2", "no option 'A2'"),
    (
        QUESTIONS,
        "{level: {at_least: A1}}",
        "{level: {includes: A1}}",
        "includes: A1",
        "cannot be compared with 'includes'",
    ),
    (QUESTIONS, "{level: {at_least: A1}}", "{level: {at_leats: A1}}", "at_leats", "Did you mean 'at_least'?"),
    (QUESTIONS, "{level: {at_least: A1}}", "{level: unsure}", "ask_if: {level: unsure}", "can never hold"),
    (QUESTIONS, "{level: {at_least: A1}}", "{goals: job}", "{goals: job}", "cannot be compared with 'is'"),
    (QUESTIONS, "{level: {at_least: A1}}", "{hours: {at_least: 2}}", "ask_if: {hours", "not asked before"),
    (QUESTIONS, "{level: {at_least: A1}}", "{paper: yes}", "ask_if: {paper", "not asked before"),
    (QUESTIONS, "{level: {at_least: A1}}", "{not: }", "ask_if: {not", "must be a mapping"),
    (QUESTIONS, "{level: {at_least: A1}}", "{level: {answered: yes}}", "answered: yes", "true or false"),
    (QUESTIONS, "    optional: true", "    ask_if: {hours: {at_least: 61}}", "at_least: 61", "is never 61"),
    (
        QUESTIONS,
        "{any: [{goals: {includes: job}}, {paper: yes}]}",
        "{any: {paper: yes}}",
        "{any:",
        "list of conditions",
    ),
    # the town
    (TOWN, "id: demo", "id: other", "id: other", "not its folder's name"),
    (TOWN, "zone: Europe/Berlin", "zone: Europe/Mnden", "zone:", "no time zone"),
    (TOWN, "languages: [de, en, ar]", "languages: [en, ar]", "languages:", "German is missing"),
    (TOWN, "languages: [de, en, ar]", "languages: [de, en, xx]", "languages:", "no language 'xx'"),
    (TOWN, "languages: [de, en, ar]", "languages: [de, en, AR]", "languages:", "Write 'ar'"),
    (TOWN, "  hours: montags\n", "", "name: Büro", "lacks 'hours'"),
    (TOWN, "map: https://example.org/map", "map: example.org/map", "  map:", "cannot be used as 'map'"),
    (TOWN, "  phone: +49 30 23125 101", "  phone: 0571", "phone: 0571", "cannot be used as 'phone'"),
    (TOWN, "email: demo@example.org", "email: demo", "email: demo\n", "cannot be used as 'email'"),
    (TOWN, "zone: Eu", "four_eyes: {roles: [viewer]}\nzone: Eu", "four_eyes", "no role that writes to many"),
    (TOWN, "zone: Eu", "four_eyes: {above: 0}\nzone: Eu", "four_eyes", "cannot be the limit"),
    (TOWN, "zone: Eu", "four_eyes: {}\nzone: Eu", "four_eyes", "neither 'roles' nor 'above'"),
    (TOWN, "ask: end", "ask: later", "ask: later", "no moment to ask"),
    (TOWN, ", recipients: Das Team", "", "{id: storage", "The required consent lacks 'recipients'"),
    (TOWN, ', map: "https://example.org/map"', "", "{who: Jugend", "'advice_under_16' lacks 'map'"),
    (TOWN, "required: true, ", "", "id: storage", "The first consent, and only it"),
    (TOWN, "notice: Kurz.", f"notice: {'a' * 4097}", "notice:", "longer than a message"),
    # German texts
    ("ui.yaml", "<b>{name}</b>, <i>", "<b>{name}, <i>", "strong:", "bold is opened and not closed"),
    ("ui.yaml", "<b>{name}</b>, <i>", "{name}</b>, <i>", "strong:", "'</b>' closes what is not open"),
    ("ui.yaml", "Hallo {name}!", "Hallo {Name}!", "hello:", "'{Name}' is no placeholder"),
    ("ui.yaml", "Hallo {name}!", "Hallo {name!", "hello:", "'{' is no placeholder"),
    ("ui.yaml", "Hallo {name}!", "<u>Hallo</u> {name}!", "hello:", "'<u>' is no markup"),
    ("ui.yaml", "https://example.org/", "http://example.org/", "fixed:", "is no markup"),
    ("ui.yaml", "  missing: Noch nicht übersetzt.\n", "", "language:", "'ui.language.missing' is missing"),
    ("ui.yaml", '  "no": "Nein"\n', "", "language:", "'ui.answer.no' is missing"),
    # translations
    ("demo/locales/en.po", 'msgstr "Office"', 'msgstr "Office', "Office", "not readable as PO"),
    ("demo/locales/en.po", 'msgstr "Office"', "<<<<<<< HEAD", "<<<<<<<", "take the lines with <<<<<<<"),
    ("demo/locales/en.po", '"town.office.hours"', '"town.office.name"', 'msgid "montags"', "has two entries"),
    (
        "locales/en.po",
        "Hello {name}!",
        "Hello {nom}!",
        "ui.greet.hello",
        "placeholders {nom}, the German text {name}",
    ),
    ("locales/en.po", "Hello <b>{name}</b>", "Hello {name}", "ui.greet.strong", "other bold, italic or link parts"),
    ("locales/en.po", "Hello <b>{name}</b>", "Hello <b>{name}</i>", "ui.greet.strong", "closes what is not open"),
    ("locales/en.po", "{n} questions", "{m} questions", "ui.greet.many", "placeholders {m}"),
    ("locales/ar.po", "plural=(n==0", "plural=(m==0", "", "Plural-Forms"),
    ("locales/ar.po", "Language-Team: ", "Language-Team ", "", "is no line of a header"),
    ("locales/ar.po", "nplurals=6", "nplurals=3", "ui.greet.many", "not readable as PO"),
]


@pytest.mark.parametrize(("file", "old", "new", "blamed", "words"), BROKEN)
def test_a_fault_is_named_with_its_line(folder: Path, file: str, old: str, new: str, blamed: str, words: str) -> None:
    edit(folder / file, old, new)
    result = load(folder, "demo")
    fault = next((fault for fault in result.faults if words in str(fault)), None)
    assert fault is not None, "\n".join(map(str, result.faults))
    assert (fault.file, fault.level) == (file, Level.ERROR)
    assert fault.mend
    assert result.content is None
    assert abs(fault.line - _line(folder / file, blamed)) <= (1 if file.endswith(".po") else 0), str(fault)


def _line(path: Path, blamed: str) -> int:
    """The line of the first of some words; of several lines the first counts."""
    words = path.read_text(encoding="utf-8")
    return words[: words.index(blamed)].count("\n") + 1


def test_null_is_a_word_as_any_other(folder: Path) -> None:
    edit(folder / QUESTIONS, "text: Arbeit}", "text: Null}")
    content = load(folder, "demo").content
    assert content is not None
    assert content.texts.label("de", Text("questionnaire.goals.option.job")) == "Null"


def test_where_the_needs_cannot_be_read_nobody_is_blamed_for_what_they_name(folder: Path) -> None:
    (folder / "demo/needs.yaml").write_text("level: levle\n", encoding="utf-8")
    offer = "  - {id: a, kind: advice, title: A, text: A, hours: montags, provides: [childcare]}\n"
    (folder / "demo/offers.yaml").write_text(f"offers:\n{offer}", encoding="utf-8")
    assert {one.file for one in load(folder, "demo").faults if one.level is Level.ERROR} == {"demo/needs.yaml"}
    (folder / "demo/needs.yaml").unlink()
    assert any("Name it under 'extra' in needs.yaml" in one.mend for one in load(folder, "demo").faults)


def test_the_sample_is_free_of_faults() -> None:
    assert load(SAMPLE, "demo").faults == ()


def test_aliases_are_refused_without_following_them(folder: Path) -> None:
    edit(folder / QUESTIONS, "ask_if: {level: {at_least: A1}}", "ask_if: &a {all: [*a]}")
    faults = load(folder, "demo").faults
    assert any("aliases" in fault.what for fault in faults), faults


def test_nesting_without_end_is_refused(folder: Path) -> None:
    edit(folder / QUESTIONS, "{level: {at_least: A1}}", "{not: " * 30 + "{level: A1}" + "}" * 30)
    assert any("nested too deeply" in fault.what for fault in load(folder, "demo").faults)


def test_a_file_that_is_not_utf8_is_named_with_its_line(folder: Path) -> None:
    path = folder / QUESTIONS
    number = line_of(path, "möchten")
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    (fault,) = (fault for fault in load(folder, "demo").faults if fault.file == QUESTIONS)
    assert (fault.line, fault.what) == (number, "The file is not UTF-8")


@pytest.mark.parametrize("name", ["ui.yaml", TOWN, QUESTIONS])
@pytest.mark.parametrize("words", [None, "", "just words", "- a\n- b\n", "\x00", "a: \x07"])
def test_a_file_that_is_missing_or_no_mapping_is_a_fault(folder: Path, name: str, words: str | None) -> None:
    (folder / name).unlink()
    if words is not None:
        (folder / name).write_text(words, encoding="utf-8")
    result = load(folder, "demo")
    assert result.content is None
    assert any(fault.file == name and fault.level is Level.ERROR for fault in result.faults)


def test_a_folder_that_is_missing_is_a_fault_per_file(tmp_path: Path) -> None:
    result = load(tmp_path / "nowhere", "demo")
    assert result.content is None
    assert [fault.file for fault in result.faults] == [QUESTIONS, TOWN, "ui.yaml"]


def test_the_first_line_of_a_file_may_hold_a_byte_order_mark_and_windows_line_ends(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        if path.is_file():
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder, "demo").faults == ()


@given(st.data())
def test_rubbish_in_any_file_never_raises(data: st.DataObject) -> None:
    files = sorted(path.relative_to(SAMPLE) for path in SAMPLE.rglob("*.*") if path.is_file())
    name = data.draw(st.sampled_from(files))
    words = (SAMPLE / name).read_bytes()
    at = data.draw(st.integers(0, len(words)))
    until = data.draw(st.integers(at, min(len(words), at + 40)))
    rubbish = data.draw(
        st.one_of(st.binary(max_size=8), st.sampled_from([b"\n", b": ", b"[", b'"', b"- ", b"{", b"\t"]))
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(SAMPLE, Path(place) / "content"))
        (folder / name).write_bytes(words[:at] + rubbish + words[until:])
        result = load(folder, "demo")
    assert (result.content is None) is any(fault.level is Level.ERROR for fault in result.faults)


def test_a_long_label_is_a_hint_and_too_many_options_a_warning(folder: Path) -> None:
    many = "".join(f"\n      - {{id: o{number}, text: {'x' * 31}}}" for number in range(12))
    edit(folder / QUESTIONS, "{id: job, text: Arbeit}", "{id: job, text: Arbeit}" + many)
    faults = load(folder, "demo").faults
    own = {(fault.level, fault.what) for fault in faults if fault.file == QUESTIONS}
    assert (Level.HINT, "The button 'questionnaire.goals.option.o0' has 31 characters") in own
    assert (Level.WARNING, "'goals' has 16 options, more than a phone shows at once") in own


def test_a_card_that_is_too_long_in_one_language_only_is_an_error(folder: Path) -> None:
    edit(folder / "demo/locales/ar.po", "لكي نجد دورات.", "ك" * 4000)
    (fault,) = load(folder, "demo").faults
    assert fault.level is Level.ERROR
    assert "The card of 'paper' has" in fault.what
    assert "in 'ar'" in fault.what


@pytest.mark.parametrize(
    ("language", "words", "named"), [("ar", "لم تُترجم بعد.", True), ("en", "Not translated yet.", False)]
)
def test_a_command_without_its_mark_is_named_where_one_reads_from_right_to_left(
    folder: Path, language: str, words: str, named: bool
) -> None:
    path = folder / "locales" / f"{language}.po"
    edit(path, words, f"{words} \u200e/help https://example.org/start")
    assert load(folder, "demo").faults == ()
    edit(path, "\u200e/help", "/help")
    found = [str(fault) for fault in load(folder, "demo").faults]
    assert [one for one in found if "lets the slash of /help jump" in one] == (found if named else [])
    assert len(found) == named


def test_a_fault_reads_as_a_line_for_a_terminal() -> None:
    fault = Fault("minden/questionnaire.yaml", 12, "It is wrong", "Mend it")
    assert str(fault) == "minden/questionnaire.yaml:12: error: It is wrong. Mend it"


def test_the_town_is_read_whole(content: Content) -> None:
    town = content.town
    assert (town.id, town.name, town.project, town.zone) == ("demo", "Demostadt", "Probe", "Europe/Berlin")
    assert town.languages == content.languages == content.texts.languages == ("de", "en", "ar")
    assert town.office.map == "https://example.org/map"
    assert town.advice_under_16.phone == "+49 30 23125 102"
    assert (town.imprint.operator, town.imprint.responsible) == ("Stadt Demostadt", "Erika Mustermann")
    assert (town.privacy.url, town.privacy.officer) == ("https://example.org/privacy", "Max Mustermann")
    assert town.consents == (Consent("storage", True, "start"), Consent("companies", False, "end"))
    assert content.texts.source("town.consents.storage.recipients") == "Das Team"


def test_the_questions_are_read_whole(content: Content) -> None:
    questions = content.questionnaire.by_id
    assert content.questionnaire.sections == ("goals", "german")
    assert [question.kind for question in content.questionnaire.questions] == [
        Kind.MULTIPLE,
        Kind.SCALE,
        Kind.YES_NO,
        Kind.NUMBER,
        Kind.SHORT_TEXT,
    ]
    assert questions["goals"].options[2:] == (
        Option("none", exclusive=True),
        Option("unsure", exclusive=True, unsure=True),
    )
    assert questions["goals"].most == 2
    assert [option.id for option in questions["paper"].options] == ["yes", "no", "unsure"]
    assert (questions["hours"].minimum, questions["hours"].maximum) == (0, 60)
    assert (questions["more"].optional, questions["more"].max_length) == (True, 50)
    assert questions["paper"].sensitive


A1_UP = Fact("level", Test.AT_LEAST, "A1", ("none", "A1", "B1"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{level: {at_least: A1}}", A1_UP),
        ("{level: B1}", Fact("level", Test.IS, "B1")),
        ("{level: {one_of: [none, A1]}}", Fact("level", Test.ONE_OF, ("none", "A1"))),
        ("{level: {answered: false}}", Fact("level", Test.ANSWERED, False)),
        ("{goals: {includes: job}, level: {at_least: A1}}", All((Fact("goals", Test.INCLUDES, "job"), A1_UP))),
        (
            "{any: [{level: {at_least: A1}}, {goals: {answered: true}}]}",
            Any((A1_UP, Fact("goals", Test.ANSWERED, True))),
        ),
        ("{level: {at_least: A1, at_most: B1}}", All((A1_UP, Fact("level", Test.AT_MOST, "B1", A1_UP.scale)))),
    ],
)
def test_a_condition_is_read(folder: Path, written: str, read: Condition) -> None:
    edit(folder / QUESTIONS, "{level: {at_least: A1}}", written)
    assert loaded(folder).questionnaire.by_id["paper"].ask_if == read


def test_a_number_is_compared_as_a_number(folder: Path) -> None:
    edit(folder / QUESTIONS, "    optional: true", "    ask_if: {hours: {one_of: [2, 10]}}")
    assert loaded(folder).questionnaire.by_id["more"].ask_if == Fact("hours", Test.ONE_OF, (2, 10))  # type: ignore[arg-type]


def test_yes_and_no_stay_words_though_yaml_knows_them_as_booleans(content: Content) -> None:
    assert content.questionnaire.by_id["hours"].ask_if == Any(
        (Fact("goals", Test.INCLUDES, "job"), Fact("paper", Test.IS, "yes"))
    )


def test_the_revision_names_structure_and_german_texts_only(folder: Path, content: Content) -> None:
    before = content.questionnaire.revision
    assert len(before) == 12
    edit(folder / QUESTIONS, "sections:\n", "# a remark\nsections:\n")
    assert loaded(folder).questionnaire.revision == before
    edit(folder / QUESTIONS, "ask: Was möchten Sie?", "ask: {text: Was möchten Sie?, note: A goal.}")
    noted = loaded(folder).questionnaire.revision
    edit(folder / QUESTIONS, "A goal.", "Another note.")
    assert loaded(folder).questionnaire.revision == noted
    edit(folder / QUESTIONS, "Was möchten Sie?", "Was wollen Sie?")
    reworded = loaded(folder).questionnaire.revision
    edit(folder / QUESTIONS, "maximum: 60", "maximum: 50")
    assert len({before, reworded, loaded(folder).questionnaire.revision}) == 3
