"""Staff in tests: people who joined the team by an invitation, as everybody does."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.roles import Role
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.staff.members import inviting
from tests.services.talk import Talk

NewTalk = Callable[[], Talk]


def invited(talk: Talk, role: Role = Role.ADMIN, by: Talk | None = None) -> str:
    """The payload of an invitation, from the command line or an admin."""
    inviter = None if by is None else row(by)
    return talk.table.run(lambda tx: inviting.create(tx, role, talk.now, inviter.id if inviter is not None else None))


def member(new_talk: NewTalk, role: Role = Role.ADMIN, name: str = "Anna") -> Talk:
    """A person with that role, whose home page is shown."""
    talk = new_talk()
    talk.name = name
    talk.start(invited(talk, role))
    return talk


def row(talk: Talk) -> Member | None:
    """The person's row in the team."""
    return talk.table.run(lambda tx: staff.by_person(tx, talk.chat_id))


def number(talk: Talk) -> int:
    """The id of the person's row, which must exist."""
    found = row(talk)
    assert found is not None
    return found.id


def shown(talk: Talk) -> str:
    """The newest card as words."""
    card = talk.drawn[-1].card
    return talk.content.texts.render(card.language, card.screen).text


def clear(talk: Talk) -> None:
    """An empty team, in a database that other tests use, too."""
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM invitation"))
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM staff"))
