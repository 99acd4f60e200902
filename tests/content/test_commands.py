from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.content import po_file
from bot.content.catalogue import read_catalogue
from bot.content.commands import check, extract_and_update, status
from bot.content.faults import Report
from bot.content.reader import Source
from bot.core.questionnaire import ONLY_IN_FORMS, Kind

from .editing import edit

UI = "locales/ar.po"


def printed(command: Callable[[Path, str, io.StringIO], int], folder: Path) -> tuple[int, list[str]]:
    out = io.StringIO()
    return command(folder, "demo", out), out.getvalue().splitlines()


def entry(folder: Path, key: str) -> list[str]:
    """The lines of one entry of the Arabic file."""
    blocks = (folder / UI).read_text(encoding="utf-8").split("\n\n")
    return next(block.splitlines() for block in blocks if f'msgctxt "{key}"' in block)


def test_check_is_content_with_a_whole_folder(folder: Path) -> None:
    assert printed(check, folder) == (0, ["0 errors, 0 warnings, 0 hints"])


def test_check_prints_a_fault_a_line_and_fails_on_an_error(folder: Path) -> None:
    edit(folder / "demo/questionnaire.yaml", "kind: scale", "kind: scael")
    code, lines = printed(check, folder)
    assert code == 1
    assert lines == [
        "demo/questionnaire.yaml:22: error: There is no kind 'scael'. Known here: "
        + ", ".join(one for one in Kind if one not in ONLY_IN_FORMS),
        "1 error, 0 warnings, 0 hints",
    ]


def test_check_passes_a_gap_in_a_translation_unless_it_is_strict(folder: Path) -> None:
    edit(folder / UI, 'msgstr "نعم"', 'msgstr ""')
    assert printed(check, folder) == (
        0,
        [f"{UI}:26: warning: 'ui.answer.yes' is not translated. Translate it", "0 errors, 1 warning, 0 hints"],
    )
    assert check(folder, "demo", io.StringIO(), strict=True) == 1


def test_check_warns_of_every_kind_of_gap(folder: Path) -> None:
    edit(folder / UI, 'msgstr[2] "سؤالان"', 'msgstr[2] ""')
    edit(folder / UI, 'msgctxt "ui.answer.no"', '#, fuzzy\nmsgctxt "ui.answer.no"')
    edit(folder / UI, 'msgctxt "ui.answer.yes"', 'msgctxt "ui.answer.yess"')
    edit(folder / UI, "Language: ar", "Language: fa")
    (folder / "demo/locales/en.po").unlink()
    code, lines = printed(check, folder)
    said = "\n".join(lines)
    assert code == 0
    assert "'ui.greet.many' lacks a plural form. Fill in all 6 forms" in said
    assert "'ui.answer.no' is fuzzy" in said
    assert "'ui.answer.yess'. Run 'lotse texts update', which puts it aside. Did you mean 'ui.answer.yes'?" in said
    assert "The text 'ui.answer.yes' is missing" in said
    assert "The header says Language: fa, the file's name ar" in said
    assert "demo/locales/en.po:1: warning: There are no translations into 'en'" in said


def test_update_changes_nothing_where_nothing_changed(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.po")}
    assert printed(extract_and_update, folder) == (0, [])
    assert {path: path.read_bytes() for path in folder.rglob("*.po")} == before


def test_update_writes_files_that_do_not_exist_yet_the_same_each_time(folder: Path) -> None:
    (folder / UI).unlink()
    assert printed(extract_and_update, folder) == (0, [f"{UI} written"])
    first = (folder / UI).read_bytes()
    assert printed(extract_and_update, folder) == (0, [])
    assert (folder / UI).read_bytes() == first
    assert entry(folder, "ui.greet.many") == [
        "#. Shown on top of the card.",
        "#: ui.yaml",
        "#, python-brace-format",
        'msgctxt "ui.greet.many"',
        'msgid "{n} Frage"',
        'msgid_plural "{n} Fragen"',
        *(f'msgstr[{number}] ""' for number in range(6)),
    ]


def test_a_changed_source_turns_fuzzy_and_keeps_the_source_the_translation_was_made_from(folder: Path) -> None:
    edit(folder / "ui.yaml", '"Ja"', '"Jawohl"')
    expected = [
        "#: ui.yaml",
        "#, fuzzy",
        '#| msgid "Ja"',
        'msgctxt "ui.answer.yes"',
        'msgid "Jawohl"',
        'msgstr "نعم"',
    ]
    extract_and_update(folder, "demo", io.StringIO())
    assert entry(folder, "ui.answer.yes") == expected
    assert printed(extract_and_update, folder) == (0, [])
    edit(folder / "ui.yaml", '"Jawohl"', '"Aber ja"')
    extract_and_update(folder, "demo", io.StringIO())
    assert entry(folder, "ui.answer.yes")[2:5] == ['#| msgid "Ja"', 'msgctxt "ui.answer.yes"', 'msgid "Aber ja"']


def test_a_text_that_vanished_is_put_aside_and_comes_back_with_its_translation(folder: Path) -> None:
    whole = (folder / "ui.yaml").read_text(encoding="utf-8")
    edit(folder / "ui.yaml", '  phone: "Telefon: {phone}"\n', "")
    extract_and_update(folder, "demo", io.StringIO())
    assert entry(folder, "ui.greet.phone")[0].startswith("#~ msgctxt")
    assert printed(check, folder)[1] == ["0 errors, 0 warnings, 0 hints"]
    (folder / "ui.yaml").write_text(whole, encoding="utf-8")
    extract_and_update(folder, "demo", io.StringIO())
    assert entry(folder, "ui.greet.phone")[-1] == 'msgstr "الهاتف: {phone}"'


def test_update_keeps_what_translators_and_their_tools_wrote(folder: Path) -> None:
    edit(folder / UI, 'msgid ""\n', '# Layla translates this.\n# Thank her.\nmsgid ""\n')
    edit(folder / UI, '"Language: ar\\n"', '"Language: ar\\n"\n"X-Reviewed-By: nobody yet\\n"')
    edit(folder / UI, '#: ui.yaml\nmsgctxt "ui.answer.yes"', '# Friendly.\n#: ui.yaml\nmsgctxt "ui.answer.yes"')
    edit(folder / UI, 'msgstr "لا"', 'msgstr ""\n"لا"')
    extract_and_update(folder, "demo", io.StringIO())
    words = (folder / UI).read_text(encoding="utf-8")
    assert words.startswith('# Layla translates this.\n# Thank her.\nmsgid ""\n')
    assert '"X-Reviewed-By: nobody yet\\n"' in words
    assert entry(folder, "ui.answer.yes")[0] == "# Friendly."
    assert entry(folder, "ui.answer.no")[-1] == 'msgstr "لا"'
    assert printed(extract_and_update, folder) == (0, [])


def test_obsolete_entries_of_other_tools_are_read(folder: Path) -> None:
    with (folder / UI).open("a", encoding="utf-8") as file:
        file.write('\n#, fuzzy\n#~| msgid "Alt"\n#~ msgctxt "ui.old.one"\n#~ msgid "Alter"\n#~ msgstr "قديم"\n')
    assert printed(check, folder)[0] == 0
    extract_and_update(folder, "demo", io.StringIO())
    assert entry(folder, "ui.old.one")[-1] == '#~ msgstr "قديم"'


def test_update_writes_nothing_where_a_file_is_broken(folder: Path) -> None:
    edit(folder / "demo/locales/en.po", 'msgstr "Office"', 'msgstr "Office')
    edit(folder / "ui.yaml", '"Ja"', '"Jawohl"')
    before = (folder / UI).read_bytes()
    code, lines = printed(extract_and_update, folder)
    assert (code, lines[-1]) == (1, "Nothing was written.")
    assert (folder / UI).read_bytes() == before


def test_babel_reads_the_file_as_we_do(folder: Path) -> None:
    with (folder / UI).open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    assert (str(catalog.locale), catalog.num_plurals) == ("ar", 6)
    message = catalog.get("{n} Frage", context="ui.greet.many")
    assert message is not None
    assert tuple(message.string or ())[1] == "سؤال واحد"


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n\t"\\'), min_size=1),
        min_size=2,
        max_size=2,
    )
)
def test_any_text_survives_its_way_through_a_po_file(
    tmp_path_factory: pytest.TempPathFactory, forms: list[str]
) -> None:
    source = Source("ui.a.b", tuple(forms), "", "ui.yaml", 1)
    path = tmp_path_factory.mktemp("po") / "en.po"
    path.write_text(po_file.merged([source], "en", None), encoding="utf-8", newline="\n")
    report = Report()
    catalogue = read_catalogue(path, "en.po", "en", report)
    assert catalogue is not None, report.found
    assert catalogue.entries["ui.a.b"].source == tuple(forms)


def test_status_counts_each_language(folder: Path) -> None:
    edit(folder / UI, 'msgstr "نعم"', 'msgstr ""')
    edit(folder / "demo/locales/ar.po", "#: demo/town.yaml", "#: demo/town.yaml\n#, fuzzy")
    code, lines = printed(status, folder)
    total = int(lines[0].split()[1])
    assert code == 0
    assert lines == [
        f"en: {total} translated, 0 fuzzy, 0 missing",
        f"ar: {total - 2} translated, 1 fuzzy, 1 missing",
    ]


def test_a_text_whose_id_changed_takes_its_translation_along(folder: Path) -> None:
    edit(folder / "demo/questionnaire.yaml", "- id: more\n", "- id: rest\n    was: more\n")
    assert extract_and_update(folder, "demo", io.StringIO()) == 0
    assert printed(check, folder) == (0, ["0 errors, 0 warnings, 0 hints"])
