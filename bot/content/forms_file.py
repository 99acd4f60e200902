"""`forms/<name>.yaml`: what staff are asked in the chat. Forms are questionnaires of the same engine. German only.

The program knows which forms exist and what it does with each answer. A town words and orders the questions, and
leaves out those it does not need.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.content.faults import nearest
from bot.content.lists_file import ItemList
from bot.content.nodes import Table
from bot.content.offers_file import nobody_counts
from bot.content.question_file import QuestionReader, Room
from bot.content.reader import Reader
from bot.core.offers import Sort
from bot.core.questionnaire import Kind, Questionnaire

FOLDER = "forms"
SECTION = "form"
"""The one section of a form. Its title is the title of the form."""
NEEDS, SUITS = "needs_", "suits_"
"""Prefixes before the id of a question: who gets a seat, and who an offer is recommended to."""
PROVIDES = "provides"
"""The question of the form "offer" about what it provides for people who need it. See `needs.yaml`."""

_WORDS = frozenset({Kind.SHORT_TEXT})
_LONG = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})
_CHOICE = frozenset({Kind.SINGLE, Kind.SCALE})
_NUMBER = frozenset({Kind.NUMBER})
_YES_NO = frozenset({Kind.YES_NO})
_DAY, _TIME = frozenset({Kind.DAY}), frozenset({Kind.TIME})
_PLACE = {"place": _WORDS, "address": _WORDS, "map": _WORDS}


@dataclass(frozen=True, slots=True)
class Fields:
    """The questions of a form that the program understands, each with the kinds it may have."""

    needed: Mapping[str, frozenset[Kind]]
    possible: Mapping[str, frozenset[Kind]]
    conditions: bool = False
    """Whether questions may say who it is for: `needs_<question>`, `suits_<question>`."""

    @property
    def known(self) -> dict[str, frozenset[Kind]]:
        """All known questions with their kinds."""
        return {**self.needed, **self.possible}


FORMS: Mapping[str, Fields] = {
    "offer": Fields(
        {"kind": _CHOICE, "title": _WORDS, "text": _LONG},
        {
            "provider": _WORDS,
            "fee": _NUMBER,
            "level_from": _CHOICE,
            "level_to": _CHOICE,
            "mode": _CHOICE,
            "lessons_per_week": _NUMBER,
            **_PLACE,
            "hours": _WORDS,
            "seats": _NUMBER,
            "approval": _YES_NO,
            "deadline_days": _NUMBER,
            PROVIDES: frozenset({Kind.MULTIPLE}),
        },
        conditions=True,
    ),
    "opening": Fields(
        {"sort": _CHOICE, "title": _WORDS, "text": _LONG},
        {"provider": _WORDS, **_PLACE, "link": _WORDS, "until": _DAY, "partner": _WORDS},
        conditions=True,
    ),
    "translation": Fields({"title": _WORDS, "text": _LONG}, {"place": _WORDS, "hours": _WORDS}),
    "meeting": Fields(
        {"day": _DAY, "time": _TIME, "minutes": _NUMBER},
        {
            "room": _WORDS,
            "repeat": _CHOICE,
            "weekdays": frozenset({Kind.MULTIPLE}),
            "until": _DAY,
            "holidays": _YES_NO,
        },
    ),
    "change": Fields({"day": _DAY, "time": _TIME, "minutes": _NUMBER}, {"room": _WORDS, **_PLACE}),
    "broadcast": Fields(
        {"until": _DAY},
        {
            "answering": _CHOICE,
            "partner": _WORDS,
            "link": _WORDS,
            "unreleased": _CHOICE,
            "joining": _YES_NO,
            "spread": _NUMBER,
            "day": _DAY,
            "time": _TIME,
        },
    ),
    "guest": Fields({"name": _WORDS}, {"contact": _WORDS}),
    "answer": Fields({"title": _WORDS, "text": _LONG}, {}),
    "answer_in": Fields({"text": _LONG}, {}),
}
"""Every form by its name: new or changed offer, new or changed opening, texts in another language, new dates, change
of a date, a person who came by phone or in person, how a broadcast is sent, and a ready answer."""
OPTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("offer", "kind"): ("course", "event", "advice"),
    ("opening", "sort"): tuple(Sort),
    ("offer", "mode"): ("presence", "online", "mixed"),
    ("broadcast", "answering"): ("none", "interest", "offer", "both"),
    ("broadcast", "unreleased"): ("wait", "german"),
    ("meeting", "repeat"): ("once", "weekly"),
    ("meeting", "weekdays"): ("mo", "tu", "we", "th", "fr", "sa", "su"),
}
"""The options that a question must have, because the program acts on them."""


def read_form(
    reader: Reader,
    root: Table,
    name: str,
    questionnaire: Questionnaire,
    lists: Mapping[str, ItemList],
    extras: Collection[str] | None,
) -> Questionnaire | None:
    """Reads a form. None, with a fault, if the program knows no form of that name. `extras`: see `read_offers`."""
    fields = FORMS.get(name)
    if fields is None:
        reader.error(1, f"There is no form '{name}'", nearest(name, FORMS))
        return None
    reader.keys(root, ("title", "questions"), (), "A form")
    room = f"{FOLDER}.{name}"
    reader.text(root, "title", f"{room}.section.{SECTION}")
    tables = list(reader.tables(root, "questions"))
    order = [reader.string(table, "id") for table in tables if "id" in table.entries]
    questions = QuestionReader(reader, order, (SECTION,), lists, Room(room, form=True, borrowed=questionnaire.by_id))
    for table in tables:
        questions.question(table)
        _check(reader, table, name, fields, questions, questionnaire)
        if reader.string(table, "id") == PROVIDES and PROVIDES in questions.read and extras is not None:
            for one in questions.read[PROVIDES].options:
                if one.id not in extras and not one.exclusive:
                    reader.error(table, *nobody_counts(one.id, extras))
    for missing in (one for one in fields.needed if one not in order):
        reader.error(root, f"The form '{name}' does not ask for '{missing}'", f"Add a question '{missing}'")
    return Questionnaire((SECTION,), tuple(questions.read.values()))


def _check(
    reader: Reader, table: Table, form: str, fields: Fields, read: QuestionReader, questionnaire: Questionnaire
) -> None:
    """Reports a question whose answer is never read, or not in the way it is given."""
    question = read.read.get(reader.string(table, "id"))
    if question is None or question.kind is Kind.STATEMENT:
        return
    about = question.id.removeprefix(NEEDS).removeprefix(SUITS)
    if fields.conditions and about != question.id:
        of = reader.string(table, "options_of")
        if of != about or about not in questionnaire.by_id:
            mend = f"Write 'options_of: {about}'"
            if about not in questionnaire.by_id:
                mend = "Take this question out, or name one of the questionnaire in its id and in 'options_of'"
            reader.error(table, f"'{question.id}' has to offer the answers to '{about}'", mend)
        return
    kinds = fields.known.get(question.id)
    if kinds is None:
        reader.error(table, f"Nobody reads '{question.id}' of the form '{form}'", nearest(question.id, fields.known))
    elif question.kind not in kinds:
        reader.error(
            table, f"'{question.id}' cannot be of the kind '{question.kind}'", f"Possible: {', '.join(kinds)}"
        )
    wanted = OPTIONS.get((form, question.id))
    own = [option.id for option in question.options]
    if wanted is not None and not set(own) <= set(wanted):
        reader.error(table, f"The options of '{question.id}' are not known", f"Possible: {', '.join(wanted)}")
