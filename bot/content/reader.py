"""Reads one content file strictly: only known keys, stable ids. Collects every German text with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.content.faults import Level, Report, nearest
from bot.content.nodes import Leaf, Node, Series, Table

ID = re.compile(r"[a-z][a-z0-9_]{0,23}")
"""At most 24, because ids go into callback data of at most 64 bytes with version, verb and option."""
OPTION_ID = re.compile(r"[A-Za-z0-9_]{1,24}")
N = TypeVar("N", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Source:
    """A German text and its place. `forms` is (text,) or the plural (one, other). `note` is for translators."""

    key: str
    forms: tuple[str, ...]
    note: str
    file: str
    line: int

    @property
    def plural(self) -> bool:
        """Whether it has one form for 1 and another for more."""
        return len(self.forms) > 1


class Reader:
    """Reads the nodes of one file. Faults go to the report, texts to `sources`."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report
        self.sources: dict[str, Source] = {}

    def error(self, node: Node | int, what: str, mend: str, level: Level = Level.ERROR) -> None:
        """Reports a fault at a node or a line."""
        self.report.add(self.file, node if isinstance(node, int) else node.line, what, mend, level)

    def keys(self, table: Table, needed: Collection[str], possible: Collection[str], where: str) -> None:
        """Reports every unknown key and every missing key that is needed."""
        known = [*needed, *possible]
        for key, line in table.lines.items():
            if key not in known:
                self.error(line, f"{where} has no key '{key}'", nearest(key, known))
        for key in needed:
            if key not in table.entries:
                self.error(table, f"{where} lacks '{key}'", f"Add '{key}: ...'")

    def table(self, parent: Table, key: str) -> Table | None:
        """The mapping under a key. None if it is missing or not a mapping (a fault)."""
        node = parent.entries.get(key)
        if node is None or isinstance(node, Table):
            return node
        self.error(node, f"'{key}' must be a mapping", "Write its keys indented below it")
        return None

    def tables(self, parent: Table, key: str) -> Iterator[Table]:
        """The mappings of the list under a key."""
        for item in self._items(parent, key):
            if isinstance(item, Table):
                yield item
            else:
                self.error(item, f"Each entry of '{key}' must be a mapping", "Write its keys behind '- '")

    def strings(self, parent: Table, key: str) -> tuple[str, ...]:
        """The words of the list under a key."""
        items = self._items(parent, key)
        for item in items:
            if not isinstance(item, Leaf) or not item.value:
                self.error(item, f"Each entry of '{key}' must be a word", f"Write '{key}: [a, b]'")
        return tuple(item.value for item in items if isinstance(item, Leaf))

    def names(self, parent: Table, key: str) -> tuple[str, ...]:
        """One word, or a list of words, under a key."""
        if isinstance(parent.entries.get(key), Leaf):
            word = self.string(parent, key)
            return (word,) if word else ()
        return self.strings(parent, key)

    def string(self, parent: Table, key: str, default: str = "") -> str:
        """The words under a key. The default if it is missing."""
        node = parent.entries.get(key)
        if node is None:
            return default
        if isinstance(node, Leaf) and node.value.strip():
            return node.value.strip()
        self.error(parent.lines[key], f"'{key}' must be words", f"Write '{key}: ...' in one line")
        return default

    def integer(self, parent: Table, key: str, default: int) -> int:
        """The whole number under a key. The default if it is missing or not a number (a fault)."""
        node = parent.entries.get(key)
        if node is None:
            return default
        if isinstance(node, Leaf) and re.fullmatch(r"-?[0-9]{1,9}", node.value):
            return int(node.value)
        self.error(parent.lines[key], f"'{key}' must be a whole number", f"Write for example '{key}: 3'")
        return default

    def flag(self, parent: Table, key: str, *, default: bool = False) -> bool:
        """Whether a key is true. The default if it is missing."""
        node = parent.entries.get(key)
        if node is None:
            return default
        if isinstance(node, Leaf) and node.value in {"true", "false"}:
            return node.value == "true"
        self.error(parent.lines[key], f"'{key}' must be true or false", f"Write '{key}: true' or leave it out")
        return False

    def one_of(self, parent: Table, key: str, names: type[N], usual: N) -> N:
        """The name of an enumeration under a key. `usual` if it is missing or not one of them (a fault)."""
        word = self.string(parent, key, usual)
        if word not in list(names):
            self.error(parent.lines[key], f"'{word}' cannot stand at '{key}'", nearest(word, list(names)))
            return usual
        return names(word)

    def ident(self, parent: Table, taken: Collection[str], pattern: re.Pattern[str] = ID) -> str | None:
        """The id of an entry. None, with a fault, if it is missing, malformed or taken."""
        node = parent.entries.get("id")
        if node is None:
            return None  # `keys` has reported it
        value = node.value if isinstance(node, Leaf) else ""
        if not pattern.fullmatch(value):
            shape = "small letters, digits and _" if pattern is ID else "letters, digits and _"
            self.error(node, f"'{value}' is no id", f"An id is made of {shape}, at most 24 of them")
            return None
        if value in taken:
            self.error(node, f"The id '{value}' is taken", "Give each its own id; ids are never used again")
            return None
        return value

    def text(self, parent: Table, key: str, text_key: str) -> str:
        """Collects the text under a key, if any, as `text_key`. Returns its German words ("" for none)."""
        node = parent.entries.get(key)
        if node is None:
            return ""
        forms, note = self._forms(node, key)
        if not forms or not all(forms):
            self.error(parent.lines[key], f"The text '{key}' is empty", "Write the German text, or leave the key out")
            return ""
        self.sources[text_key] = Source(text_key, forms, note, self.file, parent.lines[key])
        return forms[-1]

    def _forms(self, node: Node, key: str) -> tuple[tuple[str, ...], str]:
        if isinstance(node, Leaf):
            return (node.value.strip(),), ""
        if isinstance(node, Series):
            self.error(node, f"The text '{key}' is a list", "Write words, or {text: ..., note: ...}")
            return ("?",), ""
        wanted = ("one", "other") if "one" in node.entries or "other" in node.entries else ("text",)
        self.keys(node, wanted, ("note",), f"The text '{key}'")
        return tuple(self.string(node, name, "?") for name in wanted), self.string(node, "note")

    def _items(self, parent: Table, key: str) -> tuple[Node, ...]:
        node = parent.entries.get(key)
        if node is None:
            return ()
        if isinstance(node, Series):
            if not node.items:
                self.error(node, f"The list '{key}' is empty", "Add an entry, or leave the key out")
            return node.items
        self.error(node, f"'{key}' must be a list", "Write its entries below it, each after '- '")
        return ()


def read_ui(reader: Reader, root: Table, prefix: str = "ui") -> None:
    """Collects the bot's own texts: two levels, `section: {name: text}`, as `<prefix>.<section>.<name>`."""
    for section in root.entries:
        table = reader.table(root, section)
        if not ID.fullmatch(section):
            reader.error(root.lines[section], f"'{section}' is no id", "Use small letters, digits and _")
        for name in table.entries if table else ():
            if table and not ID.fullmatch(name):
                reader.error(table.lines[name], f"'{name}' is no id", "Use small letters, digits and _")
            elif table:
                reader.text(table, name, f"{prefix}.{section}.{name}")
