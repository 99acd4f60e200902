"""What staff said in the chat, applied over the files. Their words about offers are plain words, never markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.content.forms_file import NEEDS, SUITS
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.markup import escaped
from bot.content.own_broadcasts import add_broadcasts, only
from bot.content.reader import Source
from bot.content.texts import Translation
from bot.core.conditions import NOBODY, All, Condition, Fact, Test
from bot.core.conditions import Any as AnyOf
from bot.core.offers import Kind, Mode, Need, Offer, Place, Said, Sort
from bot.core.questionnaire import Kind as Asked
from bot.core.questionnaire import Questionnaire
from bot.core.sayings import Sayings
from bot.core.timing import Offset, parse_offset

FROM = "the chat"
"""The name shown instead of a file for such a text."""
SAME_DAY = "-2h"
"""The end of registration of an offer that takes people until the day itself."""
RANKED = frozenset({Asked.SCALE, Asked.COMPUTED})


def overlaid(content: Content, everything: Sayings) -> Content:
    """The content of the files with what staff said. Words about offers that the files no longer have are ignored.

    If the content already contains words of staff, its files are used as the base.
    """
    files = content.files or content
    if not everything.revision:
        return files
    offers = dict(files.offers)
    texts: dict[str, Source] = {}
    translations: dict[str, dict[str, Translation | None]] = {language: {} for language in files.languages}
    for said in everything.offers:
        known = offers.get(said.id) or (_made(said) if said.own else None)
        if known is None:
            continue
        _add_texts(said, texts, translations)
        now = changed(known, said.fields, files.questionnaire)
        withdrawn, filled = said.withdrawn_at is not None, said.filled_at is not None
        offers[said.id] = replace(now, withdrawn=withdrawn, filled=filled)
    add_broadcasts(everything.broadcasts, FROM, texts, translations)
    texts_ = files.texts.with_more(texts, translations)
    return replace(files, offers=offers, texts=texts_, files=files, said=everything.revision)


def changed(offer: Offer, fields: Mapping[str, Any], questionnaire: Questionnaire) -> Offer:
    """An offer after the answers of the form "offer" or "opening" have replaced its values."""
    plain = {
        name: fields[name]
        for name in ("fee", "level_from", "level_to", "lessons_per_week", "seats")
        if name in fields
    }
    plain |= {name: fields[name] or "" for name in ("provider", "partner", "link") if name in fields}
    plain |= _of_opening(offer, fields)
    if "mode" in fields:
        plain["mode"] = Mode(fields["mode"] or Mode.PRESENCE)
    if "approval" in fields:
        plain["approval"] = fields["approval"] == "yes"
    if "deadline_days" in fields:
        plain["register_until"] = deadline(fields["deadline_days"])
    if "provides" in fields:
        plain["provides"] = tuple(fields["provides"] or ())
    if fields.keys() & {"address", "map", "place"}:
        plain["place"] = _place(offer.place, fields)
    needs, suits = (_conditions(fields, beginning, questionnaire) for beginning in (NEEDS, SUITS))
    if needs is not None:
        plain["needs"] = tuple(map(Need, needs))
    if suits is not None:
        plain["suits"] = None if not suits else suits[0] if len(suits) == 1 else All(tuple(suits))
    return replace(offer, **plain)


def _of_opening(offer: Offer, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that only openings have. Nobody is told who is interested in a piece of information."""
    found: dict[str, Any] = {}
    if "sort" in fields:
        found["sort"] = Sort(fields["sort"] or Sort.JOB)
    if found.get("sort", offer.sort) is Sort.INFO:
        found["partner"] = ""
    if "until" in fields:
        found["until"] = date.fromisoformat(fields["until"]) if fields["until"] else None
    return found


def deadline(days: int | None) -> Offset | None:
    """The end of registration: the evening that many days before. 0: shortly before it begins. None: no end."""
    if days is None:
        return None
    return parse_offset(f"-{days}d at 18:00" if days else SAME_DAY)


def _made(said: Said) -> Offer:
    return Offer(said.id, Kind(said.fields.get("kind", Kind.COURSE)))


def _place(place: Place | None, fields: Mapping[str, Any]) -> Place | None:
    """The place. None if the offer has none. A new address or map alone changes the existing place."""
    if "place" in fields and not fields["place"]:
        return None
    old = place or Place("", "")
    address, link = fields.get("address", old.address), fields.get("map", old.map)
    return Place(address or "", link or "")


def _conditions(fields: Mapping[str, Any], beginning: str, questionnaire: Questionnaire) -> list[Condition] | None:
    """The conditions in the answers, one by one. None if nothing was said about people."""
    about = {name.removeprefix(beginning): value for name, value in fields.items() if name.startswith(beginning)}
    if not about:
        return None
    found = (
        NOBODY if _is_gone(questionnaire, name, value) else condition_of(questionnaire, name, value)
        for name, value in about.items()
    )
    return [one for one in found if one is not None]


def _is_gone(questionnaire: Questionnaire, about: str, value: Any) -> bool:  # noqa: ANN401 - from JSON
    """Whether none of the chosen answers exists any more. Without them the offer would ask for less."""
    question = questionnaire.by_id.get(about)
    known = () if question is None else question.option_ids
    chosen = _chosen(value)
    return bool(chosen) and not any(one in known for one in chosen)


def _chosen(value: Any) -> list[Any]:  # noqa: ANN401 - from JSON
    return list(value) if isinstance(value, list | tuple) else [value] if value is not None else []


def condition_of(questionnaire: Questionnaire, about: str, value: Any) -> Condition | None:  # noqa: ANN401 - from JSON
    """Chosen answers to a question as a condition: at least that level on a scale, else one of the options.

    None if nothing is chosen, or if the questionnaire no longer has it.
    """
    question = questionnaire.by_id.get(about)
    known = [one for one in _chosen(value) if question is not None and one in question.option_ids]
    if question is None or not known:
        return None
    if question.kind in RANKED:
        ranks = tuple(option.id for option in question.options if not option.unsure)
        ranked = [one for one in known if one in ranks]  # "unsure" has no rank, so it requires nothing
        return Fact(about, Test.AT_LEAST, min(ranked, key=ranks.index), ranks) if ranked else None
    if question.kind is Asked.MULTIPLE:
        facts = tuple(Fact(about, Test.INCLUDES, one) for one in known)
        return facts[0] if len(facts) == 1 else AnyOf(facts)
    return Fact(about, Test.IS, known[0]) if len(known) == 1 else Fact(about, Test.ONE_OF, tuple(known))


def _add_texts(
    said: Said, texts: dict[str, Source], translations: Mapping[str, dict[str, Translation | None]]
) -> None:
    """Adds new texts. New German makes a new text: an older translation does not count for it."""
    for name, words in said.texts.get(SOURCE_LANGUAGE, {}).items():
        key = f"offers.{said.id}.{name}"
        texts[key] = Source(key, (escaped(words),), "", FROM, 1)
        for language in translations:
            translations[language][key] = None
    for language, named in said.texts.items():
        if language != SOURCE_LANGUAGE and language in translations:
            for name, words in named.items():
                translations[language][f"offers.{said.id}.{name}"] = ((escaped(words),), only)
