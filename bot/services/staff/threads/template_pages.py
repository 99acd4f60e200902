"""The pages about templates (answers that are ready): the list, one with its languages, choosing one."""

from __future__ import annotations

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.folding import number
from bot.core.message import Button, Screen, Words
from bot.core.roles import Right
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.services.staff.broadcasts.release_words import mark_of, stands
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.threads import answers
from bot.services.turn import Turn
from bot.services.view import Block, Row

TEMPLATES, TEMPLATE, TEMPLATE_IN = "templates", "template", "template_in"
CHOOSE, TRY = "t_choose", "t_try"
THREADS, THREAD = "threads", "thread"
FORM, FORM_IN = "answer", "answer_in"


def _templates(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen:
    known = answers.everything(turn)
    shown, around = paged(TEMPLATES, list(known.values()), number(arguments[0]) or 0)
    rows: list[Row] = []
    if FORM in turn.content.forms:
        rows.append((Button(staff_text("button.template_new"), "template_new", "➕"),))
    rows += [
        (Button(staff_text("button.named", name=Words(one.title)), go(f"{TEMPLATE}.{one.id}")),) for one in shown
    ]
    lines: Block = (staff_text("templates.title", len(known)), staff_text("templates.how"))
    return Screen((lines,), (*rows, *around, back(f"{THREADS}.0")))


def _template(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """One template: its German, and how far each language has got."""
    one = answers.everything(turn).get(arguments[0])
    if one is None:
        return None
    known = answers.versions(turn, one)
    title: Block = (staff_text("template.title", title=Words(one.title)), staff_text("template.id", id=Words(one.id)))
    rows: list[Row] = [
        (
            Button(
                staff_text("button.named", name=Words(german_name(language))),
                go(f"{TEMPLATE_IN}.{one.id}.{language}"),
                mark_of(known.get(language)),
            ),
        )
        for language in turn.content.languages
        if language != SOURCE_LANGUAGE
    ]
    if FORM in turn.content.forms:
        rows.append((Button(staff_text("button.template_edit"), f"template_edit.{one.id}", "✏️"),))
    rows.append((Button(staff_text("button.template_drop"), f"template_drop.{one.id}", "🗑"),))
    return Screen((title, (Words(one.text),), (staff_text("template.gate"),)), (*rows, back(f"{TEMPLATES}.0")))


def _template_in(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """One template in another language, below the German, and who vouches for it."""
    one, language = answers.everything(turn).get(arguments[0]), arguments[1]
    if one is None or language == SOURCE_LANGUAGE or language not in turn.content.languages:
        return None
    version = answers.versions(turn, one).get(language)
    blocks: list[Block] = [
        (staff_text("template.title", title=Words(one.title)),),
        (Words(one.text),),
        (staff_text("wording.below", language=Words(german_name(language))),),
    ]
    rows: list[Row] = []
    if version is not None:
        blocks += [(Words(version.text),), stands(turn, version)]
        if version.is_draft:
            rows.append((Button(staff_text("button.release"), f"template_release.{one.id}.{language}", "✅"),))
    if FORM_IN in turn.content.forms:
        rows.append((Button(staff_text("button.template_edit"), f"template_word.{one.id}.{language}", "✏️"),))
    return Screen(tuple(blocks), (*rows, back(f"{TEMPLATE}.{one.id}")))


def _choose(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Choose a template for the person of a talk."""
    key = number(arguments[0])
    one = None if key is None else threads.load(turn.connection, key)
    if one is None:
        return None
    known = list(answers.everything(turn).values())
    shown, around = paged(f"{CHOOSE}.{one.id}", known, number(arguments[1]) or 0)
    rows: list[Row] = [
        (Button(staff_text("button.named", name=Words(each.title)), go(f"{TRY}.{one.id}.{each.id}")),)
        for each in shown
    ]
    return Screen(((staff_text("templates.title", len(known)),),), (*rows, *around, back(f"{THREAD}.{one.id}")))


def _try(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The template as the person would get it, below the German."""
    key = number(arguments[0])
    one = None if key is None else threads.load(turn.connection, key)
    chosen = answers.everything(turn).get(arguments[1])
    if one is None or chosen is None:
        return None
    words, language = answers.words_for(turn, chosen, one.language)
    theirs = Words(german_name(one.language or SOURCE_LANGUAGE))
    blocks: list[Block] = [(staff_text("template.title", title=Words(chosen.title)),), (Words(chosen.text),)]
    if language != SOURCE_LANGUAGE:
        blocks += [(staff_text("wording.below", language=theirs),), (Words(words),)]
    elif one.language not in {None, SOURCE_LANGUAGE}:
        blocks.append((staff_text("template.not_released", language=theirs),))
    rows: tuple[Row, ...] = ((Button(staff_text("button.send_yes"), f"template_send.{one.id}.{chosen.id}", "📤"),),)
    return Screen(tuple(blocks), (*rows, back(f"{CHOOSE}.{one.id}.0")))


PAGES: dict[str, Page] = {
    TEMPLATES: Page(Right.ANSWER, _templates, 1),
    TEMPLATE: Page(Right.ANSWER, _template, 1),
    TEMPLATE_IN: Page(Right.ANSWER, _template_in, 2),
    CHOOSE: Page(Right.ANSWER, _choose, 2),
    TRY: Page(Right.ANSWER, _try, 2),
}
