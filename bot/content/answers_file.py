"""`answers.yaml`: ready answers that the team sends often, in German. Their translations are in the PO files.

Nobody gets a translation before a member of the team has released it (`bot.services.threads.answers`).
"""

from __future__ import annotations

from bot.content.nodes import Table
from bot.content.reader import Reader

LONGEST_TITLE = 40
"""The most letters of a title, because it is the label of a button."""


def read_answers(reader: Reader, root: Table) -> dict[str, str]:
    """The titles by id, in the file's order. The texts become sources under `answers.<id>.text`."""
    reader.keys(root, ("answers",), (), "The answers")
    titles: dict[str, str] = {}
    for table in reader.tables(root, "answers"):
        reader.keys(table, ("id", "title", "text"), (), "An answer")
        key, title = reader.ident(table, titles), reader.string(table, "title")
        if key is None:
            continue
        if len(title) > LONGEST_TITLE:
            reader.error(table, f"The title of '{key}' is too long", f"Write at most {LONGEST_TITLE} letters")
        titles[key] = title
        reader.text(table, "text", text_key(key))
    return titles


def text_key(answer_id: str) -> str:
    """The key of an answer's text."""
    return f"answers.{answer_id}.text"
