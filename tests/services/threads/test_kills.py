"""A process that dies while it passes something on: nothing is lost, and what is said twice says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.roles import Role
from bot.services import messages
from bot.services.deliveries import sending
from bot.services.deliveries.acts import Away, Copy, NewTopic, Say
from bot.services.deliveries.sending import Ready
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member
from tests.services.talk import Talk
from tests.services.threads.scene import Office, asking, bound, in_topic, said, thread_of

MOST = 40


class Mortal(Office):
    """A sender that dies when it has so many deliveries behind it; the one in hand has `arrived`, or has not."""

    dies_at = MOST
    arrived = False
    died = 0
    lives = 0

    def send(self, most: int = 50) -> list[Ready]:
        """Send; after a death another process takes over, and time goes by."""
        begun = len(self.sent)
        for _ in range(most):
            hand = self.talk.turn(sending.step, f"life {self.lives}", [], 1, lambda _: 0.0, lambda: 0.5)
            if not hand.ready:
                if hand.next_due is None:
                    break
                self.talk.now = max(self.talk.now, hand.next_due)
                continue
            for ready in hand.ready:
                self._one(ready)
        return self.sent[begun:]

    def _one(self, ready: Ready) -> None:
        self.dies_at -= 1
        if self.dies_at != 0:
            tried = [self._tried(ready)]
            self.talk.turn(sending.step, f"life {self.lives}", tried, 0, lambda _: 0.0, lambda: 0.5)
            return
        if self.arrived:
            self._tried(ready)  # it was sent, and nobody wrote that down
        self.lives, self.died = self.lives + 1, self.died + 1
        self.talk.now += timedelta(seconds=2)
        self.talk.turn(sending.take_over, f"life {self.lives}", lambda _: True)


def scene(new_talk: NewTalk, office: Mortal, lea: Talk, person: Talk) -> None:
    """A question, a picture, an answer, a better one, and one that is taken back."""
    person.write("Frage")
    office.send()
    person.turn(messages.unreadable, person.visitor, "only_words", Written("", 9_000, person.now, kind="photo"))
    office.send()
    in_topic(lea, person, "Auskunft")
    office.send()
    person.turn(messages.edited, person.visitor, Written("Frage!", said(person)[0].message_id or 0, person.now))
    office.send()
    in_topic(lea, person, "/undo")
    office.send()
    del new_talk


@pytest.mark.row(3)
@pytest.mark.parametrize("arrived", [False, True])
def test_at_every_delivery_of_a_talk(new_talk: NewTalk, arrived: bool) -> None:
    boss, lea = member(new_talk), member(new_talk, Role.COUNSELLOR, "Lea")
    bound(boss)
    deaths = 0
    for at in range(1, MOST):
        person = asking(new_talk)
        office = Mortal(person)
        office.dies_at, office.arrived = at, arrived
        scene(new_talk, office, lea, person)
        texts = [one.act.rich.text for one in office.sent if isinstance(one.act, Say) and one.due.edits is None]
        for word in ("Frage", "Auskunft"):
            heard = [text for text in texts if word in text]
            assert 1 <= len(heard) <= 1 + arrived, (at, word)
            assert all(text.startswith("↻") for text in heard[1:]), (at, word)
        copies = [one.act for one in office.sent if isinstance(one.act, Copy)]
        assert 1 <= len(copies) <= 1 + arrived, at
        assert all(one.above is not None and one.above.text.startswith("↻") for one in copies[1:]), at
        assert 1 <= len([one for one in office.sent if isinstance(one.act, NewTopic)]) <= 1 + arrived, at
        assert [one for one in office.sent if isinstance(one.act, Away)] != [], at
        changed = [one.act for one in office.sent if isinstance(one.act, Say) and one.due.edits is not None]
        assert any("Frage!" in one.rich.text for one in changed), at
        one = thread_of(person)
        assert (one.staff_job, one.person_job) == (None, None), at
        assert {each.state.value for each in said(person)} == {"sent"}, at
        deaths += office.died
        if not office.died:
            break
    else:
        raise AssertionError("more deliveries than were looked at")
    assert deaths > 6
