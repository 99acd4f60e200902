"""Content broken in the ways editors, merges and copies break it: a fault at its place, or it works as before."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.content.commands import check
from bot.content.faults import Fault, Level
from bot.content.loader import Content, load
from bot.core.engine import start
from bot.services.rehearsals import rehearsal
from bot.services.text_keys import NEEDED as NEEDED_TEXTS
from tests.core.inputs import finished
from tests.running import CONTENT

from .conftest import SAMPLE

UI, TOWN, QUESTIONS, LIST = "ui.yaml", "demo/town.yaml", "demo/questionnaire.yaml", "demo/lists/jobs.yaml"
MORE_QUESTIONS = """\
  - id: nearly
    section: german
    kind: statement
    ask: Fast fertig
    hint: Noch zwei Fragen.
    links: [{text: Mehr, url: "https://example.org/more"}]
    purpose: contact
    basis: consent
    retention: 90 days
  - id: work
    section: goals
    kind: list
    list: jobs
    common: [nurse, cook]
    own_words: true
    ask: Was ist Ihr Beruf?
    short: Beruf
    say: "Ihr Beruf ist {value}."
    was: profession
    expires: 6 months
    purpose: matching
    basis: consent
    retention: 24 months
  - id: since
    section: goals
    kind: month_year
    years_back: 20
    ask: Seit wann?
    short: Seit
    stage: follow_up
    ask_if: {work: {tagged: health}}
    purpose: matching
    basis: consent
    retention: 24 months
  - id: spoken
    section: german
    kind: computed
    short: Sprache
    scale: level
    rules:
      - {take: level}
      - {value: B1, if: {paper: yes}}
      - {value: none}
    purpose: matching
    basis: consent
    retention: 24 months
refresh: {every: 3 months, questions: [goals, work]}
shared: [goals, spoken]
retired: [age]
"""
JOBS = """\
items:
  - {id: nurse, text: Pflege, also: Altenpflege; Krankenhaus, tags: [health]}
  - {id: cook, text: Küche}
  - {id: driver, text: Fahren, tags: [licence]}
"""


def with_own_words(sample: str) -> str:
    """The sample's `ui.yaml` with every text that the bot says, so that the rehearsal shows each screen."""
    there = yaml.load(sample, Loader=yaml.BaseLoader)  # noqa: S506 - it makes strings only
    sections: dict[str, str] = {}
    for key, slots in NEEDED_TEXTS.items():
        section, _, name = key.partition(".")
        if name not in there.get(section, {}):
            words = " ".join([key.replace(".", " "), *(f"{{{slot}}}" for slot in sorted(slots))])
            sections[section] = sections.get(section, "") + f'  "{name}": "{words}"\n'
    sample = "\n" + sample
    for section, lines in sections.items():
        head = f"\n{section}:\n"
        sample = sample.replace(head, head + lines) if head in sample else sample + head[1:] + lines
    return sample[1:]


ADDED: Mapping[str, Callable[[str], str]] = {UI: with_own_words, QUESTIONS: lambda sample: sample + MORE_QUESTIONS}
SAMPLED = {
    path.relative_to(SAMPLE).as_posix(): path.read_text(encoding="utf-8") for path in sorted(SAMPLE.rglob("*.*"))
}
WHOLE: Mapping[str, str] = {
    **{name: ADDED.get(name, str)(words) for name, words in SAMPLED.items()},
    LIST: JOBS,
}
STAFF = "staff.yaml"
STAFF_TEXTS = (CONTENT / STAFF).read_text(encoding="utf-8")
"""What staff read; it is the same in every town, and is left whole here."""
YAML_FILES = [name for name in WHOLE if name.endswith(".yaml")]
PO_FILES = [name for name in WHOLE if name.endswith(".po")]


# Judging a folder.


@contextmanager
def folder_with(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """The whole content with some of its files written otherwise."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "content"
        for name, words in {**WHOLE, STAFF: STAFF_TEXTS, **files}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(words.encode() if isinstance(words, str) else words)
        yield folder


@dataclass(frozen=True)
class Judged:
    """What is said of a folder; `content` is None where it cannot be read as a whole."""

    content: Content | None
    faults: frozenset[Fault]


def judged(folder: Path) -> Judged:
    """What the command says of a folder, rehearsal and all, without the faults of the whole content."""
    seen: list[Content] = []

    def rehearsed(content: Content) -> list[Fault]:
        seen.append(content)
        return rehearsal.faults(content)

    out = io.StringIO()
    code = check(folder, "demo", out, as_json=True, also=rehearsed)
    said = json.loads(out.getvalue())["faults"]
    faults = {Fault(**{**one, "level": Level(one["level"])}) for one in said} - faults_of_the_whole()
    assert code == int(any(one.level is Level.ERROR for one in faults))
    assert seen or code
    for fault in faults:
        is_placed(folder, fault)
    return Judged(seen[0] if seen else None, frozenset(faults))


def is_placed(folder: Path, fault: Fault) -> None:
    """A fault names a file of the folder (or one that should be there), a line of it, what is wrong, and a mend."""
    path = folder / fault.file
    words = path.read_bytes().decode(errors="replace") if path.is_file() else ""
    assert not Path(fault.file).is_absolute()
    assert ".." not in Path(fault.file).parts
    assert 1 <= fault.line <= len(words.splitlines()) + 1, fault
    assert fault.what.strip(), fault
    assert fault.mend.strip(), fault


@cache
def faults_of_the_whole() -> frozenset[Fault]:
    """Translations that there are not of what was added to the sample, and its texts that the bot does not say."""
    with folder_with({}) as folder:
        loaded = load(folder, "demo")
    assert loaded.content is not None, loaded.faults
    faults = frozenset([*loaded.faults, *rehearsal.faults(loaded.content)])
    assert not [one for one in faults if one.level is Level.ERROR]
    return faults


def can_be_walked(data: st.DataObject, content: Content) -> None:
    """Good answers lead to the end of the first pass, and of everything."""
    first = content.questionnaire.first_pass
    finished(data, first, start(first))
    finished(data, content.questionnaire, start(content.questionnaire))


def may_be_blamed(name: str, file: str) -> bool:
    """Whether a fault in one file can follow from what was broken in another.

    A German text that changed is missing in its translations; a new language has none; options need the bot's words.
    """
    folder = Path(file).parent.as_posix()
    match name:
        case _ if file == name:
            return True
        case "ui.yaml":
            return folder == "locales"
        case "demo/town.yaml":
            return folder.endswith("locales")
        case "demo/questionnaire.yaml":
            return file in {UI, LIST} or folder == "demo/locales"
        case "demo/lists/jobs.yaml":
            return file == QUESTIONS or folder == "demo/lists/locales"
    return False


def broken(files: Mapping[str, str | bytes]) -> frozenset[Fault]:
    """The faults that come of writing some files otherwise."""
    with folder_with(files) as folder:
        return judged(folder).faults


def written(name: str, begin: int, end: int, new: str) -> dict[str, str | bytes]:
    """A file with other words from one place to another."""
    return {name: WHOLE[name][:begin] + new + WHOLE[name][end:]}


def nodes_of(name: str) -> yaml.Node:
    root = yaml.compose(WHOLE[name], Loader=yaml.CSafeLoader)
    assert root is not None
    return root


def line_at(name: str, place: int) -> int:
    return WHOLE[name].count("\n", 0, place) + 1


def has(faults: frozenset[Fault], file: str, line: int, words: str, level: Level = Level.ERROR) -> bool:
    return any((one.file, one.line, one.level) == (file, line, level) and words in one.what for one in faults)


# What stands where in a YAML file.


@dataclass(frozen=True)
class Pair:
    """A key with its value: their places in the file, and those of the mapping around them."""

    file: str
    path: tuple[str, ...]
    key: tuple[int, int]
    value: tuple[int, int]
    table: int
    flow: bool
    scalar: bool
    before: int | None
    behind: int | None

    @property
    def line(self) -> int:
        return line_at(self.file, self.key[0])

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def pattern(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True)
class Word:
    """A scalar, also one within a list, and the line of the key it belongs to."""

    file: str
    path: tuple[str, ...]
    start: int
    end: int
    line: int

    @property
    def pattern(self) -> str:
        return ".".join(self.path)


def pairs(name: str) -> list[Pair]:
    def within(node: yaml.Node, path: tuple[str, ...]) -> Iterator[Pair]:
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from within(item, (*path, "*"))
        if not isinstance(node, yaml.MappingNode):
            return
        for place, (key, value) in enumerate(node.value):
            own = (*path, key.value)
            ends = (value.start_mark.index, end_of(name, value))
            before = end_of(name, node.value[place - 1][1]) if place else None
            behind = node.value[place + 1][0].start_mark.index if place + 1 < len(node.value) else None
            yield Pair(
                file=name,
                path=own,
                key=(key.start_mark.index, key.end_mark.index),
                value=ends,
                table=node.start_mark.line + 1,
                flow=bool(node.flow_style),
                scalar=isinstance(value, yaml.ScalarNode),
                before=before,
                behind=behind,
            )
            yield from within(value, own)

    return list(within(nodes_of(name), ()))


def end_of(name: str, node: yaml.Node) -> int:
    """Where the last sign of a node stands: the mark of a block is behind the empty space after it."""
    return len(WHOLE[name][: node.end_mark.index].rstrip())


def words_of(name: str) -> list[Word]:
    def within(node: yaml.Node, path: tuple[str, ...], line: int) -> Iterator[Word]:
        if isinstance(node, yaml.ScalarNode):
            yield Word(name, path, node.start_mark.index, end_of(name, node), line)
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from within(item, (*path, "*"), line)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield from within(value, (*path, key.value), key.start_mark.line + 1)

    return list(within(nodes_of(name), (), 1))


PAIRS = [pair for name in YAML_FILES for pair in pairs(name)]
FIXED_KEYS = [pair for pair in PAIRS if pair.file != UI]
CONDITION = re.compile(r"questions\.\*\.(ask_if|rules\.\*\.if)\..*")
"""The keys whose names are not free: of conditions, the questions they ask about among them."""
POSSIBLE = re.compile(
    r"refresh|retired|shared|.*\.(note|also|tags|required|recipients|ask_if|if|take|value|links|common|own_words|say|was"
    r"|expires|stage|why|hint|unsure|exclusive|most|optional|sensitive|max_length)|consents\.\*\.(ask|retention)"
    r"|questions\.\*\.unit"
)
"""The keys that may be left out, which is to say: all others may not."""
NEEDED = [
    pair
    for pair in FIXED_KEYS
    if (pair.before, pair.behind) != (None, None)
    and not CONDITION.fullmatch(pair.pattern)
    and not POSSIBLE.fullmatch(pair.pattern)
]
REFERENCES = [
    word
    for name in YAML_FILES
    for word in words_of(name)
    if CONDITION.fullmatch(word.pattern)
    or re.fullmatch(
        r"questions\.\*\.(section|kind|list|scale|stage|common\.\*|rules\.\*\.(take|value))|refresh\.questions\.\*|shared\.\*",
        word.pattern,
    )
]


@st.composite
def misspelt(draw: st.DrawFn, word: str) -> str:
    """A word with one letter twice, one missing, or two the wrong way round."""
    place = draw(st.integers(0, len(word) - 1))
    ways = [word[:place] + word[place] + word[place:]]
    if place + 1 < len(word) and word[place] != word[place + 1]:
        ways.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
    if len(word) > 3:
        ways.append(word[:place] + word[place + 1 :])
    return draw(st.sampled_from(ways))


# Breaks of which it is certain what must be said where.


@settings(max_examples=50)
@given(st.data())
def test_a_misspelt_key_is_named_in_its_line(data: st.DataObject) -> None:
    pair = data.draw(st.sampled_from(FIXED_KEYS))
    wrong = data.draw(misspelt(pair.name))
    faults = broken(written(pair.file, *pair.key, wrong))
    if pair.pattern == "questions.*.kind":
        assert has(faults, pair.file, pair.table, "lacks 'kind'"), faults
    else:
        assert has(faults, pair.file, pair.line, f"'{wrong}'"), faults


@settings(max_examples=40)
@given(st.data())
def test_a_needed_key_that_is_missing_is_named_where_its_mapping_begins(data: st.DataObject) -> None:
    pair = data.draw(st.sampled_from(NEEDED))
    faults = broken(written(pair.file, *without(pair), ""))
    assert has(faults, pair.file, pair.table, f"lacks '{pair.name}'"), faults


def without(pair: Pair) -> tuple[int, int]:
    """What to cut for a pair to be gone."""
    if pair.behind is not None:
        return pair.key[0], pair.behind
    return pair.key[0] if pair.before is None else pair.before, pair.value[1]


@settings(max_examples=30)
@given(st.data())
def test_a_key_that_stands_twice_is_named_in_the_second_line(data: st.DataObject) -> None:
    pair = data.draw(st.sampled_from(PAIRS))
    key = WHOLE[pair.file][slice(*pair.key)]
    column = pair.key[0] - (WHOLE[pair.file].rfind("\n", 0, pair.key[0]) + 1)
    behind = ", " if pair.flow else "\n" + " " * column
    faults = broken(written(pair.file, pair.key[0], pair.key[0], f"{key}: x{behind}"))
    words = f"'{pair.name}' stands here twice (first in line {pair.line})"
    assert has(faults, pair.file, pair.line + (not pair.flow), words), faults


@settings(max_examples=30)
@given(st.data())
def test_a_misspelt_id_is_named_in_its_line(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(REFERENCES))
    wrong = data.draw(misspelt(WHOLE[word.file][word.start : word.end]))
    faults = broken(written(word.file, word.start, word.end, wrong))
    assert has(faults, word.file, word.line, wrong) or has(faults, word.file, word.line, "'scale' must name"), faults


@settings(max_examples=40)
@given(st.data())
def test_words_that_are_a_list_a_mapping_or_nothing_are_named_in_their_line(data: st.DataObject) -> None:
    pair = data.draw(st.sampled_from([pair for pair in PAIRS if pair.scalar]))
    other = data.draw(st.sampled_from(["[a, b]", "{zz: b}", "", "[]", "{}"]))
    assume(pair.pattern not in {"questions.*.was", "items.*.tags"} or other != "[a, b]")
    faults = broken(written(pair.file, *pair.value, other))
    assert any((one.file, one.line, one.level) == (pair.file, pair.line, Level.ERROR) for one in faults), faults


@settings(max_examples=25)
@given(st.data())
def test_a_tab_before_a_line_is_named_in_its_line(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(YAML_FILES))
    lines = WHOLE[name].split("\n")
    indented = [place for place, line in enumerate(lines) if line.startswith("  ")]
    place = data.draw(st.sampled_from(indented))
    lines[place] = "\t" + lines[place].lstrip()
    faults = broken({name: "\n".join(lines)})
    (fault,) = (one for one in faults if one.file == name)
    assert (fault.line, fault.level) == (place + 1, Level.ERROR)
    assert "a tab in this line" in fault.mend


NOT_IN_YAML = ["\x00", "\x07", "\x08", "\x1b", "\x7f", "\x9f", "\ufffe"]


@settings(max_examples=20)
@given(st.data())
def test_a_control_character_refuses_its_file(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(YAML_FILES))
    place = data.draw(st.integers(0, len(WHOLE[name])))
    faults = broken(written(name, place, place, data.draw(st.sampled_from(NOT_IN_YAML))))
    (fault,) = (one for one in faults if one.file == name)
    assert fault.level is Level.ERROR
    assert fault.line == line_at(name, place)


@settings(max_examples=10)
@given(st.data())
def test_a_control_character_that_is_written_out_is_named_in_its_line(data: st.DataObject) -> None:
    texts = [pair for pair in PAIRS if pair.file == UI and pair.scalar and WHOLE[UI][pair.value[0]] == '"']
    pair = data.draw(st.sampled_from([pair for pair in texts if pair.name != "note"]))
    line = next(one.line for one in PAIRS if one.file == UI and one.path == pair.path[:2])
    sign = data.draw(st.sampled_from(["\\a", "\\e", "\\t"]))
    faults = broken(written(UI, pair.value[0] + 1, pair.value[0] + 1, f"x{sign}x"))
    assert has(faults, UI, line, " holds ", Level.WARNING), faults


PLACEHOLDER = re.compile(r"(?<!\{)\{[a-z]+\}(?!\})")
TAG = re.compile(r"</?[bia](?: [^>]*)?>")


@settings(max_examples=30)
@given(st.data())
def test_broken_markup_of_a_german_text_is_named_in_its_line(data: st.DataObject) -> None:
    signs = [match for sign in (PLACEHOLDER, TAG) for match in sign.finditer(WHOLE[UI])]
    sign = data.draw(st.sampled_from(signs))
    words = data.draw(st.sampled_from(spoilt(sign[0])))
    faults = broken(written(UI, *sign.span(), words))
    lines = [one.line for one in PAIRS if one.file == UI and len(one.path) == 2 and one.key[0] < sign.start()]
    assert has(faults, UI, lines[-1], "ui."), faults


def spoilt(sign: str) -> list[str]:
    """A placeholder or a tag nobody can read."""
    if sign.startswith("{"):
        return [sign[1:], sign[:-1], sign.title(), "{" + sign, "{}", f"{{ {sign[1:]}"]
    if sign.startswith("</"):
        return ["", sign + sign, sign.replace("/", "")]
    return ["", sign + sign, f"</{sign[1]}>", "<u>", sign.replace(">", "")]


# Breaks of PO files of which it is certain what must be said where.


@dataclass(frozen=True)
class Entry:
    """An entry of a PO file: its key, where it begins and ends, and where its words in the other language begin."""

    file: str
    key: str
    start: int
    end: int
    context: int
    source: int
    forms: int

    @property
    def line(self) -> int:
        """An entry's faults stand where the German words begin."""
        return line_at(self.file, self.source)

    @property
    def plural(self) -> bool:
        return "msgid_plural" in WHOLE[self.file][self.start : self.end]


def entries(name: str) -> Iterator[Entry]:
    start = 0
    for block in WHOLE[name].split("\n\n"):
        key = re.search(r'msgctxt "(.*)"', block)
        if key is not None:
            places = (block.index(word) for word in ("msgctxt", "msgid", "msgstr"))
            yield Entry(name, key[1], start, start + len(block), *(start + place for place in places))
        start += len(block) + 2


ENTRIES = [entry for name in PO_FILES for entry in entries(name)]


@settings(max_examples=25)
@given(st.data())
def test_broken_markup_of_a_translation_is_named_at_its_entry(data: st.DataObject) -> None:
    signs = [
        (entry, match)
        for entry in ENTRIES
        for sign in (PLACEHOLDER, TAG)
        for match in sign.finditer(WHOLE[entry.file], entry.forms, entry.end)
    ]
    entry, sign = data.draw(st.sampled_from(signs))
    faults = broken(written(entry.file, *sign.span(), data.draw(st.sampled_from(spoilt(sign[0])))))
    assert has(faults, entry.file, entry.line, entry.key), faults
    assert {one.file for one in faults} == {entry.file}


Spoiling = Callable[[str], str]
IN_ENTRIES: Mapping[str, tuple[Spoiling, str, Level]] = {
    "words": (lambda block: re.sub(r'(?m)^msgstr(\[.\])? ".*"$', r'msgstr\1 ""', block), "translat", Level.WARNING),
    "fuzzy": (lambda block: block.replace("msgctxt", "#, fuzzy\nmsgctxt"), "is fuzzy", Level.WARNING),
    "key": (lambda block: re.sub(r'(msgctxt ".*)"', r'\1x"', block), "There is no text", Level.WARNING),
    "source": (lambda block: re.sub(r'(msgid ".*)"', r'\1x"', block), "is fuzzy", Level.WARNING),
    "control": (lambda block: block.replace('msgstr "', 'msgstr "\x07'), "control character", Level.WARNING),
    "tab": (lambda block: block.replace('msgstr "', 'msgstr "\\t'), "holds a tab", Level.WARNING),
    "tag": (lambda block: block.replace('msgstr "', 'msgstr "<b>'), "opened and not closed", Level.ERROR),
    "brace": (lambda block: block.replace('msgstr "', 'msgstr "}'), "is no placeholder", Level.ERROR),
    "foreign": (lambda block: block.replace('msgstr "', 'msgstr "{some}'), "has the placeholders", Level.ERROR),
}


@pytest.mark.parametrize("way", IN_ENTRIES)
@settings(max_examples=4)
@given(data=st.data())
def test_a_spoilt_entry_is_named_where_it_stands(way: str, data: st.DataObject) -> None:
    spoil, words, level = IN_ENTRIES[way]
    some = [one for one in ENTRIES if not one.plural and 'msgstr ""' not in WHOLE[one.file][one.start : one.end]]
    entry = data.draw(st.sampled_from(some))
    block = spoil(WHOLE[entry.file][entry.start : entry.end])
    faults = broken(written(entry.file, entry.start, entry.end, block))
    assert has(faults, entry.file, entry.line + (way == "fuzzy"), words, level), faults
    assert {one.file for one in faults} == {entry.file}


@settings(max_examples=10)
@given(st.data())
def test_an_entry_that_is_gone_or_stands_twice_or_lacks_its_words(data: st.DataObject) -> None:
    entry = data.draw(st.sampled_from(ENTRIES))
    block = WHOLE[entry.file][entry.start : entry.end]
    gone = broken(written(entry.file, entry.start, entry.end, ""))
    assert {(one.file, one.line) for one in gone} == {(entry.file, 1)}
    assert has(gone, entry.file, 1, f"'{entry.key}' is missing", Level.WARNING)
    twice = broken(written(entry.file, entry.end, entry.end, "\n\n" + block))
    second = line_at(entry.file, entry.context) + block.count("\n") + 2
    first = line_at(entry.file, entry.context)
    assert has(twice, entry.file, second, f"'{entry.key}' has two entries (first in line {first})"), twice
    wordless = broken(written(entry.file, entry.forms, entry.end, ""))
    (fault,) = wordless
    assert (fault.file, fault.level) == (entry.file, Level.ERROR)
    assert abs(fault.line - entry.line) <= 1, fault


@settings(max_examples=20)
@given(st.data())
def test_a_quote_that_is_missing_in_a_translation_is_named_in_its_line(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(PO_FILES))
    quotes = [match.start() for match in re.finditer(r'(?<= )"|"(?=\n)|(?m:^)"', WHOLE[name])]
    place = data.draw(st.sampled_from(quotes))
    faults = broken(written(name, place, place + 1, ""))
    assert has(faults, name, line_at(name, place), "This line is not readable as PO"), faults


# Files that are no files.


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_a_folder_or_lies_elsewhere_is_a_fault(name: str) -> None:
    with folder_with({}) as folder:
        path = folder / name
        elsewhere = folder.parent / "elsewhere"
        shutil.move(path, elsewhere)
        path.mkdir()
        assert {one.file for one in judged(folder).faults if one.level is Level.ERROR and one.line == 1} >= {name}
        path.rmdir()
        path.symlink_to(elsewhere)
        assert has(judged(folder).faults, name, 1, "leads out of the content folder")
        path.unlink()
        path.symlink_to(folder.parent / "nowhere")
        assert any(one.file == name and one.line == 1 for one in judged(folder).faults)
        path.unlink()
        shutil.move(elsewhere, path.with_name("within.txt"))
        path.symlink_to("within.txt")
        assert not judged(folder).faults


@pytest.mark.parametrize("name", WHOLE)
def test_a_link_to_itself_is_a_fault(name: str) -> None:
    with folder_with({}) as folder:
        (folder / name).unlink()
        (folder / name).symlink_to(Path(name).name)
        assert name in {one.file for one in judged(folder).faults}


@pytest.mark.parametrize("part", ["demo", "demo/locales", "demo/lists", "locales"])
def test_a_folder_that_lies_elsewhere_or_is_a_file_is_a_fault(part: str) -> None:
    with folder_with({}) as folder:
        elsewhere = folder.parent / "elsewhere"
        shutil.move(folder / part, elsewhere)
        (folder / part).symlink_to(elsewhere)
        moved = {name for name in WHOLE if name.startswith(part)}
        assert {one.file for one in judged(folder).faults if "leads out" in one.what} == moved - unread(part)
        (folder / part).unlink()
        (folder / part).write_text("", encoding="utf-8")
        assert judged(folder).faults


def unread(part: str) -> set[str]:
    """Where the town cannot be read, nobody knows its languages."""
    return {name for name in PO_FILES if part == "demo"}


# Anything at all.


def nested(depth: int) -> list[str]:
    return [
        "[" * depth,
        "[" * depth + "]" * depth,
        "{a: " * depth + "}" * depth,
        "{not: " * depth + "}" * depth,
        "- " * depth,
        "\n".join(" " * level + "a:" for level in range(min(depth, 200))),
    ]


LAUGHS = "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9 if level else ['lol'] * 9)}]\n" for level in range(12)
)
SIGNS = (*":#-[]{}\"'&*!|>%@`?,\\~<>=/ \n\t", *NOT_IN_YAML, "\ufeff", "\x85", "\u2028", "\u200f", "\u2068", "٣", "ä")
BYTES = (
    *(b"\xed\xa0\x80", b"\xe4", b"\xff\xfe", b"\x00", b"\xef\xbb\xbf", b"\xc3"),  # half signs, surrogates, marks
    *(b"\r", b"\r\n", b"\xf4\x90\x80\x80"),
)
VALUES = (
    *("[a, b]", "{a: b}", "12", "-1", "1.5", "null", "~", "", "2026-01-01", "yes", "no", "true", '""', "[]", "{}"),
    *("&a x", "*a", "!!int x", "!x y", "!!binary aGk=", "|\n  a", "> a", "'", "0x1f", "1_000", ".inf", "99999999999"),
    *("[[[[a]]]]", "{? [a] : b}", "&a [*a]", "&a {b: *a}", "[a, {b: c}]", "{b, c}", "x: y", "- x", "a" * 5000),
    *("{n}", "<b>", "{{", "9" * 30, "../x", "a b", "\u2028", "https://", "goals", "level", "A1", "1 year", "0 days"),
)


@st.composite
def breaks(draw: st.DrawFn, name: str) -> bytes:
    """What one slip of the hand, of an editor, or of a tool makes of a file."""
    words = WHOLE[name]
    signs, lines = signs_broken(words), lines_broken(words)
    typed = [values_broken(name)] * 2 if name.endswith(".yaml") else [blocks_broken(words)]
    ways = [lines, lines, signs, signs, words_broken(words), raw_broken(words), large(words), *typed]
    raw: bytes = draw(draw(st.sampled_from(ways)))
    return raw


@st.composite
def lines_broken(draw: st.DrawFn, words: str) -> bytes:
    lines = words.splitlines(keepends=True)
    place, other = (draw(st.integers(0, len(lines) - 1)) for _ in "ab")
    line = lines[place]
    match draw(st.sampled_from(["delete", "twice", "swap", "indent", "dedent", "tab", "join", "conflict", "remark"])):
        case "delete":
            del lines[place]
        case "twice":
            lines.insert(place, line)
        case "swap":
            lines[place], lines[other] = lines[other], line
        case "indent":
            lines[place] = " " * draw(st.integers(1, 5)) + line
        case "dedent":
            lines[place] = line[draw(st.integers(1, 3)) :] if line.startswith("   ") else line.lstrip(" ")
        case "tab":
            lines[place] = "\t" + line.lstrip(" ")
        case "join":
            lines[place] = line.rstrip("\n")
        case "conflict":
            lines.insert(place, draw(st.sampled_from(["<<<<<<< HEAD\n", "=======\n", ">>>>>>> other\n"])))
        case "remark":
            lines[place] = "#" + line
    return "".join(lines).encode()


@st.composite
def signs_broken(draw: st.DrawFn, words: str) -> bytes:
    place = draw(st.integers(0, len(words) - 1))
    chosen = draw(st.sampled_from(["delete", "insert", "quote", "bracket"]))
    marks = {"quote": "\"'", "bracket": "()[]{}<>"}.get(chosen, "")
    places = [at for at, sign in enumerate(words) if sign in marks]
    if places:
        place = draw(st.sampled_from(places))
    if chosen == "insert" or (chosen == "bracket" and draw(st.booleans())):
        sign: str = draw(st.sampled_from(SIGNS)) if chosen == "insert" else words[place]
        return (words[:place] + sign + words[place:]).encode()
    return (words[:place] + words[place + 1 :]).encode()


@st.composite
def words_broken(draw: st.DrawFn, words: str) -> bytes:
    """A word misspelt, or some other word of the file in its place."""
    known = list(re.finditer(r"[\w.]{2,}", words))
    one = draw(st.sampled_from(known))
    other = draw(st.one_of(misspelt(one[0]), st.sampled_from(known).map(lambda match: match[0])))
    return (words[: one.start()] + other + words[one.end() :]).encode()


@st.composite
def raw_broken(draw: st.DrawFn, words: str) -> bytes:
    raw = words.encode()
    place = draw(st.integers(0, len(raw)))
    match draw(st.sampled_from(["truncate", "empty", "bytes", "latin", "utf16"])):
        case "truncate":
            return raw[:place]
        case "empty":
            return b""
        case "latin":
            return words.encode("latin-1", errors="replace")
        case "utf16":
            return words.encode("utf-16")
    return raw[:place] + draw(st.sampled_from(BYTES)) + raw[place:]


@st.composite
def values_broken(draw: st.DrawFn, name: str) -> bytes:
    """A value of another type, or with an anchor."""
    pair = draw(st.sampled_from([pair for pair in PAIRS if pair.file == name]))
    before, behind = WHOLE[name][: pair.value[0]], WHOLE[name][pair.value[1] :]
    return (before + draw(st.sampled_from(VALUES)) + behind).encode()


@st.composite
def blocks_broken(draw: st.DrawFn, words: str) -> bytes:
    """Entries of a PO file out of order, twice, gone, obsolete, or without one of their lines."""
    blocks = words.split("\n\n")
    place, other = (draw(st.integers(0, len(blocks) - 1)) for _ in "ab")
    lines = blocks[place].split("\n")
    match draw(st.sampled_from(["delete", "twice", "swap", "obsolete", "line", "header"])):
        case "delete":
            del blocks[place]
        case "twice":
            blocks.insert(other, blocks[place])
        case "swap":
            blocks[place], blocks[other] = blocks[other], blocks[place]
        case "obsolete":
            blocks[place] = "\n".join(f"#~ {line}" for line in lines)
        case "line":
            del lines[draw(st.integers(0, len(lines) - 1))]
            blocks[place] = "\n".join(lines)
        case "header":
            strange = ("nplurals=0;", "nplurals=2; plural=n/0;", "nplurals=2; plural=" + "(" * 300, "nplurals=x", "")
            plural = f'"Plural-Forms: {draw(st.sampled_from(strange))}\\\\n"'
            blocks[0] = re.sub(r'"Plural-Forms: .*"', plural, blocks[0])
    return "\n\n".join(blocks).encode()


@st.composite
def large(draw: st.DrawFn, words: str) -> bytes:
    """Abysses, and a few lines that stand for a billion: at the end of a line, or as the whole file."""
    ends = [match.end() for match in re.finditer(r"(?m)$", words)]
    place = draw(st.sampled_from(ends))
    what = draw(st.sampled_from([*nested(30), *nested(5000), LAUGHS]))
    return draw(st.sampled_from([what, words[:place] + " " + what + words[place:], words + "\n" + what])).encode()


@settings(max_examples=110)
@given(st.data())
def test_whatever_breaks_is_blamed_on_its_file_or_works_as_before(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*WHOLE, QUESTIONS, QUESTIONS, TOWN]))
    with folder_with({name: data.draw(breaks(name))}) as folder:
        loaded, found = load(folder, "demo"), judged(folder)
    assert (loaded.content is None) is any(fault.level is Level.ERROR for fault in loaded.faults)
    assert (loaded.content is None) is (found.content is None)
    assert found.faults >= {*loaded.faults} - faults_of_the_whole()
    assert all(may_be_blamed(name, one.file) for one in found.faults), found.faults
    if loaded.content is not None:
        can_be_walked(data, loaded.content)


@settings(max_examples=10)
@given(st.data())
def test_line_ends_marks_and_remarks_change_nothing(data: st.DataObject) -> None:
    files: dict[str, str | bytes] = {}
    for name, words in WHOLE.items():
        lines = words.split("\n")
        if data.draw(st.booleans()):
            lines.insert(data.draw(st.sampled_from([0, len(lines) - 1])), "# a remark")
        ends = data.draw(st.sampled_from(["\n", "\r\n"]))
        files[name] = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + ends.join(lines).encode()
    with folder_with({}) as plain, folder_with(files) as folder:
        before, after = load(plain, "demo").content, judged(folder).content
    assert before is not None
    assert after is not None
    assert (after.questionnaire, after.town, after.languages) == (before.questionnaire, before.town, before.languages)
    for key in before.texts.keys(""):
        assert after.texts.source(key) == before.texts.source(key)
    can_be_walked(data, after)
