"""What is traced, for whoever asks for it; and that nothing of people is in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot import tracing
from bot.settings import SettingsRefused
from tests.phones import Phones
from tests.running import Lotse
from tests.waiting import until

WORDS = "kanarienvogel"


@pytest.fixture
def made() -> Iterator[InMemorySpanExporter]:
    """Everything that is traced in this process while a test runs."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.trace_with(provider.get_tracer("test"))
    yield exporter
    tracing.trace_with(None)


def inside(spans: tuple[ReadableSpan, ...], one: ReadableSpan) -> list[str]:
    """Names from a span up to the outermost around it."""
    by_id = {span.context.span_id: span for span in spans if span.context is not None}
    names = [one.name]
    while one.parent is not None:
        one = by_id[one.parent.span_id]
        names.append(one.name)
    return names


async def test_an_update_is_traced_to_its_transaction_and_its_calls(
    made: InMemorySpanExporter, lotse: Lotse, phones: Phones
) -> None:
    phone = await phones.new("Anna", "de")
    await phone.start()
    await phone.send(WORDS)
    await until(
        lambda: [one.name for one in made.get_finished_spans()].count("lotse.update") >= 2,
        "the spans of both updates",
    )
    spans = made.get_finished_spans()
    found = [inside(spans, one) for one in spans]
    assert ["lotse.transaction", "lotse.use_case", "lotse.update"] in found
    assert ["lotse.call", "lotse.update"] in found
    said = " ".join(one.to_json() for one in spans)
    names = {dict(one.attributes or {}).get("name") for one in spans if one.name == "lotse.use_case"}
    assert "services.staff.members.inviting.start" in names
    assert WORDS not in said
    assert str(phone.id) not in said
    assert lotse.settings.require_token() not in said


def test_an_error_is_named_without_its_message(made: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match=WORDS), tracing.span("use_case", name="x"):
        raise ValueError(WORDS)
    (one,) = made.get_finished_spans()
    assert one.status.description == "ValueError"
    assert WORDS not in one.to_json()


def test_without_an_address_nothing_is_imported_and_nothing_is_traced() -> None:
    tracing.set_up("")()
    with tracing.span("update", update=1):
        pass
    look = "import sys, bot.app, bot.cli; print([one for one in sys.modules if one.startswith('opentelemetry')])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_without_the_extra_the_start_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(SettingsRefused, match=r"lotse\[otel\]"):
        tracing.set_up("http://localhost:4318")


def test_with_an_address_spans_go_to_that_collector_by_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, asked = InMemorySpanExporter(), []

    def to(address: str) -> InMemorySpanExporter:
        asked.append(address)
        return exporter

    monkeypatch.setattr("opentelemetry.exporter.otlp.proto.http.trace_exporter.OTLPSpanExporter", to)
    end = tracing.set_up("http://localhost:4318/")
    with tracing.span("update", update=7):
        pass
    end()
    with tracing.span("update", update=8):
        pass
    assert asked == ["http://localhost:4318/v1/traces"]
    assert [dict(one.attributes or {}) for one in exporter.get_finished_spans()] == [{"update": 7}]
