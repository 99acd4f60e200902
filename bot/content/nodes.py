"""YAML with line numbers. Scalars stay strings (an option `yes` is no boolean), and every fault has a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content.faults import Report

DEEPEST = 20
"""The deepest nesting a content file may have. No file needs nearly as much."""

_CONFLICT = re.compile(r"(?m)^(?:<{7} .*|={7}|>{7} .*)$")
"""What git writes where two changes conflict."""
_OTHER_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")
"""YAML ends a line here, but an editor does not: every line below would get a wrong number."""
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar as it is written. Empty if nothing follows the colon."""

    line: int
    value: str


@dataclass(frozen=True, slots=True)
class Series:
    """A list."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping. `lines`: the line of each key."""

    line: int
    entries: dict[str, Node]
    lines: dict[str, int]


Node = Leaf | Series | Table


def read_utf8(path: Path, file: str, report: Report) -> str | None:
    """The text of a file. None, with a fault, if it is missing or not UTF-8."""
    if _leads_out(path, file):
        mend = "Copy the file here: what lies outside can change or vanish unseen"
        report.add(file, 1, "The file is a link that leads out of the content folder", mend)
        return None
    try:
        raw = path.read_bytes()
    except OSError as problem:
        report.add(file, 1, f"The file cannot be read ({problem.strerror})", "Create it, or check its permissions")
        return None
    try:
        words = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        report.add(file, line, "The file is not UTF-8", "Save it as UTF-8 in your editor")
        return None
    conflict = _CONFLICT.search(words)
    if conflict is None:
        return words
    mend = "Keep one of the two versions, and take the lines with <<<<<<<, ======= and >>>>>>> out"
    report.add(file, words.count("\n", 0, conflict.start()) + 1, "Two changes meet here (a merge conflict)", mend)
    return None


def _leads_out(path: Path, file: str) -> bool:
    """Whether a file named relative to the content folder is really outside of it."""
    root = path.absolute().parents[file.count("/")]
    try:
        return not path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # links in a circle, which reading the file reports
        return False


def read_table(path: Path, file: str, report: Report) -> Table | None:
    """The mapping that a YAML file holds. None with at least one fault."""
    words = read_utf8(path, file, report)
    return None if words is None else parse_table(words, file, report)


def parse_table(words: str, file: str, report: Report) -> Table | None:
    """The mapping that YAML text holds. None with at least one fault."""
    odd = _OTHER_LINE_ENDS.search(words)
    if odd is not None:
        what = f"This line holds a line end nobody sees ({ord(odd[0]):#04x})"
        report.add(file, words.count("\n", 0, odd.start()) + 1, what, "Take it out, or write the line anew")
        return None
    try:
        root = yaml.compose(words, Loader=_LOADER)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        what = f"This is not readable as YAML ({problem.problem or problem.context})"
        mend = "Look for a missing colon, quote or bracket here or just above"
        lines = words.split("\n")
        line = min(mark.line, len(lines) - 1) if mark else 0  # the end may lie after the last line
        if "\t" in lines[line]:
            mend = "There is a tab in this line: YAML wants spaces"
        report.add(file, line + 1, what, mend)
        return None
    except yaml.reader.ReaderError:
        sign = yaml.reader.Reader.NON_PRINTABLE.search(words)
        line = words.count("\n", 0, sign.start()) + 1 if sign else 1
        name = f" ({ord(sign[0]):#04x})" if sign else ""
        report.add(file, line, f"This line holds a control character{name}", "Take it out, or write the line anew")
        return None
    except (yaml.YAMLError, RecursionError, UnicodeEncodeError) as problem:
        report.add(file, 1, f"This is not readable as YAML ({type(problem).__name__})", "Look for control characters")
        return None
    node = _Converter(file, report).convert(root) if root is not None else None
    if isinstance(node, Table):
        return node
    if node is not None or root is None:
        report.add(file, 1, "The file must be a mapping of keys to values", "Begin it with 'key: value' lines")
    return None


def plain(node: Node) -> object:
    """Only strings, lists and dictionaries, without the notes for translators. Revisions are made from it."""
    match node:
        case Leaf(_, value):
            return value
        case Series(_, items):
            return [plain(item) for item in items]
        case Table(_, entries):
            return {key: plain(value) for key, value in entries.items() if key != "note"}


class _Converter:
    """Turns PyYAML's nodes into ours. Refuses aliases, duplicate keys and too deep nesting."""

    def __init__(self, file: str, report: Report) -> None:
        self._file = file
        self._report = report
        self._seen: set[int] = set()

    def convert(self, node: yaml.Node, depth: int = 0) -> Node | None:
        line = node.start_mark.line + 1
        if id(node) in self._seen:
            self._report.add(
                self._file, line, "Anchors and aliases (& and *) are not used here", "Write it out twice"
            )
            return None
        if depth > DEEPEST:
            self._report.add(self._file, line, "This is nested too deeply", "Check brackets and indentation")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return Leaf(line, str(node.value))
        if isinstance(node, yaml.SequenceNode):
            items = (self.convert(item, depth + 1) for item in node.value)
            return Series(line, tuple(item for item in items if item is not None))
        return self._table(node, line, depth)

    def _table(self, node: yaml.Node, line: int, depth: int) -> Table:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            here = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._report.add(self._file, here, "A key must be a single word", "Write 'key: value'")
                continue
            key = str(key_node.value)
            if key in entries:
                what = f"The key '{key}' stands here twice (first in line {lines[key]})"
                self._report.add(self._file, here, what, "Keep one of them")
                continue
            value = self.convert(value_node, depth + 1)
            if value is not None:
                entries[key] = value
                lines[key] = here
        return Table(line, entries, lines)
