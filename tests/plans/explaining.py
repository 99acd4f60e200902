"""Which whole tables a statement reads, by the database's own plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from tests.plans.collecting import Said

OF_FEW = frozenset(
    {
        *("ix_chat_owed", "ix_chat_detour", "ix_inbox_waiting", "ix_participant_unfinished", "ix_interest_waiting"),
        *("ix_participant_aside", "ix_thread_open", "ix_thread_staff_job", "ix_thread_person_job"),
        *("ix_delivery_planned", "ix_delivery_claimed", "ix_registration_queue", "ix_participant_weekly_cap"),
        *("ix_thread_waiting", "ix_thread_message_received", "ix_thread_message_interpret"),
    }
)
"""Partial indexes of what is still to be done. To read one of them completely is to read little."""
_SCAN = re.compile(
    r"(?:SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?|SEARCH (\w+) USING INTEGER PRIMARY KEY \(rowid[<>]\?)"
)
_ALIAS = re.compile(r"\b(\w+) AS (\w+)\b")
_FIRST_ONES = re.compile(r"^(?:(?!\bWHERE\b).)* LIMIT [^()]*$", re.DOTALL)


def read_whole(connection: Connection, said: Said) -> set[str]:
    """Names of tables of which the plan reads every row, or every entry of an index that is not `OF_FEW`.

    It does not count to read in an index's order and stop after the first rows.
    """
    if connection.dialect.name != "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {said.sql}", said.parameters or ()).scalar_one()
        return set(_of_node((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"], stops=False))
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said.sql}", said.parameters or ())
    plan = [row.detail for row in rows]
    if _FIRST_ONES.match(said.sql) and not any(one.startswith("USE TEMP B-TREE") for one in plan):
        return set()
    aliases = {alias: name for name, alias in _ALIAS.findall(said.sql)}
    found = [match.groups() for one in plan if (match := _SCAN.match(one))]
    paged = " LIMIT " in said.sql  # by the id of the last row of the previous page
    names: set[str] = {scanned for scanned, index, _ in found if scanned and index not in OF_FEW}
    names |= {searched for _, _, searched in found if searched and not paged}
    return {aliases.get(name, name) for name in names}


def _of_node(node: dict[str, Any], *, stops: bool) -> Iterator[str]:
    """`stops`: the node above takes the first rows and asks for no more."""
    kind = node["Node Type"]
    if kind == "Seq Scan":
        yield node["Relation Name"]
    elif kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node:
        goes_on = "Filter" in node or not stops
        yield from [node["Relation Name"]] if goes_on and node["Index Name"] not in OF_FEW else []
    for place, inner in enumerate(node.get("Plans", ())):
        if kind == "Merge Join" and node["Total Cost"] < inner["Total Cost"]:
            continue  # it ends with the few rows of the other side, long before
        passes = kind == "LockRows" or (kind == "Nested Loop" and place == 0)
        yield from _of_node(inner, stops=kind == "Limit" or (stops and passes))
