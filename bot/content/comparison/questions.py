"""How one question differs from its earlier state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.content.comparison.change import Change, What, is_other, quoted
from bot.content.comparison.fates import Fate, worst_fate, worst_of_fields
from bot.content.comparison.options import option_changes
from bot.content.comparison.outline import Outlined, span_said
from bot.content.faults import Level
from bot.core.questionnaire import Kind, Question, Stage

_BOUNDS = (
    "least",
    "most",
    "minimum",
    "maximum",
    "max_length",
    "own_words",
    "years_back",
    "years_ahead",
    "list_name",
    "scale",
)
_LEAVE = ("optional", "sensitive")
_PROTECTION = ("purpose", "basis", "retention")
_SHOWN = ("common", "links", "report")
_OF_ONE_SORT = (
    frozenset({Kind.SINGLE, Kind.SCALE, Kind.YES_NO}),
    frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT}),
)
"""Groups of kinds whose answers mean the same in each other's place."""


def differences(old: Outlined, new: Outlined, homes: tuple[str, ...]) -> list[Change]:
    """Every difference of a question that existed before. Its answers are stored under `homes`."""
    found = [replace(change, homes=homes) for change in _differences(old, new)]
    if old.question.options or new.question.options:
        found += option_changes(old, new, homes)
    if old.question.kind is Kind.COMPUTED is new.question.kind:
        return [replace(change, fate=Fate.NONE) for change in found]
    return found


def _differences(old: Outlined, new: Outlined) -> Iterator[Change]:
    before, today = old.question, new.question
    if before.kind is not today.kind:
        yield _kind(before, today)
    if before.stage is not today.stage:
        detail = "is a follow-up now" if today.stage is Stage.FOLLOW_UP else "belongs to the first pass now"
        yield Change(What.STAGE, new.id, detail, Fate.KEPT)
    if before.section != today.section:
        yield Change(What.SECTION, new.id, _turned("section", before.section, today.section), Fate.KEPT)
    if old.condition != new.condition:
        detail = f"asked {_if(new.condition)}, before: {_if(old.condition)}"
        yield Change(What.CONDITION, new.id, detail, Fate.KEPT)
    if old.rules != new.rules:
        yield Change(What.RULES, new.id, f"computed by other rules: {new.rules}", Fate.NONE)
    if before.kind is today.kind:
        yield from _fields(What.BOUNDS, before, today, _BOUNDS)
    yield from _fields(What.LEAVE, before, today, _LEAVE)
    yield from _times(old, new)
    yield from _fields(What.PROTECTION, before, today, _PROTECTION)
    yield from _fields(What.SHOWN, before, today, _SHOWN)
    yield from _texts(old, new)


def _kind(before: Question, today: Question) -> Change:
    """The change of kind. Changed options are handled elsewhere: here they stay, if the new kind has options."""
    choose = bool(before.options and today.options)
    alone = replace(today, id=before.id, was=(), options=before.options if choose else today.options)
    fate = worst_fate(before, alone)
    detail = f"kind changed from {before.kind} to {today.kind}"
    same = fate is Fate.KEPT and any({before.kind, today.kind} <= sort for sort in _OF_ONE_SORT)
    if same or fate is Fate.NONE:
        return Change(What.KIND, today.id, detail, fate)
    if today.kind is Kind.COMPUTED:
        stands = "What is computed is written over what people answered, for good"
    else:
        stands = "Answers of another kind stand under this id"
    mend = f"{stands}: give the new question an id of its own"
    return Change(What.KIND, today.id, detail, fate, level=Level.WARNING, mend=mend)


def _fields(what: What, before: Question, today: Question, names: tuple[str, ...]) -> Iterator[Change]:
    changed = [name for name in names if getattr(before, name) != getattr(today, name)]
    if changed:
        said = (_turned(name, _value(before, name), _value(today, name)) for name in changed)
        fate = worst_of_fields(before, today, changed)
        yield Change(what, today.id, ", ".join(said), fate)


def _value(question: Question, name: str) -> str:
    value = getattr(question, name)
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value)) or "none"
        case None:
            return "any"
    return str(value)


def _turned(name: str, before: str, today: str) -> str:
    return f"{name.replace('_', ' ')}: {before} is now {today}"


def _if(condition: str) -> str:
    return f"if {condition}" if condition else "always"


def _times(old: Outlined, new: Outlined) -> Iterator[Change]:
    before, today = span_said(old.question.expires), span_said(new.question.expires)
    if before != today:
        detail = f"answers expire {_after(today)}, before: {_after(before)}"
        fate = Fate.ASKED_AGAIN if today else Fate.KEPT
        yield Change(What.TIME, new.id, detail, fate)
    if old.refreshed != new.refreshed:
        again = f"shown again every {new.refreshed}" if new.refreshed else "not shown again any more"
        yield Change(What.TIME, new.id, f"answers are {again}", Fate.KEPT)


def _after(span: str) -> str:
    return f"after {span}" if span else "never"


def _texts(old: Outlined, new: Outlined) -> Iterator[Change]:
    before, today = old.texts.get("ask", ""), new.texts.get("ask", "")
    if before != today:
        detail = f"asks {quoted(today)}, before: {quoted(before)}"
        if is_other(before, today):
            mend = "If it asks for something else now, give it an id of its own"
            yield Change(What.ASK, new.id, detail, Fate.KEPT, level=Level.HINT, mend=mend)
        else:
            yield Change(What.ASK, new.id, detail, Fate.KEPT)
    names = dict.fromkeys([*old.texts, *new.texts])
    others = [name for name in names if name != "ask" and old.texts.get(name) != new.texts.get(name)]
    if others:
        yield Change(What.TEXTS, new.id, f"texts changed: {', '.join(others)}", Fate.KEPT)
