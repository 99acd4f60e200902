"""Traces, for whoever asks for them: update, use case, transaction, call, delivery. Nothing is traced until `set_up`.

Any room may use it; the libraries come with the extra `otel` and are imported only then. A span has names of the
program and the ids that the log has: never words, chats, addresses or an error's message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

Span = AbstractContextManager[None]
Begin = Callable[[str, dict[str, int | str]], Span]
NAME = "lotse"
ADVICE = "OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed: pip install 'lotse[otel]'."
_NOTHING: Span = nullcontext()


def _nothing(_: str, __: dict[str, int | str]) -> Span:
    return _NOTHING


_begin: Begin = _nothing


def span(name: str, /, **ids: int | str) -> Span:
    """What happens inside (`with`) is a part of the trace, about this."""
    return _begin(name, ids)


def name_of(use_case: Callable[..., object]) -> str:
    """A use case as a span names it: `services.taps.tap`."""
    return f"{use_case.__module__.removeprefix('bot.')}.{getattr(use_case, '__name__', 'use_case')}"


def trace_with(tracer: Tracer | None) -> None:
    """Trace with this from now on; None: no more."""
    global _begin  # noqa: PLW0603 - as the log, there is one of a process
    if tracer is None:
        _begin = _nothing
        return
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - only with the extra

    @contextmanager
    def begin(name: str, ids: dict[str, int | str]) -> Iterator[None]:
        # The library would keep the error's message, which may quote what a person wrote.
        with tracer.start_as_current_span(
            f"{NAME}.{name}", attributes=ids, record_exception=False, set_status_on_exception=False
        ) as made:
            try:
                yield
            except Exception as error:
                made.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    _begin = begin


def set_up(endpoint: str) -> Callable[[], None]:
    """Send traces to a collector, as `http://localhost:4318`, where one is named; call what comes back at the end.

    Raises:
        SettingsRefused: the extra is not installed.
    """
    if not endpoint:
        return lambda: None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        from bot.settings import SettingsRefused  # noqa: PLC0415 - whoever counts and logs needs no settings

        raise SettingsRefused(ADVICE) from None
    provider = TracerProvider(resource=Resource.create({"service.name": NAME}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    trace_with(provider.get_tracer(NAME))

    def end() -> None:
        trace_with(None)
        provider.shutdown()

    return end
