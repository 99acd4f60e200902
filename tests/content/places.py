"""Where keys and values are in the YAML files of the sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from tests.content.breaking import WHOLE, YAML_FILES, line_at, nodes_of


@dataclass(frozen=True)
class Pair:
    """A key with its value: their positions in the file, and those of the mapping around them."""

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
    """A scalar, also inside a list, and the line of its key."""

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
    """Where the last character of a node is. The mark of a block is after the empty space that follows it."""
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
