"""A person's typed words, with everything that is needed to understand them in their language."""

from __future__ import annotations

from datetime import date

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.month_names import month_names
from bot.core.engine import Typed
from bot.core.message import Text
from bot.core.questionnaire import Kind, Question


def typed(content: Content, question: Question, language: str, text: str, today: date) -> Typed:
    """The words as an input, with the labels of the options, names of the months, or similar items of a list.

    German names of months are understood in every language, because people copy them from papers.
    """
    match question.kind:
        case Kind.MONTH_YEAR | Kind.DAY:
            return Typed(text, months={**month_names(language), **month_names(SOURCE_LANGUAGE)}, today=today)
        case Kind.LIST:
            found = content.finder(question.list_name).find(text, language)
            return Typed(text, found=found.ids, exact=found.exact)
        case _:
            labels = {
                option.id: content.texts.label(language, Text(content.texts.option_key(question, option.id)))
                for option in question.options
            }
            return Typed(text, labels)
