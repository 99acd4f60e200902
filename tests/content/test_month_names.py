"""Months by the names people know from home, and as they stand on papers."""

from __future__ import annotations

import pytest

from bot.content.month_names import month_names
from bot.core.months import read_month


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("de", "März 2026", (2026, 3)),
        ("de", "12. März 2026", (2026, 3)),
        ("de", "Jänner 2024", (2024, 1)),
        ("en", "Sept 2019", (2019, 9)),
        ("ar", "مارس ٢٠٢٦", (2026, 3)),
        ("ar", "آذار 2025", (2025, 3)),
        ("ar", "كانون الثاني 2025", (2025, 1)),
        ("ar", "تشرين الأول 2025", (2025, 10)),
        ("ar", "جانفي 2025", (2025, 1)),
        ("fa", "مارس ۲۰۲۵", (2025, 3)),
        ("fa", "جنوری ۲۰۲۵", (2025, 1)),
        ("fr", "février 2020", (2020, 2)),
        ("ru", "12 марта 2026", (2026, 3)),
        ("ru", "май 2026", (2026, 5)),
        ("uk", "березня 2024", (2024, 3)),
        ("uk", "лютий 2024", (2024, 2)),
        ("tr", "Şubat 2023", (2023, 2)),
        ("tr", "AĞUSTOS 2023", (2023, 8)),
        ("prs", "فبروری 2023", (2023, 2)),
    ],
)
def test_a_month_is_known_by_the_name_it_has_at_home(language: str, words: str, expected: tuple[int, int]) -> None:
    assert read_month(words, month_names(language)) == expected


@pytest.mark.parametrize("language", ["de", "en", "ar", "fa", "fr", "ru", "uk", "tr"])
def test_every_month_has_a_name_and_no_name_is_two_months(language: str) -> None:
    assert set(month_names(language).values()) == set(range(1, 13))


def test_a_language_nobody_knows_has_no_names() -> None:
    assert month_names("xx-unknown") == {}
