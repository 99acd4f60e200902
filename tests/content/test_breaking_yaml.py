"""Breaks of YAML files of which it is certain what must be said where."""

from __future__ import annotations

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.content.faults import Level
from tests.content.breaking import (
    NOT_IN_YAML,
    PLACEHOLDER,
    TAG,
    UI,
    WHOLE,
    YAML_FILES,
    broken,
    has,
    line_at,
    misspelt,
    spoilt,
    written,
)
from tests.content.places import PAIRS, Pair, words_of

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


@settings(max_examples=30)
@given(st.data())
def test_broken_markup_of_a_german_text_is_named_in_its_line(data: st.DataObject) -> None:
    signs = [match for sign in (PLACEHOLDER, TAG) for match in sign.finditer(WHOLE[UI])]
    sign = data.draw(st.sampled_from(signs))
    words = data.draw(st.sampled_from(spoilt(sign[0])))
    faults = broken(written(UI, *sign.span(), words))
    lines = [one.line for one in PAIRS if one.file == UI and len(one.path) == 2 and one.key[0] < sign.start()]
    assert has(faults, UI, lines[-1], "ui."), faults
