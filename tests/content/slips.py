"""What one mistake of a person, an editor or a tool makes of a file."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from tests.content.breaking import NOT_IN_YAML, WHOLE, misspelt
from tests.content.places import PAIRS


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
    """What one mistake of a person, an editor or a tool makes of a file."""
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
    """A misspelt word, or another word of the file in its place."""
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
    """Entries of a PO file out of order, doubled, removed, obsolete, or without one of their lines."""
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
    """Very deep nesting, and a few lines that expand to a billion: at the end of a line, or as the whole file."""
    ends = [match.end() for match in re.finditer(r"(?m)$", words)]
    place = draw(st.sampled_from(ends))
    what = draw(st.sampled_from([*nested(30), *nested(5000), LAUGHS]))
    return draw(st.sampled_from([what, words[:place] + " " + what + words[place:], words + "\n" + what])).encode()
