"""`second_factor` of `town.yaml`: what needs a second factor, a code from an app."""

from __future__ import annotations

from bot.content.nodes import Table
from bot.content.reader import Reader
from bot.core.dangers import Danger, SecondFactor


def read_second_factor(reader: Reader, root: Table) -> SecondFactor:
    """What the town requires. By default only members who have a second factor are asked."""
    table, usual = reader.table(root, "second_factor"), SecondFactor()
    if table is None:
        return usual
    reader.keys(table, (), ("required_for", "broadcast_over"), "'second_factor'")
    known = [one.value for one in Danger]
    words = reader.strings(table, "required_for") if "required_for" in table.entries else ()
    for word in words:
        if word not in known:
            what = f"'{word}' is nothing that a second factor is asked for"
            reader.error(table.lines["required_for"], what, f"Name some of {', '.join(known)}")
    over = reader.integer(table, "broadcast_over", usual.broadcast_over)
    if over < 0:
        reader.error(table.lines["broadcast_over"], f"{over} people cannot be the limit", "Write a number from 0 on")
        over = usual.broadcast_over
    return SecondFactor(frozenset(Danger(one) for one in words if one in known), over)
