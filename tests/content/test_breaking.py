"""Content broken in the ways editors, merges and copies break it: a fault at its place, or it works as before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.faults import Level
from bot.content.loader import load
from tests.content.breaking import (
    PO_FILES,
    QUESTIONS,
    TOWN,
    WHOLE,
    can_be_walked,
    faults_of_the_whole,
    folder_with,
    has,
    judged,
    may_be_blamed,
)
from tests.content.slips import breaks


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_a_folder_or_lies_elsewhere_is_a_fault(name: str) -> None:
    with folder_with({}) as folder:
        path = folder / name
        elsewhere = folder.parent / "elsewhere"
        shutil.move(path, elsewhere)
        path.mkdir()
        assert {one.file for one in judged(folder).faults if one.level is Level.ERROR and one.line == 1} >= {name}
        path.rmdir()
        path.symlink_to(elsewhere)
        assert has(judged(folder).faults, name, 1, "leads out of the content folder")
        path.unlink()
        path.symlink_to(folder.parent / "nowhere")
        assert any(one.file == name and one.line == 1 for one in judged(folder).faults)
        path.unlink()
        shutil.move(elsewhere, path.with_name("within.txt"))
        path.symlink_to("within.txt")
        assert not judged(folder).faults


@pytest.mark.parametrize("name", WHOLE)
def test_a_link_to_itself_is_a_fault(name: str) -> None:
    with folder_with({}) as folder:
        (folder / name).unlink()
        (folder / name).symlink_to(Path(name).name)
        assert name in {one.file for one in judged(folder).faults}


@pytest.mark.parametrize("part", ["demo", "demo/locales", "demo/lists", "locales"])
def test_a_folder_that_lies_elsewhere_or_is_a_file_is_a_fault(part: str) -> None:
    with folder_with({}) as folder:
        elsewhere = folder.parent / "elsewhere"
        shutil.move(folder / part, elsewhere)
        (folder / part).symlink_to(elsewhere)
        moved = {name for name in WHOLE if name.startswith(part)}
        assert {one.file for one in judged(folder).faults if "leads out" in one.what} == moved - unread(part)
        (folder / part).unlink()
        (folder / part).write_text("", encoding="utf-8")
        assert judged(folder).faults


def unread(part: str) -> set[str]:
    """Where the town cannot be read, nobody knows its languages."""
    return {name for name in PO_FILES if part == "demo"}


@settings(max_examples=110)
@given(st.data())
def test_whatever_breaks_is_blamed_on_its_file_or_works_as_before(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*WHOLE, QUESTIONS, QUESTIONS, TOWN]))
    with folder_with({name: data.draw(breaks(name))}) as folder:
        loaded, found = load(folder, "demo"), judged(folder)
    assert (loaded.content is None) is any(fault.level is Level.ERROR for fault in loaded.faults)
    assert (loaded.content is None) is (found.content is None)
    assert found.faults >= {*loaded.faults} - faults_of_the_whole()
    assert all(may_be_blamed(name, one.file) for one in found.faults), found.faults
    if loaded.content is not None:
        can_be_walked(data, loaded.content)


@settings(max_examples=10)
@given(st.data())
def test_line_ends_marks_and_remarks_change_nothing(data: st.DataObject) -> None:
    files: dict[str, str | bytes] = {}
    for name, words in WHOLE.items():
        lines = words.split("\n")
        if data.draw(st.booleans()):
            lines.insert(data.draw(st.sampled_from([0, len(lines) - 1])), "# a remark")
        ends = data.draw(st.sampled_from(["\n", "\r\n"]))
        files[name] = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + ends.join(lines).encode()
    with folder_with({}) as plain, folder_with(files) as folder:
        before, after = load(plain, "demo").content, judged(folder).content
    assert before is not None
    assert after is not None
    assert (after.questionnaire, after.town, after.languages) == (before.questionnaire, before.town, before.languages)
    for key in before.texts.keys(""):
        assert after.texts.source(key) == before.texts.source(key)
    can_be_walked(data, after)
