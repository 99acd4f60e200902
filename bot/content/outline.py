"""What of a questionnaire matters to the answers that are stored: kept with each run of a content."""

from __future__ import annotations

from typing import Any

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.questionnaire import Question


def outline(content: Content) -> dict[str, Any]:
    """The questions in the order they are asked, with their German texts, as JSON holds them."""
    return {"questions": [_of(content, question) for question in content.questionnaire.questions]}


def _of(content: Content, question: Question) -> dict[str, Any]:
    texts = content.texts
    options = [] if question.list_name else [option.id for option in question.options]
    key = f"questionnaire.{question.id}.ask"
    return {
        "id": question.id,
        "kind": question.kind.value,
        "section": question.section,
        "stage": question.stage.value,
        "list": question.list_name,
        "ask": texts.source(key) if texts.has(SOURCE_LANGUAGE, key) else "",
        "options": {option: texts.source(texts.option_key(question.id, option)) for option in options},
    }
