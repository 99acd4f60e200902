"""`questionnaire.yaml`: sections and questions with their German texts, in the order they are asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from bot.content.conditions_file import JOINTS
from bot.content.faults import nearest
from bot.content.lists_file import ItemList
from bot.content.nodes import Table, plain
from bot.content.question_file import QuestionReader, Room, check_stage, read_span, stage_of
from bot.content.reader import Reader
from bot.core.questionnaire import Kind, Question, Questionnaire, Refresh, Stage

_RESERVED = (*JOINTS, "section")
"""Names that no question may have: words of conditions, and words in the keys of section titles."""


def read_questionnaire(reader: Reader, root: Table, lists: Mapping[str, ItemList]) -> Questionnaire:
    """Every section and question that can be read. What cannot be read is a fault in the reader's report."""
    reader.keys(root, ("sections", "questions"), ("refresh", "retired", "shared"), "The questionnaire")
    sections: list[str] = []
    for table in reader.tables(root, "sections"):
        reader.keys(table, ("id", "title"), (), "A section")
        section = reader.ident(table, sections)
        if section:
            sections.append(section)
            reader.text(table, "title", f"questionnaire.section.{section}")
    tables = _in_order(reader, root)
    order = [reader.string(table, "id") for table in tables if "id" in table.entries]
    questions = QuestionReader(reader, order, sections, lists, Room())
    for table in tables:
        questions.question(table)
    retired = reader.names(root, "retired")
    _check_ids(reader, tables, retired)
    written = json.dumps([plain(root), _items(lists)], ensure_ascii=False, sort_keys=True)
    revision = hashlib.sha256(written.encode()).hexdigest()[:12]
    refresh = _refresh(reader, root, questions.read, order)
    shared = _shared(reader, root, questions.read, order)
    return Questionnaire(tuple(sections), tuple(questions.read.values()), revision, refresh, retired, shared)


def _in_order(reader: Reader, root: Table) -> list[Table]:
    """The questions in the order they are asked: the first pass, then what follows it."""
    tables = list(reader.tables(root, "questions"))
    for table in tables:
        check_stage(reader, table)
    return sorted(tables, key=lambda table: stage_of(table) is Stage.FOLLOW_UP)


def _items(lists: Mapping[str, ItemList]) -> dict[str, list[list[str]]]:
    return {name: [[item.id, *sorted(item.tags)] for item in one.items] for name, one in lists.items()}


def _refresh(reader: Reader, root: Table, questions: Mapping[str, Question], order: Sequence[str]) -> Refresh | None:
    """What is asked again. `order` also holds questions that have a fault themselves."""
    table = reader.table(root, "refresh")
    if table is None:
        return None
    reader.keys(table, ("every", "questions"), (), "'refresh'")
    named = reader.strings(table, "questions")
    if len(set(named)) < len(named):
        reader.error(table.lines["questions"], "A question stands here twice", "Keep one of them")
    for name in named:
        known = questions.get(name)
        if (known is None and name not in order) or (known is not None and not known.kind.is_answered):
            what = f"'{name}' is no question that is answered"
            reader.error(table.lines["questions"], what, nearest(name, questions))
    every = read_span(reader, table, "every")
    return None if every is None else Refresh(every, tuple(name for name in named if name in questions))


def _shared(reader: Reader, root: Table, questions: Mapping[str, Question], order: Sequence[str]) -> tuple[str, ...]:
    """The questions whose answers a partner is told. Sensitive ones are never passed on automatically."""
    named = reader.names(root, "shared")
    for name in named:
        known = questions.get(name)
        if (known is None and name not in order) or (known is not None and known.kind is Kind.STATEMENT):
            reader.error(root.lines["shared"], f"'{name}' is no question with an answer", nearest(name, questions))
        elif known is not None and known.sensitive:
            what = f"'{name}' is sensitive: no partner is told of it by itself"
            reader.error(root.lines["shared"], what, "Take it out of 'shared'")
    return tuple(name for name in named if name in questions)


def _check_ids(reader: Reader, tables: Sequence[Table], retired: Sequence[str]) -> None:
    """Reports forbidden ids: words of the condition language, retired ids, former ids of two questions."""
    ids = {reader.string(table, "id") for table in tables if "id" in table.entries}
    formerly: dict[str, str] = {}
    for table in tables:
        own = reader.string(table, "id")
        if own in _RESERVED:
            mend = "Take another id, this word has a meaning of its own"
            reader.error(table, f"A question cannot be called '{own}'", mend)
        if own in retired:
            what = f"'{own}' is retired: answers to another question are stored under it"
            reader.error(table, what, "Give the new question an id of its own")
        for old in reader.names(table, "was"):
            if old in ids:
                what = f"'{own}' was '{old}', and '{old}' is still a question"
                reader.error(table.lines["was"], what, "Take the old question out, or leave 'was' out")
            elif old in formerly:
                what = f"'{formerly[old]}' and '{own}' both were '{old}'"
                reader.error(table.lines["was"], what, "Answers can move to one question only")
            formerly[old] = own
