"""Which names of an offer a machine that translates the message about it must leave alone."""

from __future__ import annotations

from dataclasses import replace

from bot.content.loader import Content
from bot.core.glossary import Glossary
from bot.services.staff.broadcasts.drafting import names
from bot.services.turn import Turn
from tests.services.broadcasts import Office, loaded, released


def names_of(post: Office, offer_id: str | None, partner: str | None = None) -> Glossary:
    def asked(turn: Turn) -> Glossary:
        one = loaded(turn.connection, released(turn.connection, turn.content, {"de": "Hallo"}))
        return names(turn.content, replace(one, offer_id=offer_id, partner=partner))

    return post.run(asked)


def test_partner_provider_and_place_are_names_with_and_without_what_stands_in_brackets(
    post: Office, content: Content
) -> None:
    terms = names_of(post, "nursing_training")
    forms = {form for term in terms for form in term.forms}
    assert forms == {
        "Pflegeheim Musterhaus (Beispiel)",
        "Pflegeheim Musterhaus",
        "Musterhaus in Minden (Beispiel)",
        "Musterhaus in Minden",
        "Beispielring 4, 32425 Minden",
    }
    (place,) = [term for term in terms if term.forms == ("Musterhaus in Minden",)]
    assert set(place.fixed) == set(content.languages) - {"de"}
    assert not any(said.endswith(")") for said in place.fixed.values())


def test_without_an_offer_the_partner_alone_is_a_name(post: Office) -> None:
    assert [term.forms for term in names_of(post, None, "Muster GmbH")] == [("Muster GmbH",)]
    assert names_of(post, None) == ()
    assert names_of(post, "gone") == ()
