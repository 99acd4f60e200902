"""Everything that is stored about a person, table by table, as they get it.

A test walks the metadata: each table that belongs to a chat is a part, or is named there with a reason. Each column
of a part is in it, or is named as left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from bot.db import audit
from bot.db.schema import (
    answer,
    answer_history,
    attendance,
    audit_person,
    chat,
    consent,
    delivery,
    interest,
    merging,
    note,
    paper_code,
    participant,
    path_mark,
    registration,
    thread,
    thread_message,
    unwanted_offer,
)

Row = dict[str, Any]
MOST_LOOKS = 5000
"""The most entries of the audit trail about one person, the newest."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table with the columns that a person gets. `left`: those they do not get. docs/mydata.md has the reasons."""

    name: str
    table: Table
    columns: tuple[str, ...]
    left: tuple[str, ...] = ()


def _part(name: str, table: Table, columns: str, left: str = "") -> Part:
    return Part(name, table, tuple(columns.split()), tuple(left.split()))


PARTS = (
    _part(
        "chats",
        chat,
        "id language source created_at seen_at blocked_at",
        "screen detour focus card_version card_since shown_version card_message shown_at",
    ),
    _part(
        "people",
        participant,
        "id created_at finished_at name quiet muted weekly_cap zone more offered at draft aside_since aside_language"
        " moved_at nth restricted_at",
        "chat_id from_summary refreshing folded aside_screen",
    ),
    _part("answers", answer, "participant_id question_id status value applies answered_at revision"),
    _part(
        "former_answers",
        answer_history,
        "participant_id question_id status value answered_at revision replaced_at",
        "id",
    ),
    _part("consents", consent, "participant_id purpose language text_version given_at withdrawn_at", "id"),
    _part(
        "seats",
        registration,
        "id participant_id offer_id meeting_id state queued_at registered_at held_until coming_at ended_at",
        "guest entered_by approved_by",
    ),
    _part("attendance", attendance, "registration_id meeting_id state marked_at told_at", "marked_by"),
    _part("unwanted_offers", unwanted_offer, "participant_id offer_id since"),
    _part(
        "interests",
        interest,
        "participant_id broadcast_id offer_id partner language text_version state since changed_at told_at",
        "id changed_by nudged_at",
    ),
    _part("path", path_mark, "participant_id step_id since"),
    _part(
        "messages",
        delivery,
        "kind text_key params topic state code reason due_at sent_at unknown_at participant_id registration_id"
        " meeting_id",
        "id cause chat_id next_at priority edits urgent last_useful_at message_id claimed_at claimed_by tries",
    ),
    _part(
        "talks",
        thread,
        "id participant_id opened_at changed_at closed_at close_reason waiting_since",
        "assigned_to snoozed_until nudged group_id topic topic_open card_message card_outdated jobs staff_job"
        " person_job",
    ),
    _part(
        "talk_messages",
        thread_message,
        "thread_id author kind text machine at taken_back_at state waited reaction",
        "id staff_id interpret chat_id message_id copy_chat copy_message revision said_revision job reaction_by"
        " reaction_revision reaction_said template language album file",
    ),
    _part("notes", note, "participant_id at text", "id author_id"),
    _part("paper_codes", paper_code, "participant_id made_at", "mark"),
    _part("put_together", merging, "kept_id gone_id at", "id chat_id by_id before"),
)
"""What a person gets, in this order."""


def of_chat(connection: Connection, chat_id: int, person: int | None = None) -> dict[str, list[Row]]:
    """Everything about the people of a chat, by part. `looks`: what the team looked at and did about them.

    `person`: only this one of several, plus what belongs to the chat and to none of them.
    """
    here = participant.c.chat_id == chat_id
    people = _numbers(connection, participant.c.id, here if person is None else here & (participant.c.id == person))
    seats = _numbers(connection, registration.c.id, registration.c.participant_id.in_(people))
    talks = _numbers(connection, thread.c.id, thread.c.participant_id.in_(people))
    found: dict[str, list[Row]] = {}
    for part in PARTS:
        table = part.table
        match part.name:
            case "chats":
                mine: ColumnElement[bool] = table.c.id == chat_id
            case "people":
                mine = table.c.id.in_(people)
            case "attendance":
                mine = table.c.registration_id.in_(seats)
            case "messages":
                of_nobody = table.c.participant_id.is_(None)
                told = table.c.chat_id == chat_id
                mine = or_(told if person is None else told & of_nobody, table.c.participant_id.in_(people))
            case "talk_messages":
                mine = table.c.thread_id.in_(talks)
            case "put_together":
                mine = table.c.kept_id.in_(people)
            case _:
                mine = table.c.participant_id.in_(people)
        asked = select(*(table.c[name] for name in part.columns)).where(mine).order_by(*table.primary_key.columns)
        found[part.name] = [dict(row._mapping) for row in connection.execute(asked)]  # noqa: SLF001 - a row's public view
    found["looks"] = _looks(connection, people)
    return found


def _looks(connection: Connection, people: Sequence[int]) -> list[Row]:
    """When the team looked at a person or did something for them, but not which member it was."""
    known = select(audit_person.c.pseudonym).where(audit_person.c.participant_id.in_(people))
    entries = [
        one
        for name in connection.execute(known).scalars()
        for one in audit.entries(connection, audit.Filter(about=name), 0, MOST_LOOKS)
    ]
    return [{"at": one.at, "deed": one.deed, "by": one.actor.partition(":")[0]} for one in entries]


def _numbers(connection: Connection, column: ColumnElement[int], mine: ColumnElement[bool]) -> list[int]:
    return list(connection.execute(select(column).where(mine)).scalars())
