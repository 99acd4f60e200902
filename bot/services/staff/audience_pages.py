"""The pages on which staff choose whom a broadcast is for, with how many that are at every tap."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE, own_name
from bot.content.own_offers import RANKED
from bot.core.broadcasts import Broadcast, Stage
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.questionnaire import Question
from bot.core.roles import Right
from bot.db import broadcasts
from bot.db.audience.counting import Counted, Reason
from bot.db.staff import Member
from bot.services import audience, reasons
from bot.services.audience import PASTED, WITH, WITHOUT
from bot.services.staff.offer_pages import number, paged
from bot.services.staff.page import Page, back, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, option_text

AUDIENCE, PICK = "audience", "pick"
MOST_MISSED = 3
"""As many things that people miss are told."""


def draft(turn: Turn, word: str) -> Broadcast | None:
    """The broadcast whose audience can still be chosen."""
    key = number(word)
    one = None if key is None else broadcasts.load(turn.connection, key)
    return one if one is not None and one.stage is Stage.DRAFT else None


def _audience(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What is chosen, how many that are, and the questions to choose by."""
    one = draft(turn, arguments[0])
    if one is None:
        return None
    shown, around = paged(f"{AUDIENCE}.{one.id}", audience.questions(turn.content), number(arguments[1]) or 0)
    rows: list[Row] = [
        (
            Button(
                Text(f"{question.key}.short", language=SOURCE_LANGUAGE),
                go(f"{PICK}.{one.id}.{question.id}"),
                "✅" if _is_chosen(one, question) else "",
            ),
        )
        for question in shown
    ]
    clear: list[Row] = []
    if one.audience:
        clear.append((Button(staff_text("button.everybody"), f"everybody.{one.id}", "✖️"),))
    lines: Block = (staff_text("audience.title", number=one.id), *_chosen(turn, one))
    return Screen(
        (lines, _counts(turn, one), (staff_text("audience.paste"),)),
        (*rows, *around, *clear, back(f"broadcast.{one.id}")),
    )


def _is_chosen(one: Broadcast, question: Question) -> bool:
    return any(question.id in one.audience.get(part, {}) for part in (WITH, WITHOUT))


def _chosen(turn: Turn, one: Broadcast) -> list[Text | Words]:
    """Each question by which people are chosen, with the answers."""
    by_id = turn.content.questionnaire.by_id
    lines: list[Text | Words] = []
    for part in (WITH, WITHOUT):
        for name, options in one.audience.get(part, {}).items():
            question = by_id.get(name)
            known = [option for option in options if question is not None and option in question.option_ids]
            if question is not None and known:
                values = Listing(tuple(option_text(turn.content, question, option) for option in known))
                lines.append(staff_text(_line(question, part), label=Text(f"{question.key}.short"), values=values))
            else:
                lines.append(staff_text("audience.gone"))
    if text := one.audience.get(PASTED):
        lines += [staff_text("audience.pasted"), Words(text)]
    return lines or [staff_text("audience.everybody")]


def _line(question: Question, part: str) -> str:
    """How the choice is said: on a scale the lowest answer is where it begins."""
    if question.kind not in RANKED:
        return f"audience.{part}"
    return "audience.at_least" if part == WITH else "audience.below"


def _counts(turn: Turn, one: Broadcast) -> Block:
    """How many it would reach, by language, who is left out, and who misses one thing only."""
    found = audience.reach(turn, one)
    return (staff_text("broadcast.reached", found.reached), *around_a_count(turn, found))


def around_a_count(turn: Turn, found: Counted) -> Block:
    """In which languages people are reached, who is left out, and who misses one thing only."""
    lines: list[Text | Words] = []
    if found.reached:
        each = tuple(
            staff_text("audience.language", name=Words(own_name(language)), number=count)
            for language, count in found.languages.items()
            if language and count
        )
        lines.append(staff_text("audience.languages", each=Listing(each)))
    for reason, count in found.excluded.items():
        if count and reason is Reason.CAP:
            lines.append(staff_text("audience.cap", number=count))
        elif count:
            lines.append(staff_text("audience.excluded", what=staff_text(f"reason.{reason}"), number=count))
    for miss in found.missed[:MOST_MISSED]:
        what = reasons.wanted(turn.content, miss.part)
        if what:
            lines.append(staff_text("audience.near_miss", what=Listing(what), number=miss.people))
    return tuple(lines)


def _pick(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The answers to one question: a tap goes from nothing to those, to not those, and back."""
    one, name = draft(turn, arguments[0]), arguments[1]
    question = next((known for known in audience.questions(turn.content) if known.id == name), None)
    if one is None or question is None:
        return None
    rows: list[Row] = [
        (
            Button(
                Text(turn.content.texts.option_key(question, option.id), language=SOURCE_LANGUAGE),
                f"tick.{one.id}.{question.id}.{place}",
                _mark(one, question, option.id),
            ),
        )
        for place, option in enumerate(question.options)
    ]
    lines: Block = (
        staff_text("audience.title", number=one.id),
        staff_text("audience.ask", label=Text(f"{question.key}.short")),
        staff_text("audience.how_ranked" if question.kind in RANKED else "audience.how"),
    )
    return Screen((lines, _counts(turn, one)), (*rows, back(f"{AUDIENCE}.{one.id}.0")))


def _mark(one: Broadcast, question: Question, option: str) -> str:
    if option in one.audience.get(WITH, {}).get(question.id, ()):
        return "✅"
    return "🚫" if option in one.audience.get(WITHOUT, {}).get(question.id, ()) else "⬜"


PAGES: dict[str, Page] = {
    AUDIENCE: Page(Right.SEND, _audience, 2),
    PICK: Page(Right.SEND, _pick, 2),
}
