"""Finding an item of a list by words of any language, with the mistakes people make."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loader import Content, load
from bot.content.search import MOST_FOUND, Finder
from bot.core.message import Text

LIST = """\
items:
  - {id: nurse, text: Krankenpflege, also: Krankenschwester; Krankenpfleger; Pflegekraft, tags: [regulated, health]}
  - {id: doctor, text: Ärztin oder Arzt, also: Mediziner; Doktor, tags: [regulated, health]}
  - {id: teacher, text: Lehrkraft, also: Lehrerin; Lehrer, tags: [regulated, teaching]}
  - {id: civil, text: Bauingenieurwesen, also: Bauingenieurin; Bauingenieur, tags: [engineering]}
  - {id: electrician, text: Elektronik, also: Elektriker; Elektronikerin, tags: [craft]}
  - {id: cook, text: Küche, also: Koch; Köchin, tags: [food]}
"""
WORDS = {
    "en": {
        "nurse": ("Nursing", "nurse; hospital nurse"),
        "doctor": ("Doctor", "physician; medical doctor"),
        "teacher": ("Teacher", "school teacher"),
        "civil": ("Civil engineering", "civil engineer"),
        "electrician": ("Electrician", "electronics technician"),
        "cook": ("Cooking", "cook; chef"),
    },
    "ar": {
        "nurse": ("التمريض", "ممرضة; ممرض"),
        "doctor": ("الطب", "طبيب; طبيبة; دكتور"),
        "teacher": ("التدريس", "معلم; معلمة; مدرس"),
        "civil": ("الهندسة المدنية", "مهندس مدني; مهندسة مدنية"),
        "electrician": ("الكهرباء", "كهربائي"),
        "cook": ("الطبخ", "طباخ; طباخة"),
    },
}
QUESTION = """\
  - id: occupation
    section: about
    kind: list
    list: jobs
    ask: Welchen Beruf haben Sie?
    short: Beruf
    common: [nurse, cook]
    own_words: true
    purpose: matching
    basis: consent
    retention: 24 months
"""


@pytest.fixture
def listed(folder: Path) -> Path:
    """The sample with a list, in three languages, and a question that chooses from it."""
    town = folder / "demo"
    questions = town / "questionnaire.yaml"
    words = questions.read_text(encoding="utf-8")
    section = words.split("{id: ")[1].split(",")[0]
    questions.write_text(words.rstrip("\n") + "\n" + QUESTION.replace("about", section), encoding="utf-8")
    (town / "lists" / "locales").mkdir(parents=True)
    (town / "lists" / "jobs.yaml").write_text(LIST, encoding="utf-8")
    german = {line.split("id: ")[1].split(",")[0]: line for line in LIST.splitlines()[1:]}
    for language, texts in WORDS.items():
        entries = [f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n']
        for item, (label, also) in texts.items():
            source = german[item].split("text: ")[1].split(", also")[0]
            further = german[item].split("also: ")[1].split(", tags")[0]
            entries.append(f'msgctxt "list.jobs.{item}"\nmsgid "{source}"\nmsgstr "{label}"\n')
            entries.append(f'msgctxt "list.jobs.{item}.also"\nmsgid "{further}"\nmsgstr "{also}"\n')
        (town / "lists" / "locales" / f"{language}.po").write_text("\n".join(entries), encoding="utf-8")
    return folder


@pytest.fixture
def content_with_list(listed: Path) -> Content:
    loaded = load(listed, "demo")
    assert loaded.content is not None, "\n".join(map(str, loaded.faults))
    return loaded.content


@pytest.fixture
def finder(content_with_list: Content) -> Finder:
    return content_with_list.finder("jobs")


@pytest.mark.parametrize(
    ("typed", "language", "item"),
    [
        ("Krankenpfleger", "de", "nurse"),
        ("krankenschwster", "de", "nurse"),
        ("schwester", "de", "nurse"),
        ("aerztin", "de", "doctor"),
        ("koch", "de", "cook"),
        ("elektr", "de", "electrician"),
        ("Engineer civil", "en", "civil"),
        ("chef", "en", "cook"),
        ("طبيبه", "ar", "doctor"),
        ("مهندس", "ar", "civil"),
        ("مدرسة", "ar", "teacher"),
        ("nurse", "ar", "nurse"),
        ("ممرضة", "de", "nurse"),
        ("LEHRER!", "en", "teacher"),
    ],
)
def test_the_item_that_is_meant_stands_among_the_first(finder: Finder, typed: str, language: str, item: str) -> None:
    assert item in finder.find(typed, language).ids[:3]


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "xyzzyq", "1234567"])
def test_nothing_is_offered_for_words_that_resemble_nothing(finder: Finder, typed: str) -> None:
    assert finder.find(typed, "de").ids == ()


def test_every_word_of_every_language_finds_its_own_item(content_with_list: Content, finder: Finder) -> None:
    for language in content_with_list.languages:
        for item in WORDS["en"]:
            key = f"list.jobs.{item}"
            label = content_with_list.texts.label(language, Text(key))
            also = content_with_list.texts.label(language, Text(f"{key}.also")).split(";")
            for word in (label, *also):
                for spoken in content_with_list.languages:
                    found = finder.find(word, spoken)
                    assert item in found.ids, (word, spoken)
                    assert len(found.ids) <= MOST_FOUND


def test_words_that_name_one_item_are_an_answer(finder: Finder) -> None:
    assert finder.find("köchin", "de").exact
    assert not finder.find("koch und mehr", "de").exact


def test_a_list_without_a_question_and_a_tag_without_an_item_are_said(listed: Path) -> None:
    questions = listed / "demo" / "questionnaire.yaml"
    words = questions.read_text(encoding="utf-8")
    asking = "    ask_if: {occupation: {tagged: regulatd}}\n"
    more = QUESTION.replace("occupation", "second").replace("    purpose", asking + "    purpose")
    questions.write_text(words + more, encoding="utf-8")
    faults = [str(one) for one in load(listed, "demo").faults]
    assert any("tagged 'regulatd'" in one and "regulated" in one for one in faults)
    questions.write_text(words.replace("list: jobs", "list: job"), encoding="utf-8")
    faults = [str(one) for one in load(listed, "demo").faults]
    assert any("There is no list 'job'" in one for one in faults)
    assert any("No question uses the list 'jobs'" in one for one in faults)
