"""A yes is kept only where its text stood on the card, and with that text."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.content.loader import Content
from bot.content.reader import Source
from bot.content.texts import Translation
from bot.content.town import TRANSLATION
from bot.core.message import Text
from bot.db.schema import consent
from bot.services import places, screens
from bot.services.buttons import of_card
from bot.services.rights import privacy_screen
from bot.services.view import town, ui
from tests.services.talk import Talk, keys

PURPOSE = "companies"


def at_privacy(talk: Talk, language: str = "de") -> Talk:
    talk.start()
    talk.tap(f"lang.{language}")
    talk.finish()
    talk.command("privacy")
    return talk


def shown(talk: Talk) -> list[Text]:
    return list(keys(talk.drawn[-1].card.screen))


def versions(talk: Talk, purpose: str) -> list[tuple[str, str]]:
    """Each yes to a purpose: the language, and the version of the text."""
    row = talk.participant()
    assert row is not None
    query = select(consent.c.language, consent.c.text_version).where(consent.c.participant_id == row.id)
    query = query.where(consent.c.purpose == purpose)
    return [(one.language, one.text_version) for one in talk.table.run(lambda tx: list(tx.execute(query)))]


def version(talk: Talk, language: str, *texts: Text) -> str:
    said = "\n".join(talk.content.texts.label(language, one) for one in texts)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@pytest.mark.parametrize("language", ["de", "en", "ar", "fa", "fr", "ru", "uk", "tr"])
def test_a_switch_of_privacy_leads_to_the_whole_text_and_only_yes_below_it_is_a_yes(
    talk: Talk, language: str
) -> None:
    at_privacy(talk, language)
    assert not talk.yes_to(PURPOSE)
    assert privacy_screen.about(PURPOSE) not in shown(talk)
    talk.tap(f"consent.{PURPOSE}")
    assert talk.consents() == {"storage"}, "nothing is agreed to by looking"
    assert privacy_screen.about(PURPOSE) in shown(talk)
    talk.yes(PURPOSE)
    assert talk.consents() == {"storage", PURPOSE}
    assert f"agree.{PURPOSE}.0" in talk.actions, "the short card, where one tap takes it back"
    title, text = (town(f"consents.{PURPOSE}.{part}") for part in ("title", "text"))
    assert versions(talk, PURPOSE) == [(language, version(talk, language, title, text))]
    talk.tap(f"agree.{PURPOSE}.0")
    assert talk.consents() == {"storage"}


def test_no_leads_back_and_changes_nothing(talk: Talk) -> None:
    at_privacy(talk).tap(f"consent.{PURPOSE}")
    assert talk.actions[:2] == [*talk.yes_to(PURPOSE), "privacy"]
    talk.tap("privacy")
    assert ui("privacy.title") in shown(talk)
    assert talk.consents() == {"storage"}


@pytest.mark.parametrize("command", ["privacy", "openings", "path"])
def test_a_yes_made_up_or_of_an_older_card_shows_the_text_first(talk: Talk, command: str) -> None:
    at_privacy(talk).command(command)
    if command == "openings":
        talk.tap(next(one for one in talk.actions if one.startswith("offer.")))
    talk.tap_data(of_card(talk.drawn[-1].card.version) + f"agree.{PURPOSE}.1", talk.drawn[-1].message)
    assert talk.consents() == {"storage"}
    assert privacy_screen.about(PURPOSE) in shown(talk)
    talk.yes(PURPOSE)
    assert talk.consents() == {"storage", PURPOSE}


def test_a_purpose_nobody_knows_has_no_card(talk: Talk) -> None:
    at_privacy(talk)
    talk.tap_data(of_card(talk.drawn[-1].card.version) + "consent.everything", talk.drawn[-1].message)
    assert ui("privacy.title") in shown(talk)


def test_the_first_yes_is_kept_with_what_its_card_said(talk: Talk) -> None:
    talk.finish_until(places.NOTICE)
    texts = (town("privacy.notice"), ui("consent.ask"))
    assert all(one in shown(talk) for one in texts)
    talk.yes()
    language = talk.drawn[-1].card.language
    assert versions(talk, "storage") == [(language, version(talk, language, *texts))]


def test_the_first_cards_and_the_card_of_a_switch_say_the_same(talk: Talk) -> None:
    talk.finish_until(places.CONSENTS_START)
    first = [one for one in shown(talk) if one.key == "ui.consent.purpose"]
    asked = [one for one in screens.asked_purposes(talk.content, "start") if one != TRANSLATION]
    talk.finish()
    talk.command("privacy")
    later: list[Text] = []
    for purpose in asked:
        talk.tap(f"consent.{purpose}")
        later += [one for one in shown(talk) if one.key == "ui.consent.purpose"]
        talk.tap("privacy")
    assert later == first


def test_who_works_with_ones_data_for_the_town_is_named(talk: Talk) -> None:
    at_privacy(talk, "uk")
    talk.tap("about.services")
    host = talk.content.town.processors[0]
    said = talk.content.texts.render("uk", talk.drawn[-1].card.screen).text
    line = next(one for one in said.splitlines() if host.name in one)
    assert host.seat in line
    assert line.startswith(talk.content.texts.label("uk", Text("ui.processor.host")))
    assert host.purpose not in said, "that is German, and stands in the papers"


LANGUAGES = ["de", "en", "ar", "fa", "fr", "ru", "uk", "tr"]


def reworded(talk: Talk, *keys: str) -> Content:
    """The files say something else by now, in every language."""
    texts = talk.content.texts
    forms = {key: (f"{texts.source(key)} Neu.",) for key in keys}
    german = {key: Source(key, form, "", "here", 1) for key, form in forms.items()}
    said: dict[str, Translation | None] = {key: (form, lambda _: 0) for key, form in forms.items()}
    return replace(talk.content, texts=texts.with_more(german, dict.fromkeys(talk.content.languages, said)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_yes_to_a_text_that_has_changed_since_is_none_until_it_was_read(talk: Talk, language: str) -> None:
    at_privacy(talk, language).tap(f"consent.{PURPOSE}")
    old = talk.yes_to(PURPOSE)
    talk.content = reworded(talk, f"town.consents.{PURPOSE}.text")
    talk.yes(PURPOSE)
    assert talk.consents() == {"storage"}
    assert shown(talk)[0] == ui("consent.changed")
    assert privacy_screen.about(PURPOSE) in shown(talk)
    assert "Neu." in talk.content.texts.render(language, talk.drawn[-1].card.screen).text
    assert talk.yes_to(PURPOSE) != old
    talk.yes(PURPOSE)
    assert talk.consents() == {"storage", PURPOSE}
    title, text = (town(f"consents.{PURPOSE}.{part}") for part in ("title", "text"))
    assert versions(talk, PURPOSE) == [(language, version(talk, language, title, text))]


@pytest.mark.parametrize("key", ["town.privacy.notice", "ui.consent.ask"])
def test_nor_is_the_first_yes_and_nothing_is_stored_then(talk: Talk, key: str) -> None:
    talk.finish_until(places.NOTICE)
    talk.content = reworded(talk, key)
    talk.yes()
    assert talk.participant() is None
    assert shown(talk)[0] == ui("consent.changed")
    talk.yes()
    assert talk.consents() == {"storage"}


def test_nor_is_one_of_two_on_the_card_before_the_questions(talk: Talk) -> None:
    talk.finish_until(places.CONSENTS_START)
    first, second = [one for one in screens.asked_purposes(talk.content, "start") if one != TRANSLATION][:2]
    talk.content = reworded(talk, f"town.consents.{first}.text")
    talk.yes(second)
    assert talk.consents() == {"storage", second}, "the other one says what it said"
    talk.command("start")
    talk.yes(first)
    assert talk.consents() == {"storage", first, second}, "the card was drawn with the new text"


@pytest.mark.parametrize("word", ["agree.reminders.1", "storage.yes"])
def test_a_yes_of_a_card_from_before_there_were_marks_shows_the_text_once_more(talk: Talk, word: str) -> None:
    talk.finish_until(places.NOTICE if word == "storage.yes" else places.CONSENTS_START)
    before = talk.consents() if talk.participant() else set()
    talk.tap_data(of_card(talk.drawn[-1].card.version) + word, talk.drawn[-1].message)
    assert (talk.consents() if talk.participant() else set()) == before
    assert shown(talk)[0] == ui("consent.changed")


@pytest.mark.parametrize("word", ["maybe", "00", "ABCDEF01", "0123456789"])
def test_what_is_no_yes_and_no_no_is_neither(talk: Talk, word: str) -> None:
    talk.finish_until(places.CONSENTS_START)
    talk.yes("reminders")
    talk.tap_data(of_card(talk.drawn[-1].card.version) + f"agree.reminders.{word}", talk.drawn[-1].message)
    assert talk.consents() == {"storage", "reminders"}
