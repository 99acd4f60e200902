"""What the team can choose people by, for a broadcast or in the list of them: its words, marks and buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.content.own_offers import RANKED
from bot.core.audience import ATTENDANCE, DAYS, FINISHED, INTEREST, LANGUAGE, REGISTRATION, question_of
from bot.core.message import Button, Listing, Text, Words
from bot.core.questionnaire import Question
from bot.services.broadcasts import audience
from bot.services.broadcasts.audience import PASTED, WITH, WITHOUT
from bot.services.profiles import people
from bot.services.staff.offers.offer_pages import title
from bot.services.staff.page import AT_ONCE, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Row, option_text, shortened

_BESIDE = {LANGUAGE: "people.language", FINISHED: "people.finished", DAYS: "people.silent"}
_OF_OFFERS = frozenset({REGISTRATION, ATTENDANCE, INTEREST})
MOST_PASTED = 1000
"""Letters of a pasted condition that are shown."""


def as_argument(name: str) -> str:
    """A name from a condition as a button's argument, where dots separate the parts of an action."""
    return name.replace(".", ":")


def filter_of(turn: Turn, word: str) -> Question | None:
    """The filter that a page or a button names; None where the content no longer has it."""
    name = word.replace(":", ".")
    return next((one for one in people.filters(turn.content) if one.id == name), None)


def label_of(turn: Turn, question: Question) -> Text:
    """A filter's name, in German."""
    if question_of(question.id) is not None:
        return Text(f"{question.key}.short", language=SOURCE_LANGUAGE)
    space, dot, offer = question.id.partition(".")
    if space + dot in _OF_OFFERS:
        return staff_text(f"people.{space}_at", title=title(turn.content.offers[offer]))
    return staff_text(_BESIDE[question.id])


def value_of(turn: Turn, question: Question, option: str) -> Text:
    """A filter's value, in German."""
    if question.id == LANGUAGE:
        return staff_text("button.named", name=Words(german_name(option)))
    if question.id == FINISHED:
        return staff_text(f"people.finished_{option}")
    if question.id == DAYS:
        return staff_text("people.days", int(option) if option.isdecimal() else 0)
    space, dot, _ = question.id.partition(".")
    if space + dot in _OF_OFFERS:
        return staff_text(f"people.{space}_{option}")
    return Text(option_text(turn.content, question, option).key, language=SOURCE_LANGUAGE)


def filter_rows(turn: Turn, shown: Sequence[Question], chosen: Mapping[str, Any], page: str) -> list[Row]:
    """A button for each of these to the `page` with its values, marked where people are chosen by it."""
    return [
        (
            Button(
                label_of(turn, one),
                go(f"{page}.{as_argument(one.id)}.0"),
                "✅" if _is_chosen(chosen, one.id) else "",
            ),
        )
        for one in shown
    ]


def value_rows(
    turn: Turn, question: Question, shown: Sequence[str], chosen: Mapping[str, Any], action: str
) -> list[Row]:
    """A button for each of these values: `action`, the value's place in the whole list, and its page there."""
    places = {option: place for place, option in enumerate(people.options(question))}
    return [
        (
            Button(
                value_of(turn, question, option),
                f"{action}.{places[option]}.{places[option] // AT_ONCE}",
                _mark(chosen, question.id, option),
            ),
        )
        for option in shown
    ]


def meant(turn: Turn, question: Question, words: str) -> list[str]:
    """The values of a long list that words mean, the best first."""
    options = frozenset(people.options(question))
    found = turn.content.finder(question.list_name).find(words, SOURCE_LANGUAGE).ids
    return [option for option in found if option in options]


def found_said(found: Sequence[str], words: str) -> Text:
    """Whether words mean any value."""
    return staff_text("audience.found" if found else "audience.not_found", words=Words(words))


def how(question: Question) -> Text:
    """What a tap on a value does: on a scale it means that value and all above it."""
    return staff_text("audience.how_ranked" if question.kind in RANKED else "audience.how")


def _is_chosen(chosen: Mapping[str, Any], name: str) -> bool:
    """Whether people are chosen by this filter."""
    return any(name in chosen.get(part, {}) for part in (WITH, WITHOUT))


def _mark(chosen: Mapping[str, Any], name: str, option: str) -> str:
    """How a value stands: chosen, ruled out, or never mind."""
    if option in chosen.get(WITH, {}).get(name, ()):
        return "✅"
    return "🚫" if option in chosen.get(WITHOUT, {}).get(name, ()) else "⬜"


def chosen(turn: Turn, given: Mapping[str, Any]) -> list[Text | Words]:
    """Whom a message is for, in words."""
    return chosen_lines(turn, given) or [staff_text("audience.everybody")]


def chosen_lines(turn: Turn, chosen: Mapping[str, Any]) -> list[Text | Words]:
    """Every filter people are chosen by, with its values; nothing where there is none.

    Those of which one is enough come last, under a line that says so.
    """
    either = audience.alternatives(chosen)
    said = [(name, _line_said(turn, part, name, options)) for part, name, options in audience.lines(chosen)]
    lines: list[Text | Words] = [line for name, line in said if name not in either]
    if either:
        lines += [staff_text("audience.either"), *_together([one for one in said if one[0] in either])]
    if text := chosen.get(PASTED):
        lines += [staff_text("audience.pasted"), Words(shortened(text, MOST_PASTED))]
        if audience.is_lost(turn.content, {PASTED: text}):
            lines.append(staff_text("audience.gone"))
    return lines


def _together(said: list[tuple[str, Text]]) -> list[Text]:
    """What is said of one question as one line, since all of it must hold."""
    by_name: dict[str, list[Text]] = {}
    for name, line in said:
        by_name.setdefault(name, []).append(line)
    return [
        one[0] if len(one) == 1 else staff_text("audience.together", lines=Listing(tuple(one)))
        for one in by_name.values()
    ]


def _line_said(turn: Turn, part: str, name: str, options: list[str]) -> Text:
    """One question, with the answers or values; or that it is gone."""
    question = turn.content.questionnaire.by_id.get(name) or filter_of(turn, name)
    known = [option for option in options if question is not None and option in people.options(question)]
    if question is None or not known:
        return staff_text("audience.gone")
    values = Listing(tuple(value_of(turn, question, option) for option in known))
    return staff_text(_line(question, part), label=label_of(turn, question), values=values)


def _line(question: Question, part: str) -> str:
    """How the choice is worded: on a scale it is everything from the lowest chosen value on."""
    if question.kind not in RANKED:
        return f"audience.{part}"
    return "audience.at_least" if part == WITH else "audience.below"
