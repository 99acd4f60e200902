"""The pages on which staff choose whom a broadcast is for, with how many that are at every tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.content.own_offers import RANKED
from bot.core.audience import ATTENDANCE, DAYS, FINISHED, INTEREST, LANGUAGE, REGISTRATION, question_of
from bot.core.broadcasts import Broadcast, Stage
from bot.core.conditions import Condition
from bot.core.folding import number
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.questionnaire import Kind, Question
from bot.core.roles import Right, may
from bot.db.audience import finding
from bot.db.audience.counting import Counted, Reason
from bot.db.broadcasts import broadcasts
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import audience
from bot.services.broadcasts.audience import EITHER, PASTED, WITH, WITHOUT
from bot.services.offers import reasons
from bot.services.profiles import people
from bot.services.staff.looking import called
from bot.services.staff.offers.offer_pages import title
from bot.services.staff.page import AT_ONCE, Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, option_text, shortened

AUDIENCE, PICK, JOINT = "audience", "pick", "joint"
_BESIDE = {LANGUAGE: "people.language", FINISHED: "people.finished", DAYS: "people.silent"}
_OF_OFFERS = frozenset({REGISTRATION, ATTENDANCE, INTEREST})
MOST_PASTED = 1000
"""As many letters of a pasted condition are shown."""
MOST_MISSED = 3
"""As many things that people miss are told."""


def draft(turn: Turn, word: str) -> Broadcast | None:
    """The broadcast whose audience can still be chosen."""
    key = number(word)
    one = None if key is None else broadcasts.load(turn.connection, key)
    return one if one is not None and one.stage is Stage.DRAFT else None


def named(name: str) -> str:
    """A name of conditions as a button's argument: parts of actions are parted by dots."""
    return name.replace(".", ":")


def filter_of(turn: Turn, word: str) -> Question | None:
    """What a page or a button lets choose by; None where the content has it no more."""
    name = word.replace(":", ".")
    return next((one for one in people.filters(turn.content) if one.id == name), None)


def label_of(turn: Turn, question: Question) -> Text:
    """What can be chosen by, in German."""
    if question_of(question.id) is not None:
        return Text(f"{question.key}.short", language=SOURCE_LANGUAGE)
    space, dot, offer = question.id.partition(".")
    if space + dot in _OF_OFFERS:
        return staff_text(f"people.{space}_at", title=title(turn.content.offers[offer]))
    return staff_text(_BESIDE[question.id])


def value_of(turn: Turn, question: Question, option: str) -> Text:
    """A value to choose, in German."""
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


def _audience(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What is chosen, how many that are, and the questions to choose by."""
    one = draft(turn, arguments[0])
    if one is None:
        return None
    closed = is_closed(turn, member, one)
    offered = [] if closed else people.filters(turn.content)
    shown, around = paged(f"{AUDIENCE}.{one.id}", offered, number(arguments[1]) or 0)
    rows: list[Row] = [
        (
            Button(
                label_of(turn, question),
                go(f"{PICK}.{one.id}.{named(question.id)}.0"),
                "✅" if is_chosen(one.audience, question.id) else "",
            ),
        )
        for question in shown
    ]
    lines: Block = (staff_text("audience.title", number=one.id), *chosen(turn, one.audience))
    counts, about = _counts(turn, member, one)
    return Screen(
        (lines, counts, (staff_text("audience.paste"),)),
        (*rows, *around, *_below(one, closed=closed), back(f"broadcast.{one.id}")),
        about=about,
    )


def _below(one: Broadcast, *, closed: bool) -> list[Row]:
    """What can be done with all that is chosen."""
    groups = Button(staff_text("button.groups"), go(f"groups.{one.id}.0"), "📂")
    if not one.audience:
        return [(groups,)]
    rows: list[Row] = [(groups, Button(staff_text("button.keep_group"), go(f"keep.{one.id}"), "💾"))]
    if len(audience.names_in(one.audience)) > 1 and not closed:
        rows.insert(0, (Button(staff_text("button.joint"), go(f"{JOINT}.{one.id}.0"), "🔀"),))
    return [*rows, (Button(staff_text("button.everybody"), f"everybody.{one.id}", "✖️"),)]


def is_chosen(chosen: Mapping[str, Any], name: str) -> bool:
    """Whether people are chosen by that."""
    return any(name in chosen.get(part, {}) for part in (WITH, WITHOUT))


def chosen(turn: Turn, given: Mapping[str, Any]) -> list[Text | Words]:
    """Whom a message is for, in words."""
    return chosen_lines(turn, given) or [staff_text("audience.everybody")]


def chosen_lines(turn: Turn, chosen: Mapping[str, Any]) -> list[Text | Words]:
    """Everything by which people are chosen, with the answers or values; nothing where they are not.

    Questions of which one is enough come last, under a line that says so.
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
    """What is said of one question as one line: all of it must be so."""
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
    """How the choice is said: on a scale the lowest answer is where it begins."""
    if question.kind not in RANKED:
        return f"audience.{part}"
    return "audience.at_least" if part == WITH else "audience.below"


def _counts(turn: Turn, member: Member, one: Broadcast) -> tuple[Block, frozenset[int]]:
    """How many it would reach, by language, who is left out, who misses one thing only, and some; who these are."""
    who = audience.condition(turn.content, one.audience)
    if tells_too_much(turn, member, who):
        return (staff_text("audience.closed"),), frozenset()
    found = audience.reach(turn, one)
    some, about = some_of(turn, member, who, found, f"broadcast {one.id}")
    return (staff_text("broadcast.reached", found.reached), *around_a_count(turn, member, who, found), *some), about


def is_closed(turn: Turn, member: Member, one: Broadcast) -> bool:
    """Whether the people of a broadcast tell of answers that the member's role may not see.

    Then nobody is named, and nothing is chosen any further: a smaller circle would tell of single people.
    """
    return tells_too_much(turn, member, audience.condition(turn.content, one.audience))


def tells_too_much(turn: Turn, member: Member, who: Condition) -> bool:
    """Whether whoever is told of the people of a condition learns answers that their role may not see."""
    return not may(member.role, Right.SEE_SENSITIVE) and bool(audience.asked_sensitively(turn.content, who))


def around_a_count(turn: Turn, member: Member, who: Condition, found: Counted) -> Block:
    """In which languages people are reached, who is left out, and who misses one thing only.

    Nothing where that would tell too much.
    """
    if tells_too_much(turn, member, who):
        return ()
    lines: list[Text | Words] = []
    if found.reached:
        lines.append(languages_said(found))
    if later := found.excluded.get(Reason.CAP):
        lines.append(staff_text("audience.cap", number=later))
    lines += left_out(found)
    near = [(what, miss.people) for miss in found.missed if (what := reasons.wanted(turn.content, miss.part))]
    lines += [staff_text("audience.near_miss", what=Listing(what), number=many) for what, many in near[:MOST_MISSED]]
    return tuple(lines)


def some_of(turn: Turn, member: Member, who: Condition, found: Counted, what: str) -> tuple[Block, frozenset[int]]:
    """Ten of those who are reached, and who these are; nobody, and a word for it, where that would tell too much.

    They are called by name for whoever may see names, and then that is a look at them (`what`).
    """
    if tells_too_much(turn, member, who):
        return (staff_text("audience.closed"),), frozenset()
    known = finding.some(turn.connection, found.sample)
    names = tuple(called(member, known[one]) for one in found.sample if one in known)
    if not names:
        return (), frozenset()
    if may(member.role, Right.SEE_PEOPLE):
        audit.looked(turn, Deed.LIST_SEEN, by=member, what=what)
    return (staff_text("audience.some", people=Listing(names)),), frozenset(found.sample)


def left_out(found: Counted) -> tuple[Text, ...]:
    """Who gets nothing although they fit, and why. Whose week is full gets it later."""
    return tuple(
        staff_text("audience.excluded", what=staff_text(f"reason.{reason}"), number=count)
        for reason, count in found.excluded.items()
        if count and reason is not Reason.CAP
    )


def languages_said(found: Counted) -> Text:
    """How many speak each language."""
    each = tuple(
        staff_text("audience.language", name=Words(german_name(language)), number=count)
        for language, count in found.languages.items()
        if language and count
    )
    return staff_text("audience.languages", each=Listing(each))


def _pick(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The values of one thing to choose by: a tap goes from nothing to those, to not those, and back."""
    one, question = draft(turn, arguments[0]), filter_of(turn, arguments[1])
    if one is None or question is None or is_closed(turn, member, one):
        return None
    at = f"{one.id}.{named(question.id)}"
    places = list(enumerate(people.options(question)))
    shown, around = paged(f"{PICK}.{at}", places, number(arguments[2]) or 0)
    rows: list[Row] = [
        (
            Button(
                value_of(turn, question, option),
                f"tick.{at}.{place}.{number(arguments[2]) or 0}",
                mark(one.audience, question.id, option),
            ),
        )
        for place, option in shown
    ]
    lines: Block = (
        staff_text("audience.title", number=one.id),
        staff_text("audience.ask", label=label_of(turn, question)),
        how(question),
        *((staff_text("audience.search"),) if question.kind is Kind.LIST else ()),
    )
    counts, about = _counts(turn, member, one)
    page = [other.id for other in people.filters(turn.content)].index(question.id) // AT_ONCE
    return Screen((lines, counts), (*rows, *around, back(f"{AUDIENCE}.{one.id}.{page}")), about=about)


def _joint(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Whether all that is chosen must be so, or one of several: a tap on a question goes from one to the other."""
    one = draft(turn, arguments[0])
    if one is None or is_closed(turn, member, one):
        return None
    asked = [name for name in audience.names_in(one.audience) if filter_of(turn, name) is not None]
    page, enough = number(arguments[1]) or 0, one.audience.get(EITHER, ())
    shown, around = paged(f"{JOINT}.{one.id}", asked, page)
    rows: list[Row] = [
        (Button(label_of(turn, question), f"either.{one.id}.{named(name)}.{page}", "🔀" if name in enough else "➕"),)
        for name in shown
        if (question := filter_of(turn, name)) is not None
    ]
    every = set(asked) <= set(enough)
    whole = staff_text("button.all_must" if every else "button.one_is_enough")
    rows.append((Button(whole, f"either.{one.id}.-.{page}"),))
    lines: Block = (staff_text("audience.title", number=one.id), *chosen(turn, one.audience))
    counts, about = _counts(turn, member, one)
    how: Block = (staff_text("audience.how_joint"),)
    return Screen((lines, counts, how), (*rows, *around, back(f"{AUDIENCE}.{one.id}.0")), about=about)


def how(question: Question) -> Text:
    """What a tap on a value does: on a scale it means those from there on."""
    return staff_text("audience.how_ranked" if question.kind in RANKED else "audience.how")


def mark(chosen: Mapping[str, Any], name: str, option: str) -> str:
    """How an option stands: for those, not for those, never mind."""
    if option in chosen.get(WITH, {}).get(name, ()):
        return "✅"
    return "🚫" if option in chosen.get(WITHOUT, {}).get(name, ()) else "⬜"


PAGES: dict[str, Page] = {
    AUDIENCE: Page(Right.SEND, _audience, 2),
    PICK: Page(Right.SEND, _pick, 3),
    JOINT: Page(Right.SEND, _joint, 2),
}
