"""Templates: answers that the team has ready. The files have some; what staff write takes precedence.

The gate is that of broadcasts (`Version`): a translation is a draft until a member vouches for it, whoever wrote it.
Once the German changes, a translation counts for nothing: what was released said something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.content.answers_file import text_key
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.markup import parse, plain
from bot.core.broadcasts import Version
from bot.core.message import Text
from bot.db.staff.staff import Member
from bot.db.threads import answers
from bot.db.threads.answers import Said
from bot.services import audit
from bot.services.audit import Deed
from bot.services.turn import Turn

OWN = "own"
"""Before the number of an answer that staff made."""


@dataclass(frozen=True, slots=True)
class Template:
    """An answer that is ready: its German words, and whether they are those of the file."""

    id: str
    title: str
    text: str
    of_file: bool = False

    @property
    def source(self) -> str:
        """Names the German words."""
        return sha256(self.text.encode()).hexdigest()[:12]


def everything(turn: Turn) -> dict[str, Template]:
    """Every template by id, those of the files first."""
    said, texts = answers.said(turn.connection), turn.content.texts
    found = {
        key: Template(key, title, plain(parse(texts.source(text_key(key)))), of_file=True)
        for key, title in turn.content.answers.items()
    }
    for key, one in said.items():
        known = found.get(key)
        same = known is not None and known.text == one.text
        found[key] = Template(key, one.title, one.text, of_file=same)
    return {key: one for key, one in found.items() if key not in said or not said[key].withdrawn}


def versions(turn: Turn, one: Template) -> dict[str, Version]:
    """The template in each language of the town that has words for it."""
    rows, texts = answers.wordings(turn.connection, one.id), turn.content.texts
    found = {SOURCE_LANGUAGE: Version(SOURCE_LANGUAGE, one.text, released_text=one.text)}
    for language in turn.content.languages:
        if language == SOURCE_LANGUAGE:
            continue
        row = rows.get(language)
        row = row if row is not None and row.source == one.source else None
        key = text_key(one.id)
        text = row.text if row is not None else None
        if text is None and one.of_file and texts.has(language, key):
            text = texts.label(language, Text(key))
        if text is not None:
            released, by = (row.released_text, row.released_by) if row is not None else (None, None)
            found[language] = Version(language, text, released_text=released, released_by=by)
    return found


def words_for(turn: Turn, one: Template, language: str | None) -> tuple[str, str]:
    """What a person of that language gets, and its language: theirs where that is released, else German."""
    version = versions(turn, one).get(language or SOURCE_LANGUAGE)
    if version is None or version.released_text is None:
        return one.text, SOURCE_LANGUAGE
    return version.released_text, version.language


def release(turn: Turn, one: Template, language: str, member: Member) -> bool:
    """The member vouches for the translation as it is now; False where there is nothing to vouch for."""
    version = versions(turn, one).get(language)
    if version is None or language == SOURCE_LANGUAGE or not version.is_draft:
        return False
    row = {"source": one.source, "released_text": version.text, "released_by": member.id, "released_at": turn.now}
    answers.write(turn.connection, one.id, language, **row)
    audit.note(turn, Deed.RELEASED, by=member, what=f"answer {one.id} {language}")
    return True


def translate(turn: Turn, one: Template, language: str, text: str) -> None:
    """New words in that language; what was released stays until these are released."""
    known = answers.wordings(turn.connection, one.id).get(language)
    row: Mapping[str, object] = {"text": text, "source": one.source}
    if known is None or known.source != one.source:
        row = {**row, "released_text": None, "released_by": None, "released_at": None}
    answers.write(turn.connection, one.id, language, **row)


def say(turn: Turn, key: str | None, title: str, text: str, member: Member) -> str:
    """A template's German, of a new one (None) or changed; its id."""
    if key is None:
        return answers.add(turn.connection, OWN, title, text, member.id, turn.now)
    answers.say(turn.connection, Said(key, title, text, withdrawn=False), member.id, turn.now)
    return key


def withdraw(turn: Turn, one: Template, member: Member) -> None:
    """Withdraw a template: nobody can send it any more."""
    answers.say(turn.connection, Said(one.id, one.title, one.text, withdrawn=True), member.id, turn.now)
