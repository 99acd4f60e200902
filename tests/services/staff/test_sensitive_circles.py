"""Who may not see sensitive answers learns of nobody by them: circles that are chosen by these are numbers alone."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import update

from bot.core.conditions import Any, Fact
from bot.core.conditions import Test as Compared
from bot.core.message import Screen
from bot.core.roles import Role
from bot.db.schema import consent
from bot.db.staff import staff
from bot.services.broadcasts.audience import PASTED
from bot.services.deliveries.sending import Result
from bot.services.staff.broadcasts import composing
from bot.services.staff.pages import PAGES
from bot.services.turn import Turn
from tests.services.broadcasts import BEGIN, BOSS, Office, crowd, page, released, team, visit_of


def test_people_who_are_chosen_by_sensitive_answers_are_known_only_to_who_may_see_these(post: Office) -> None:
    pasted = "any:\n- support: {includes: childcare}\n- language: de"
    words = {"de": "Hallo"}
    post.run(lambda turn: released(turn.connection, turn.content, words, audience={PASTED: pasted}))
    post.run(lambda turn: crowd(turn.connection, 1, first=BOSS))
    assert all("Nr. 2" in page(post, name)[0].text for name in ("audience.1.0", "pick.1.german_level.0", "sending.1"))
    shown = page(post, "audience.1.0")
    assert "Sie erreicht 4 Menschen" in shown[0].text

    def becomes(turn: Turn) -> None:
        staff.change(turn.connection, team(turn.connection).id, role=Role.COORDINATOR.value)

    post.run(becomes)
    shown = page(post, "audience.1.0")
    assert "Nr." not in shown[0].text
    assert "Sie erreicht" not in shown[0].text
    assert not [one for one in shown[1] if one.startswith("go.pick.")]
    sending = page(post, "sending.1")[0].text
    assert "Nr." not in sending
    assert "An 4 Menschen." in sending, "whoever sends it knows how many get it"
    arguments = ("1", "german_level", "0", "0")
    post.run(lambda turn: composing.tick(visit_of(turn), team(turn.connection), arguments, None))
    assert post.do(lambda _, one: one.audience) == {PASTED: pasted}, "a smaller circle would tell of single people"


def test_of_a_sensitive_circle_nothing_but_its_number_is_told_before_it_is_sent(post: Office) -> None:
    pasted = "any:\n- support: {includes: childcare}\n- language: de"
    post.run(lambda turn: released(turn.connection, turn.content, {"de": "Hallo"}, audience={PASTED: pasted}))
    without = update(consent).where(consent.c.participant_id == 3).values(withdrawn_at=BEGIN)
    post.run(lambda turn: turn.connection.execute(without))
    assert "1: hat nicht zugestimmt" in page(post, "sending.1")[0].text
    post.run(lambda turn: staff.change(turn.connection, team(turn.connection).id, role=Role.COORDINATOR.value))
    sending = page(post, "sending.1")[0].text
    assert "An 2 Menschen." in sending
    assert "hat nicht zugestimmt" not in sending
    assert "🔒 Hier geht es um eine sensible Frage." in sending


def test_whom_an_opening_for_a_sensitive_circle_fits_is_a_number_alone(post: Office) -> None:
    childcare = Fact("support", Compared.INCLUDES, "childcare")
    circle = Any((childcare, Fact("language", Compared.ONE_OF, ("de",))))
    opening = replace(post.run(lambda turn: turn.content.offers["warehouse_job"]), needs=(), suits=circle)

    def draw(turn: Turn) -> tuple[str, frozenset[int] | None]:
        content = replace(turn.content, offers={**turn.content.offers, opening.id: opening})
        screen = PAGES["who"].build(replace(turn, content=content), team(turn.connection), (opening.id,))
        assert isinstance(screen, Screen)
        return turn.content.texts.render("de", screen).text, screen.about

    shown, about = post.run(draw)
    assert "Nr. 2" in shown
    assert "Deutsch 3" in shown
    assert about == frozenset({1, 2, 3})
    post.run(lambda turn: staff.change(turn.connection, team(turn.connection).id, role=Role.COORDINATOR.value))
    shown, about = post.run(draw)
    assert "3" in shown
    assert "Nr." not in shown
    assert "Deutsch" not in shown
    assert "🔒" in shown
    assert about == frozenset()


def test_unknown_copies_to_people_of_sensitive_answers_are_decided_all_at_once(post: Office) -> None:
    pasted = "any:\n- support: {includes: childcare}\n- language: de"
    post.line = lambda _: Result.UNKNOWN
    post.send({"de": "Hallo"}, audience={PASTED: pasted})
    post.deliver()
    assert "say_one" in " ".join(page(post, "doubted.1.0")[1])
    post.run(lambda turn: staff.change(turn.connection, team(turn.connection).id, role=Role.COORDINATOR.value))
    shown, actions = page(post, "doubted.1.0")
    assert "Nr." not in shown.text
    assert actions == ["say_again.1", "go.broadcast.1"]
