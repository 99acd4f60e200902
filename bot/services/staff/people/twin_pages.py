"""The pages about profiles that may belong to one person: who, why, both side by side, taking them apart."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core import likeness
from bot.core.folding import number
from bot.core.likeness import Pair, Profile
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.questionnaire import Kind
from bot.core.roles import Right, may
from bot.db.audience import finding
from bot.db.audience.finding import Person
from bot.db.people import merging, participants
from bot.db.people.contacts import Standing
from bot.db.people.likeness import newest
from bot.db.staff.staff import Member
from bot.services.audit import Deed
from bot.services.questions.summary import said_value
from bot.services.staff.looking import looked, told_apart, unrestricted
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.people.people_pages import DOUBLES, PEOPLE, PERSON
from bot.services.staff.people.person_pages import APART, SPLIT_VERB, TWINS
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day, shown_value

PAIR, JOIN_VERB = "pair", "join_people"
MOST_DIFFERENT = 12
"""Differing answers that are shown side by side."""
TELLING = frozenset({Kind.LIST, Kind.MONTH_YEAR, Kind.NUMBER})
"""Kinds of questions to which few people give the same answer."""


def suggested(turn: Turn) -> list[Pair]:
    """Pairs of profiles that may belong to one person, the likeliest first."""
    asked = [one.id for one in turn.content.questionnaire.questions if one.kind in TELLING and not one.sensitive]
    people = newest(turn.connection, asked)
    few = likeness.rare([one.said for one in people])
    profiles = [Profile(one.id, one.folded, one.language or "", said) for one, said in zip(people, few, strict=True)]
    return likeness.pairs(profiles)


def _doubles(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Every pair that is suggested, with the reasons."""
    every = suggested(turn)
    shown, around = paged(DOUBLES, every, number(arguments[0]) or 0)
    looked(turn, member, Deed.LIST_SEEN, None, f"doubles {len(every)}")
    people = finding.some(turn.connection, {key for one in shown for key in (one.first, one.second)})
    head: Block = (staff_text("twins.title", len(every)), staff_text("twins.how"))
    blocks: list[Block] = [head if every else (staff_text("twins.none"),)]
    rows: list[Row] = []
    for one in shown:
        first, second = (told_apart(member, people[key]) for key in (one.first, one.second))
        blocks.append((staff_text("twins.pair", first=first, second=second), _why(turn, member, one)))
        rows.append((_opening(one),))
    return Screen(tuple(blocks), (*rows, *around, back(f"{PEOPLE}.0")), about=frozenset(people))


def _opening(one: Pair) -> Button:
    """Numbers fit on a button beside each other, names do not; both stand above."""
    first, second = (staff_text("person.number", number=key) for key in (one.first, one.second))
    return Button(staff_text("twins.open", first=first, second=second), go(f"{PAIR}.{one.first}.{one.second}"))


def _why(turn: Turn, member: Member, one: Pair) -> Text:
    """The reasons; no names for members who may not see any."""
    reasons: list[Text] = []
    if may(member.role, Right.SEE_PEOPLE) and (one.same_name or one.near_name):
        reasons.append(staff_text("twins.same_name" if one.same_name else "twins.near_name"))
    if one.same_language:
        reasons.append(staff_text("twins.same_language"))
    by_id = turn.content.questionnaire.by_id
    reasons += [Text(f"{by_id[name].key}.short", language=SOURCE_LANGUAGE) for name in one.same]
    return staff_text("twins.why", reasons=Listing(tuple(reasons)))


def _twins(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Whom somebody could be put together with: suggestions, or a number that is typed."""
    found = unrestricted(turn, arguments[0])
    if found is None:
        return None
    one, _ = found
    others = [
        pair.second if pair.first == one.id else pair.first
        for pair in suggested(turn)
        if one.id in {pair.first, pair.second}
    ]
    looked(turn, member, Deed.LIST_SEEN, one.id, f"doubles {len(others)}")
    people = finding.some(turn.connection, others)
    rows: list[Row] = [
        (Button(staff_text("button.person", who=told_apart(member, people[key])), go(f"{PAIR}.{one.id}.{key}")),)
        for key in others[:8]
    ]
    lines: Block = (staff_text("twins.of", who=told_apart(member, one)), staff_text("twins.write"))
    return Screen((lines,), (*rows, back(f"{PERSON}.{one.id}")), about=frozenset({one.id, *others[:8]}))


def _pair(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Both side by side: where they stand, and where they differ. Which one stays is chosen by hand."""
    found = [unrestricted(turn, one) for one in arguments]
    both = [one for one in found if one is not None]
    if len(both) < len(arguments) or both[0][0].id == both[1][0].id:
        return None
    for one, _ in both:
        looked(turn, member, Deed.PROFILE_SEEN, one.id, PAIR)
    names = [told_apart(member, one) for one, _ in both]
    blocks: list[Block] = [_side(turn, member, one, standing) for one, standing in both]
    blocks.append(tuple(_different(turn, member, [one for one, _ in both])) or (staff_text("twins.alike"),))
    (one, _), (other, _) = both
    about = frozenset({one.id, other.id})
    if any(merging.of_person(turn.connection, person.id) for person, _ in both):
        later: Block = (staff_text("twins.later"),)
        return Screen((*blocks, later), (back(f"{PERSON}.{one.id}"),), about=about)
    blocks.append((staff_text("twins.ask"),))
    rows: tuple[Row, ...] = tuple(
        (Button(staff_text("twins.keep", who=name), f"{JOIN_VERB}.{kept.id}.{gone.id}", "👤"),)
        for name, kept, gone in ((names[0], one, other), (names[1], other, one))
    )
    return Screen(tuple(blocks), (*rows, back(f"{PERSON}.{one.id}")), about=about)


def _side(turn: Turn, member: Member, one: Person, standing: Standing) -> Block:
    lines: list[Text | Words] = [
        staff_text("profile.title", who=told_apart(member, one)),
        staff_text("profile.language", language=Words(german_name(standing.language or SOURCE_LANGUAGE))),
        staff_text("profile.begun", day=local_day(turn.content, standing.created_at)),
        staff_text("profile.seen", day=local_day(turn.content, standing.seen_at)),
    ]
    if standing.finished_at is None:
        lines.append(staff_text("profile.unfinished"))
    return tuple(lines)


def _different(turn: Turn, member: Member, both: list[Person]) -> list[Text]:
    """The answers that are not the same, left and right."""
    content = turn.content
    left, right = (participants.answers(turn.connection, one.id) for one in both)
    lines: list[Text] = []
    for question in content.questionnaire.questions:
        mine, theirs = left.get(question.id), right.get(question.id)
        if (mine is None and theirs is None) or question.kind is Kind.STATEMENT:
            continue
        if question.sensitive and not may(member.role, Right.SEE_SENSITIVE):
            continue
        if mine is not None and theirs is not None and mine.answer.value == theirs.answer.value:
            continue
        values = [
            staff_text("twins.nothing")
            if one is None
            else shown_value(content, question, one.answer)
            if one.answer.value is None
            else said_value(content, question, one.answer)
            for one in (mine, theirs)
        ]
        label = Text(f"{question.key}.short", language=SOURCE_LANGUAGE)
        lines.append(staff_text("twins.differs", label=label, left=values[0], right=values[1]))
    return lines[:MOST_DIFFERENT]


def _apart(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What taking apart does, before it is done."""
    key = number(arguments[0])
    one = None if key is None else merging.load(turn.connection, key)
    if one is None:
        return None
    found = unrestricted(turn, str(one.kept_id))
    if found is None:
        return None
    looked(turn, member, Deed.PROFILE_SEEN, one.kept_id, PAIR)
    gone = staff_text("person.number", number=one.gone_id)
    ask = staff_text("twins.ask_apart", who=told_apart(member, found[0]), gone=gone)
    rows: tuple[Row, ...] = (
        (Button(staff_text("twins.apart_no"), go(f"{PERSON}.{one.kept_id}")),),
        (Button(staff_text("twins.apart_yes"), f"{SPLIT_VERB}.{one.id}", "✂️"),),
    )
    return Screen(((ask,),), rows, about=frozenset({one.kept_id}))


PAGES: dict[str, Page] = {
    DOUBLES: Page(Right.MERGE_PEOPLE, _doubles, 1),
    TWINS: Page(Right.MERGE_PEOPLE, _twins, 1),
    PAIR: Page(Right.MERGE_PEOPLE, _pair, 2),
    APART: Page(Right.MERGE_PEOPLE, _apart, 1),
}
