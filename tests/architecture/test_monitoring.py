"""The dashboard and the alert rules ask only for numbers that there are, by labels that they have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot import metrics
from bot.metrics import Counter, Gauge, Histogram
from bot.telegram import exposition
from bot.telegram.counting import FAILURES, NO_TRY
from bot.telegram.transport import OUTCOMES
from tests.architecture.sources import ROOT

FOLDER = ROOT / "docs/monitoring"
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
OTHERS = {"up": {"job"}, "process_resident_memory_bytes": set[str](), "process_cpu_seconds_total": set[str]()}
"""Numbers that Prometheus and its library bring."""
OWN_LABELS = {"job", "instance"}
"""Labels that Prometheus itself gives: those of ours that are called so it would call `exported_job`."""
FUNCTIONS = {
    "histogram_quantile",
    "sum",
    "rate",
    "increase",
    "delta",
    "absent",
    "by",
    "unless",
    "and",
    "or",
    "offset",
}
SELECTION = re.compile(r"\b([a-z_]+)(?:{([^}]*)})?(?=[\[\s)]|$)")


def samples() -> dict[str, set[str]]:
    """Every name that can be asked for, with its labels."""
    found = dict(OTHERS)
    for one in metrics.EVERY:
        labels = set(one.labels)
        if isinstance(one, Histogram):
            found |= {f"{one.name}_bucket": labels | {"le"}}
            found |= {f"{one.name}_{end}": labels for end in ("sum", "count")}
        else:
            found[one.name if isinstance(one, Gauge) else f"{one.name}_total"] = labels
    return found


def panels() -> list[dict[str, Any]]:
    """The panels of the dashboard."""
    found: list[dict[str, Any]] = DASHBOARD["panels"]
    return found


def expressions() -> Iterator[str]:
    """Everything that is asked of Prometheus."""
    for rule in RULES:
        yield rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield target["expr"]


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_every_number_and_label_exists(expression: str) -> None:
    known = samples()
    plain = re.sub(r"by \(([^)]*)\)", "", expression)
    names = [found for found in SELECTION.finditer(plain) if found[1] not in FUNCTIONS]
    assert names
    labels: set[str] = set()
    for name in names:
        assert name[1] in known, name[1]
        labels |= known[name[1]]
        asked = set(re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)", name[2] or ""))
        assert asked <= known[name[1]], f"{name[1]} has no {asked - known[name[1]]}"
    grouped = {one.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for one in group.split(",")}
    assert grouped <= labels | OWN_LABELS, grouped - labels


def test_legends_name_labels_that_their_expression_keeps() -> None:
    known = samples()
    for panel in panels():
        for target in panel["targets"]:
            named = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
            grouped = {
                one.strip() for group in re.findall(r"by \(([^)]*)\)", target["expr"]) for one in group.split(",")
            }
            plain = known.get(target["expr"].partition(" ")[0], set())
            assert named <= grouped | plain, panel["title"]


def test_every_number_is_on_the_dashboard() -> None:
    shown = " ".join(target["expr"] for panel in panels() for target in panel["targets"])
    assert [one.name for one in metrics.EVERY if one.name not in shown] == []


def test_the_dashboard_has_what_grafana_needs() -> None:
    assert DASHBOARD["uid"] == "lotse"
    numbers = [panel["id"] for panel in panels()]
    assert len(set(numbers)) == len(numbers)
    for panel in panels():
        assert panel["title"]
        assert panel["type"] in {"timeseries", "stat"}
        assert set(panel["gridPos"]) == {"h", "w", "x", "y"}
        assert panel["datasource"]["uid"] == "${source}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_has_what_prometheus_and_people_need(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"Lotse[A-Za-z]+", rule["alert"])
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert set(rule["annotations"]) == {"summary", "description"}
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_no_label_is_called_as_those_of_prometheus() -> None:
    assert [one.name for one in metrics.EVERY if OWN_LABELS & set(one.labels)] == []


def test_of_each_rule_it_is_shown_when_it_speaks_and_when_not() -> None:
    """`promtool test rules` plays them; it is no part of the tests, as not every machine has it."""
    played = yaml.safe_load((FOLDER / "alerts-test.yml").read_text(encoding="utf-8"))
    looks = [
        (one["alertname"], bool(one["exp_alerts"])) for test in played["tests"] for one in test["alert_rule_test"]
    ]
    assert played["rule_files"] == ["alerts.yml"]
    assert {(rule["alert"], speaks) for rule in RULES for speaks in (True, False)} == set(looks)


def test_values_of_labels_in_the_rules_are_what_the_code_counts() -> None:
    of_rules = "\n".join(rule["expr"] for rule in RULES)
    failures = "|".join(sorted(one.name.lower() for one in FAILURES))
    asked = re.search(r'outcome=~"([^"]+)"', of_rules)
    assert asked is not None
    assert "|".join(sorted(asked[1].split("|"))) == failures
    left_out = re.search(r'outcome!~"([^"]+)"', of_rules)
    assert left_out is not None
    assert set(left_out[1].split("|")) == {one.name.lower() for one in NO_TRY}
    assert set(OUTCOMES.values()) == {"not_sent", "unknown", "server_trouble"}


def test_what_can_be_counted_is_listed() -> None:
    made = {id(one) for one in vars(metrics).values() if isinstance(one, Counter | Histogram)}
    assert made == {id(one) for one in metrics.EVERY}


def test_what_a_rule_wants_to_know_the_first_of_begins_at_nought() -> None:
    """An increase from nothing to 1 is none for Prometheus."""
    wanted = [one[1] for rule in RULES for one in re.finditer(r'event="(\w+)"', rule["expr"])]
    assert wanted
    assert {event for _, event in metrics.LOOKED_FOR} == set(wanted)
    shown = exposition.text().decode()
    for level, event in metrics.LOOKED_FOR:
        assert f'lotse_log_events_total{{event="{event}",level="{level}"}}' in shown
    assert "lotse_told_to_wait_seconds_total" in shown
