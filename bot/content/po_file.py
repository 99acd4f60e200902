"""Writes PO files: merges today's German texts into the existing translations. Every run gives the same bytes.

Babel's own update finds an entry by source *and* context, so a changed source would look like a new entry. Here only
the context identifies an entry. A changed source makes it fuzzy, and the former source is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from babel.messages.pofile import escape, normalize

from bot.content.catalogue import Catalogue, Entry
from bot.content.plurals import default_plural_forms
from bot.content.reader import Source


def merged(sources: Iterable[Source], language: str, old: Catalogue | None) -> str:
    """The new text of a PO file: every source in order, then obsolete entries. Translations and comments are kept."""
    current = {source.key: source for source in sources}
    headers = _headers(language, old)
    plurals = old.plurals if old else int(headers["Plural-Forms"].partition("=")[2].partition(";")[0])
    known = {**old.obsolete, **old.entries} if old else {}
    blocks = [(old.preamble if old else "") + _header_block(headers)]
    gone = [entry for key, entry in known.items() if key not in current and any(entry.forms)]
    moved = _by_source(gone)
    blocks += [
        _block(source, known.get(source.key) or moved.get(source.forms), plurals) for source in current.values()
    ]
    blocks += ["\n".join(_obsolete(entry)) for entry in sorted(gone, key=lambda entry: entry.key)]
    return "\n\n".join(blocks) + "\n"


def _by_source(gone: Iterable[Entry]) -> dict[tuple[str, ...], Entry]:
    """Translations of removed texts, by their German. A renamed id takes them over, unless they differ."""
    found: dict[tuple[str, ...], Entry] = {}
    unclear = set()
    for entry in gone:
        if found.setdefault(entry.source, entry).forms != entry.forms:
            unclear.add(entry.source)
    return {source: entry for source, entry in found.items() if source not in unclear}


def _headers(language: str, old: Catalogue | None) -> dict[str, str]:
    usual = {
        "Project-Id-Version": "lotse",
        "PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": "",
        "Language-Team": "",
        "Language": language,
        "Plural-Forms": default_plural_forms(language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    kept = dict(old.headers) if old else {}
    # What a translator's tool wrote is kept. Only the encoding is always ours.
    return {**usual, **kept, "Content-Type": usual["Content-Type"]}


def _header_block(headers: dict[str, str]) -> str:
    lines = [escape(f"{name}: {value}\n") for name, value in headers.items()]
    return "\n".join(['msgid ""', 'msgstr ""', *lines])


def _block(source: Source, old: Entry | None, plurals: int) -> str:
    count = plurals if source.plural else 1
    forms, fuzzy, former = _carried(source, old, count)
    flags = (["fuzzy"] if fuzzy else []) + (["python-brace-format"] if "{" in "".join(source.forms) else [])
    lines = [f"# {comment}".rstrip() for comment in _remarks(old)]
    lines += [f"#. {line}".rstrip() for line in source.note.splitlines()]
    lines += [f"#: {source.file}"]
    lines += [f"#, {', '.join(flags)}"] if flags else []
    lines += [f"#| {line}" for line in former]
    lines += _strings(source.key, source.forms, forms, "")
    return "\n".join(lines)


def _carried(source: Source, old: Entry | None, count: int) -> tuple[tuple[str, ...], bool, list[str]]:
    """What is kept of an old translation: its forms, whether it is fuzzy now, and its former source."""
    if old is None or not any(old.forms):
        return ("",) * count, False, []
    forms = (old.forms + ("",) * count)[:count]
    former = [comment[1:].strip() for comment in old.comments if comment.startswith("|")] if old.fuzzy else []
    if old.source == source.forms:
        return forms, old.fuzzy, former
    # The translation was made from the oldest source.
    names = ("msgid", "msgid_plural")
    return forms, True, former or [f"{name} {escape(text)}" for name, text in zip(names, old.source, strict=False)]


def _remarks(old: Entry | None) -> list[str]:
    return [comment for comment in old.comments if not comment.startswith("|")] if old else []


def _obsolete(entry: Entry) -> Iterator[str]:
    yield from (f"# {comment}".rstrip() for comment in _remarks(entry))
    if entry.fuzzy:
        yield "#, fuzzy"
    yield from _strings(entry.key, entry.source, entry.forms, "#~ ")


def _strings(key: str, source: tuple[str, ...], forms: tuple[str, ...], prefix: str) -> list[str]:
    lines = [f"msgctxt {escape(key)}", f"msgid {normalize(source[0])}"]
    if len(source) > 1:
        lines.append(f"msgid_plural {normalize(source[1])}")
        lines += [f"msgstr[{index}] {normalize(form)}" for index, form in enumerate(forms)]
    else:
        lines.append(f"msgstr {normalize(forms[0])}")
    return [prefix + line for line in "\n".join(lines).split("\n")]
