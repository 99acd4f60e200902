"""The table of rights, and how somebody stands to the team."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.roles import RIGHTS, UNUSED, Right, Role, Standing, may, standing

NOW = datetime(2026, 11, 25, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)


def test_every_role_stands_in_the_table_and_an_admin_may_everything() -> None:
    assert set(RIGHTS) == set(Role)
    assert RIGHTS[Role.ADMIN] == set(Right)


def test_every_right_is_somebody_elses_too_but_the_team_its_trail_and_erasing() -> None:
    others = set[Right]().union(*(RIGHTS[role] for role in Role if role is not Role.ADMIN))
    assert set(Right) - others == {Right.INVITE, Right.SEE_AUDIT, Right.ERASE_PEOPLE}


def test_nobody_may_nothing_and_no_role_is_another_under_a_second_name() -> None:
    assert all(RIGHTS.values())
    assert len(set(RIGHTS.values())) == len(Role)


@pytest.mark.parametrize("role", Role)
def test_whoever_changes_or_decides_also_sees_what_about(role: Role) -> None:
    rights = RIGHTS[role]
    for deed, sight in (
        (Right.CHANGE_OFFERS, Right.SEE_OFFERS),
        (Right.CHANGE_REGISTRATIONS, Right.SEE_REGISTRATIONS),
        (Right.APPROVE, Right.SEE_REGISTRATIONS),
        (Right.TAKE_ATTENDANCE, Right.SEE_PEOPLE),
    ):
        assert deed not in rights or sight in rights


@pytest.mark.parametrize("role", Role)
def test_what_needs_no_right_may_everybody(role: Role) -> None:
    assert may(role, None)
    assert {right for right in Right if may(role, right)} == RIGHTS[role]


def test_a_viewer_sees_no_names() -> None:
    assert not may(Role.VIEWER, Right.SEE_PEOPLE)


@pytest.mark.parametrize(
    ("confirmed", "removed", "seen", "found"),
    [
        (None, None, NOW, Standing.WAITING),
        (None, BEFORE, NOW, Standing.REMOVED),
        (BEFORE, None, NOW - UNUSED, Standing.ACTIVE),
        (BEFORE, None, NOW - UNUSED - timedelta(seconds=1), Standing.DORMANT),
        (BEFORE, BEFORE, NOW, Standing.REMOVED),
    ],
)
def test_how_somebody_stands(
    confirmed: datetime | None, removed: datetime | None, seen: datetime, found: Standing
) -> None:
    assert standing(confirmed, removed, seen, NOW) is found
