"""`glossary.yaml`: names and terms that a machine must leave as they are, or must translate in one way."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE, locale_of
from bot.content.nodes import Leaf, Table
from bot.content.reader import Reader
from bot.core.glossary import Glossary, Term

LONGEST = 80
"""The most characters of a term. A longer one is a sentence."""
SHORTEST = 2


def read_glossary(reader: Reader, root: Table) -> Glossary:
    """The terms that can be read. What cannot be read is a fault in the reader's report."""
    reader.keys(root, ("terms",), (), "A glossary")
    terms: list[Term] = []
    taken: dict[str, int] = {}
    for table in reader.tables(root, "terms"):
        reader.keys(table, ("term",), ("also", "in", "note"), "A term")
        forms = tuple(
            " ".join(form.split()) for form in (reader.string(table, "term"), *reader.strings(table, "also"))
        )
        sound = [form for form in forms if _is_sound(reader, table, form, taken)]
        fixed = _fixed(reader, table)
        if sound:
            terms.append(Term(tuple(sound), fixed))
    return tuple(terms)


def _is_sound(reader: Reader, table: Table, form: str, taken: dict[str, int]) -> bool:
    if not form:
        return False  # the reader has reported it
    if not SHORTEST <= len(form) <= LONGEST or not any(map(str.isalnum, form)):
        what = f"'{form[:LONGEST]}' is no term"
        reader.error(table, what, f"A term has {SHORTEST} to {LONGEST} characters, and letters in it")
        return False
    if form in taken:
        reader.error(table, f"The term '{form}' stands here twice (first in line {taken[form]})", "Keep one of them")
        return False
    taken[form] = table.line
    return True


def _fixed(reader: Reader, table: Table) -> dict[str, str]:
    """The given translations by language. A language the town does not offer yet may be there, too."""
    given = reader.table(table, "in")
    fixed: dict[str, str] = {}
    for language, node in given.entries.items() if given else ():
        words = node.value.strip() if isinstance(node, Leaf) else ""
        if not words:
            reader.error(node, f"The translation into '{language}' is empty", "Write it, or leave the line out")
        elif language == SOURCE_LANGUAGE:
            reader.error(node, "German is translated from, not into", "Write other forms of the word under 'also'")
        elif locale_of(language) is None:
            reader.error(node, f"There is no language '{language}'", "Use its code of ISO 639, such as uk or ar")
        else:
            fixed[language] = words
    return fixed
