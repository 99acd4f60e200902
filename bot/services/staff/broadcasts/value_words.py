"""Words typed on the page of a long list: the values that they mean are shown."""

from __future__ import annotations

from bot.core.folding import fold
from bot.core.questionnaire import Kind
from bot.db.staff.staff import Member
from bot.services.reply import Reply
from bot.services.staff.broadcasts.audience_pages import PICK
from bot.services.staff.broadcasts.value_search import PAGES, SEARCH
from bot.services.staff.choosing import as_argument, filter_of
from bot.services.staff.next_page import at_page, page_before
from bot.services.visit import Visit

LONGEST = 24
"""Letters that are looked for: they become part of the page's name, which has little room."""


def write(visit: Visit, _: Member, text: str) -> Reply | None:
    """Words on the page of a long list, or of what was found in it; None on any other."""
    name, *arguments = page_before(visit)
    if name not in {PICK, SEARCH} or len(arguments) != PAGES[SEARCH].arguments:
        return None
    return search(visit, f"{SEARCH}.{arguments[0]}", arguments[1], text)


def search(visit: Visit, page: str, name: str, text: str) -> Reply | None:
    """The page of what words on a long list's page mean; None where there is no such list."""
    words, question = fold(text)[:LONGEST].strip(), filter_of(visit.turn, name)
    if not words or question is None or question.kind is not Kind.LIST:
        return None
    return at_page(visit, f"{page}.{as_argument(question.id)}.{words}", None)
