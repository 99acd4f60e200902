"""Content in which something is broken: the sample with every kind of question, and the faults reported for it."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
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
    """The sample's `ui.yaml` with every text of the bot, so that the rehearsal shows each screen."""
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
"""The staff texts. They are the same in every town, and stay whole here."""


YAML_FILES = [name for name in WHOLE if name.endswith(".yaml")]


PO_FILES = [name for name in WHOLE if name.endswith(".po")]


@contextmanager
def folder_with(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """The whole content, with some files replaced."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "content"
        for name, words in {**WHOLE, STAFF: STAFF_TEXTS, **files}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(words.encode() if isinstance(words, str) else words)
        yield folder


@dataclass(frozen=True)
class Judged:
    """The result for a folder. `content` is None if it cannot be read as a whole."""

    content: Content | None
    faults: frozenset[Fault]


def judged(folder: Path) -> Judged:
    """What the command reports for a folder, with rehearsal, without the faults that whole content has, too."""
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
    """Checks that a fault names a file in the folder (or a missing one), a line in it, what is wrong, and a fix."""
    path = folder / fault.file
    words = path.read_bytes().decode(errors="replace") if path.is_file() else ""
    assert not Path(fault.file).is_absolute()
    assert ".." not in Path(fault.file).parts
    assert 1 <= fault.line <= len(words.splitlines()) + 1, fault
    assert fault.what.strip(), fault
    assert fault.mend.strip(), fault


@cache
def faults_of_the_whole() -> frozenset[Fault]:
    """Faults about missing translations of additions to the sample, and sample texts that the bot never says."""
    with folder_with({}) as folder:
        loaded = load(folder, "demo")
    assert loaded.content is not None, loaded.faults
    faults = frozenset([*loaded.faults, *rehearsal.faults(loaded.content)])
    assert not [one for one in faults if one.level is Level.ERROR]
    return faults


def can_be_walked(data: st.DataObject, content: Content) -> None:
    """Checks that good answers lead to the end of the first pass and to the very end."""
    first = content.questionnaire.first_pass
    finished(data, first, start(first))
    finished(data, content.questionnaire, start(content.questionnaire))


def may_be_blamed(name: str, file: str) -> bool:
    """Whether a fault in one file can follow from a change in another.

    A changed German text lacks its translations. A new language has none. Options need words of the bot.
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
    """The faults that result from replacing some files."""
    with folder_with(files) as folder:
        return judged(folder).faults


def written(name: str, begin: int, end: int, new: str) -> dict[str, str | bytes]:
    """A file with other words between two positions."""
    return {name: WHOLE[name][:begin] + new + WHOLE[name][end:]}


def nodes_of(name: str) -> yaml.Node:
    root = yaml.compose(WHOLE[name], Loader=yaml.CSafeLoader)
    assert root is not None
    return root


def line_at(name: str, place: int) -> int:
    return WHOLE[name].count("\n", 0, place) + 1


def has(faults: frozenset[Fault], file: str, line: int, words: str, level: Level = Level.ERROR) -> bool:
    return any((one.file, one.line, one.level) == (file, line, level) and words in one.what for one in faults)


@st.composite
def misspelt(draw: st.DrawFn, word: str) -> str:
    """A word with one letter doubled, missing, or swapped with the next."""
    place = draw(st.integers(0, len(word) - 1))
    ways = [word[:place] + word[place] + word[place:]]
    if place + 1 < len(word) and word[place] != word[place + 1]:
        ways.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
    if len(word) > 3:
        ways.append(word[:place] + word[place + 1 :])
    return draw(st.sampled_from(ways))


NOT_IN_YAML = ["\x00", "\x07", "\x08", "\x1b", "\x7f", "\x9f", "\ufffe"]


PLACEHOLDER = re.compile(r"(?<!\{)\{[a-z]+\}(?!\})")


TAG = re.compile(r"</?[bia](?: [^>]*)?>")


def spoilt(sign: str) -> list[str]:
    """A placeholder or tag that cannot be read."""
    if sign.startswith("{"):
        return [sign[1:], sign[:-1], sign.title(), "{" + sign, "{}", f"{{ {sign[1:]}"]
    if sign.startswith("</"):
        return ["", sign + sign, sign.replace("/", "")]
    return ["", sign + sign, f"</{sign[1]}>", "<u>", sign.replace(">", "")]
