"""Finds names although they are sealed, by keyed hashes of how each of their words begins.

Nobody can try out names without the key file. A rotation keeps the hashes, see `Keyring.hashed`.
"""

from __future__ import annotations

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from bot.core.folding import fold
from bot.db.keys import hashed
from bot.db.schema import name_start, participant

SHORTEST, LONGEST = 2, 8
"""Letters of a beginning. A shorter word is stored whole. After the eighth letter all words look the same."""
PAGE = 200
"""How many people with a name from earlier versions are handled in one transaction."""


def write(connection: Connection, participant_id: int, name: str | None) -> None:
    """From now on a participant is found by this name, and by no other."""
    connection.execute(delete(name_start).where(name_start.c.participant_id == participant_id))
    rows = [{"participant_id": participant_id, "mark": mark} for mark in sorted(_marks(name or ""))]
    if rows:
        connection.execute(insert(name_start), rows)


def having(word: str) -> Select[int]:
    """The ids of participants with a word in their name that begins like this. The word is folded."""
    return select(name_start.c.participant_id).where(name_start.c.mark == _mark(word[:LONGEST]))


def take_over(connection: Connection) -> int:
    """Takes over the next names that are stored unsealed, as earlier versions searched them. Returns how many."""
    former = select(participant.c.id, participant.c.name).where(participant.c.folded.is_not(None))
    found = connection.execute(former.order_by(participant.c.id).limit(PAGE).with_for_update()).all()
    for number, name in found:
        write(connection, number, name)
    done = participant.c.id.in_([number for number, _ in found])
    connection.execute(update(participant).where(done).values(folded=None))
    return len(found)


def left(connection: Connection) -> tuple[int, int]:
    """How many beginnings there are, and how many names are still stored unsealed."""
    marks = connection.execute(select(func.count()).select_from(name_start)).scalar_one()
    return marks, connection.execute(select(func.count(participant.c.folded))).scalar_one()


def _marks(name: str) -> set[int]:
    return {
        _mark(word[:letters])
        for word in fold(name).split()
        for letters in range(min(SHORTEST, len(word)), min(LONGEST, len(word)) + 1)
    }


def _mark(beginning: str) -> int:
    return int.from_bytes(hashed(beginning.encode(errors="surrogatepass"), "name", 8), "big", signed=True)
