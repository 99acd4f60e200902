"""How a member of the team finds people, in tests."""

from __future__ import annotations

from bot.db.people import participants
from tests.services.staff.people import NewTalk, shown
from tests.services.talk import Talk


def somebody(new_talk: NewTalk, name: str | None = None, choice: int = 0) -> tuple[Talk, int]:
    """A participant who has reached the end, and their id."""
    talk = new_talk()
    talk.start()
    talk.finish(choice)
    person = talk.participant()
    assert person is not None
    if name is not None:
        talk.table.run(lambda tx: participants.set_preferences(tx, person.id, name=name))
    return talk, person.id


def looked_for(me: Talk, words: str = "") -> str:
    """The list. With words, after a search."""
    me.command("staff")
    me.tap("go.found.0")
    if words:
        if "found_clear" in me.actions:
            me.tap("found_clear")
        me.write(words)
    return shown(me)


def listed(me: Talk) -> set[int]:
    """The ids of the people on the list."""
    return {int(one.rpartition(".")[2]) for one in me.actions if one.startswith("go.person.")}
