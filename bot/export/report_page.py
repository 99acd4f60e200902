"""A report as one HTML page for A4 paper: no script, nothing from outside, charts as pictures inside it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from bot.core.paper import Bar, Cell, Chart, Report, Section, Table

_STYLE = """
@page { size: A4; margin: 17mm 16mm 18mm; @bottom-right { content: counter(page) " / " counter(pages);
  font: 8pt sans-serif; color: #5f6368; } }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; max-width: 178mm; padding: 8mm 4mm; color: #1c1c1e; background: #fff;
  font: 10.5pt/1.45 "Noto Sans", "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
header { border-bottom: 2.5pt solid #1a5fb4; padding-bottom: 3mm; margin-bottom: 6mm; }
h1 { font-size: 21pt; line-height: 1.2; margin: 0 0 1.5mm; }
h2 { font-size: 13.5pt; margin: 0 0 2mm; color: #12447f; break-after: avoid; }
header p, footer p { margin: 0; color: #5f6368; }
.figures { display: grid; grid-template-columns: repeat(5, 1fr); gap: 3mm; margin: 0 0 8mm; padding: 0; }
.figures div { background: #eef3fa; border-radius: 2mm; padding: 3mm; break-inside: avoid; }
.figures dt { font-size: 8.5pt; line-height: 1.3; color: #3c4043; }
.figures dd { margin: 0; font-size: 19pt; font-weight: 700; line-height: 1.2; color: #12447f; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
section { margin-bottom: 8mm; }
section > p { margin: 0 0 3mm; }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: 1.3mm 2mm; border-bottom: .4pt solid #cfd6df; }
th { background: #eef3fa; font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
figure { margin: 4mm 0 0; break-inside: avoid; }
figure img { width: 100%; height: auto; display: block; }
footer { border-top: .8pt solid #cfd6df; padding-top: 3mm; font-size: 8.5pt; break-inside: avoid; }
footer p + p { margin-top: 1.2mm; }
@media print { body { max-width: none; padding: 0; } }
@media (max-width: 600px) { .figures { grid-template-columns: repeat(2, 1fr); } }
"""
_NUMERIC = frozenset("0123456789.,% –")
_ROW, _BAR, _LEFT, _RIGHT, _WIDTH = 25, 15, 280, 130, 720
"""Units of the chart: heights of a row and of its bar, room for labels and for the text after a bar."""
_LONGEST_LABEL = 36


def page(report: Report) -> str:
    """The whole document."""
    return "".join(_parts(report))


def _parts(report: Report) -> Iterator[str]:
    title = escape(report.title)
    yield f'<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta http-equiv="Content-Security-Policy" '
    yield "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n"
    yield f"<header><h1>{title}</h1><p>{escape(report.about)}</p></header>\n"
    yield '<dl class="figures">'
    yield from (f"<div><dt>{escape(what)}</dt><dd>{escape(number)}</dd></div>" for number, what in report.figures)
    yield "</dl>\n"
    for section in report.sections:
        yield from _section(section)
    yield f"<footer>{''.join(f'<p>{escape(one)}</p>' for one in report.foot)}</footer>\n</body>\n</html>\n"


def _section(section: Section) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.title)}</h2>\n"
    yield from (f"<p>{escape(one)}</p>\n" for one in section.words)
    if section.table is not None and section.table.rows:
        yield from _table(section.table)
    if section.chart is not None and section.chart.bars:
        yield _picture(section.chart)
    yield "</section>\n"


def _table(table: Table) -> Iterator[str]:
    numeric = [all(_is_number(row[place]) for row in table.rows) for place in range(len(table.head))]
    yield "<table>\n<thead>"
    yield _row("th", table.head, numeric)
    yield "</thead>\n<tbody>"
    for row in table.rows:
        yield _row("td", row, numeric)
    yield "</tbody>\n</table>\n"


def _row(tag: str, cells: tuple[Cell, ...], numeric: list[bool]) -> str:
    kinds = (' class="number"' if right else "" for right in numeric)
    written = (f"<{tag}{kind}>{escape(str(cell))}</{tag}>" for cell, kind in zip(cells, kinds, strict=True))
    return f"<tr>{''.join(written)}</tr>"


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int) or (bool(cell) and _NUMERIC.issuperset(cell))


def _picture(chart: Chart) -> str:
    """The chart as a vector picture, sharp on paper. Its words are also its description."""
    data = base64.b64encode(_drawing(chart).encode()).decode()
    said = "; ".join(f"{bar.label}: {bar.value}" for bar in chart.bars)
    return f'<figure><img alt="{escape(f"{chart.title}. {said}")}" src="data:image/svg+xml;base64,{data}"></figure>\n'


def _drawing(chart: Chart) -> str:
    longest = max(bar.value for bar in chart.bars)
    height = _ROW * len(chart.bars) + 52
    bars = "".join(_bar(bar, longest, 36 + number * _ROW) for number, bar in enumerate(chart.bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="Noto Sans, DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif" font-size="13">'
        f'<text x="0" y="16" font-size="15" font-weight="600" fill="#12447f">{escape(chart.title)}</text>{bars}'
        f'<text x="0" y="{height - 3}" font-size="10" fill="#5f6368">{escape(chart.source)}</text></svg>'
    )


def _bar(bar: Bar, longest: int, y: int) -> str:
    length = round((_WIDTH - _LEFT - _RIGHT) * bar.value / longest) if longest else 0
    label = bar.label if len(bar.label) <= _LONGEST_LABEL else f"{bar.label[: _LONGEST_LABEL - 1]}…"
    beside = f' <tspan fill="#5f6368">{escape(bar.beside)}</tspan>' if bar.beside else ""
    middle = y + _BAR - 3
    return (
        f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end" fill="#1c1c1e">{escape(label)}</text>'
        f'<rect x="{_LEFT}" y="{y}" width="{max(length, 2)}" height="{_BAR}" rx="2" fill="#1a5fb4"/>'
        f'<text x="{_LEFT + max(length, 2) + 7}" y="{middle}" fill="#1c1c1e"><tspan font-weight="600">{bar.value}'
        f"</tspan>{beside}</text>"
    )
