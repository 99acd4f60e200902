from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.bidi import begins_right_to_left, cleaned
from bot.content.loader import Content
from bot.content.locales import german_name, own_name
from bot.content.rich import Run, Span, finished
from bot.content.texts import DrawnButton, Rich, Texts
from bot.core.message import Argument, Button, LinkButton, Listing, Screen, Text, Words

from .editing import edit, loaded

RLM, FSI, PDI = "\u200f", "\u2068", "\u2069"


def say(content: Content, language: str, key: str, args: Mapping[str, Argument] | None = None) -> Rich:
    return content.texts.render(language, Screen(((Text(key, args or {}),),)))


def marked(rich: Rich, span: Span) -> str:
    """The characters a messenger would mark, counted as it counts."""
    raw = rich.text.encode("utf-16-le")
    return raw[2 * span.offset : 2 * (span.offset + span.length)].decode("utf-16-le")


def test_blocks_are_paragraphs_and_their_parts_lines(content: Content) -> None:
    screen = Screen(((Text("ui.greet.lines"), Words("Anna")), (Text("ui.answer.yes"),)))
    assert content.texts.render("en", screen) == Rich("One\nTwo\nAnna\n\nYes", (), ())


def test_spans_are_counted_in_utf16_units_behind_emoji_and_other_lines(content: Content) -> None:
    hello = Text("ui.greet.strong", {"name": Words("🎉 Zoë")})
    rich = content.texts.render("en", Screen(((Words("🎈🎈"),), (hello, hello))))
    assert rich.text == "🎈🎈\n\nHello 🎉 Zoë, welcome 🎉\nHello 🎉 Zoë, welcome 🎉"
    assert [(span.kind, marked(rich, span)) for span in rich.spans] == [("bold", "🎉 Zoë"), ("italic", "welcome")] * 2
    assert rich.spans[0] == Span("bold", 12, 6, None)


def test_links_take_their_address_from_an_argument_or_the_text(content: Content) -> None:
    rich = say(content, "en", "ui.greet.link", {"url": Words("https://example.org/a?b=1&c")})
    assert rich.text == "Here: to the map"
    assert rich.spans == (Span("link", 6, 10, "https://example.org/a?b=1&c"), Span("bold", 13, 3, None))
    assert say(content, "en", "ui.greet.fixed").spans == (Span("link", 0, 4, "https://example.org/"),)


def test_a_persons_words_are_never_markup_nor_placeholders(content: Content) -> None:
    rich = say(content, "en", "ui.greet.hello", {"name": Words("<b>{name}</b> {{x}}")})
    assert rich == Rich("Hello <b>{name}</b> {{x}}!", (), ())


def test_double_braces_are_braces_and_a_lone_angle_is_itself(content: Content) -> None:
    assert say(content, "de", "ui.greet.braces").text == "{so} und < 5"


def test_an_empty_argument_leaves_no_empty_span(content: Content) -> None:
    rich = say(content, "en", "ui.greet.strong", {"name": Words("")})
    assert [span.kind for span in rich.spans] == ["italic"]


def test_a_text_within_a_text_keeps_its_markup(content: Content) -> None:
    rich = say(content, "en", "ui.card.ask", {"question": Text("ui.greet.fixed")})
    assert [(span.kind, marked(rich, span)) for span in rich.spans] == [("bold", "Page"), ("link", "Page")]


@pytest.mark.parametrize(("language", "date_", "list_"), [
    ("de", "am 7. März 2026", "Sie wählten: Ja, Nein und 12.345"),
    ("en", "on 7 March 2026", "You chose: Yes, No and 12,345"),
])  # fmt: skip
def test_dates_numbers_and_lists_are_said_in_the_language(
    content: Content, language: str, date_: str, list_: str
) -> None:
    assert say(content, language, "ui.greet.when", {"day": date(2026, 3, 7)}).text == date_
    choices = Listing((Text("ui.answer.yes"), Text("ui.answer.no"), 12345))
    assert say(content, language, "ui.greet.chosen", {"choices": choices}).text == list_


def test_a_moment_is_said_as_its_own_clock_shows_it(content: Content) -> None:
    moment = datetime(2026, 3, 7, 18, 5, tzinfo=UTC)
    assert say(content, "de", "ui.greet.when", {"day": moment}).text == "am Samstag, 7. März 2026, 18:05"


def test_a_list_keeps_markup_and_may_be_empty(content: Content) -> None:
    rich = say(content, "en", "ui.greet.chosen", {"choices": Listing((Text("ui.greet.fixed"), Words("x")))})
    assert (rich.text, marked(rich, rich.spans[0])) == ("You chose: Page and x", "Page")
    assert say(content, "en", "ui.greet.chosen", {"choices": Listing(())}).text == "You chose: "


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "لا أسئلة"),
        (1, "سؤال واحد"),
        (2, "سؤالان"),
        (3, "3 أسئلة"),
        (11, "11 سؤالًا"),
        (100, "100 سؤال"),
        (102, "102 سؤال"),
    ],
)
def test_arabic_has_six_plural_forms(content: Content, count: int, words: str) -> None:
    assert content.texts.label("ar", Text("ui.greet.many", count=count)).removeprefix(RLM) == words


def test_a_plural_said_without_its_count_is_a_mistake_of_the_code(content: Content) -> None:
    with pytest.raises(LookupError, match="without a count"):
        say(content, "en", "ui.greet.many")


def test_a_key_nobody_wrote_is_a_mistake_of_the_code(content: Content) -> None:
    with pytest.raises(KeyError):
        say(content, "en", "ui.greet.nothing")
    assert not content.texts.has("de", "ui.greet.nothing")


def test_buttons_bear_labels_without_markup_and_their_mark(content: Content) -> None:
    rows = (
        (Button(Text("ui.answer.yes"), "a.yes", "✓"), Button(Text("ui.greet.fixed"), "x")),
        (LinkButton(Text("ui.answer.no"), "https://example.org"),),
    )
    assert content.texts.render("en", Screen((), rows)).rows == (
        (DrawnButton("✓ Yes", "a.yes", None), DrawnButton("Page", "x", None)),
        (DrawnButton("No", None, "https://example.org"),),
    )


def test_arrows_on_buttons_point_where_one_reads_on(content: Content) -> None:
    rows = ((Button(Text("ui.answer.yes"), "a", "▶️"), Button(Text("ui.answer.no"), "b", "✓")),)
    labels = [button.label for button in content.texts.render("ar", Screen((), rows)).rows[0]]
    assert labels == ["◀️ نعم", "✓ لا"]
    assert content.texts.render("en", Screen((), rows)).rows[0][0].label == "▶️ Yes"


def test_yes_and_no_have_common_texts_and_other_options_their_own(content: Content) -> None:
    assert content.texts.option_key(content.questionnaire.by_id["paper"], "yes") == "ui.answer.yes"
    assert (
        content.texts.option_key(content.questionnaire.by_id["paper"], "unsure")
        == "questionnaire.paper.option.unsure"
    )
    assert content.texts.option_key(content.questionnaire.by_id["level"], "A1") == "questionnaire.level.option.A1"


def test_a_text_may_be_said_in_its_own_language_within_another(content: Content) -> None:
    rows = tuple((Button(Text("ui.language.name", language=code), code),) for code in ("de", "en", "ar"))
    rich = content.texts.render("en", Screen(((Text("ui.language.name", language="ar"),),), rows))
    assert [row[0].label for row in rich.rows] == ["Deutsch", "English", "العربية"]
    assert rich.text == "العربية"


def test_a_language_calls_itself_by_its_own_name_before_anybody_translated_it(folder: Path) -> None:
    (folder / "locales/ar.po").unlink()
    assert loaded(folder).texts.label("de", Text("ui.language.name", language="ar")) == "العربية"


@pytest.mark.parametrize(
    ("language", "name"), [("en", "English"), ("prs", "دری"), ("uk", "українська"), ("zz", "zz")]
)
def test_a_languages_own_name_bears_no_country(language: str, name: str) -> None:
    assert own_name(language) == name


@pytest.mark.parametrize(
    ("language", "name"), [("fa", "Persisch"), ("prs", "Dari"), ("uk", "Ukrainisch"), ("tlh-x", "tlh-x")]
)
def test_the_team_calls_a_language_by_its_german_name(language: str, name: str) -> None:
    assert german_name(language) == name


# --- direction


def test_names_are_isolated_in_a_right_to_left_language(content: Content) -> None:
    rich = say(content, "ar", "ui.greet.strong", {"name": Words("Anna")})
    assert rich.text == f"مرحبًا {FSI}Anna{PDI}، أهلًا 🎉"
    assert marked(rich, rich.spans[0]) == f"{FSI}Anna{PDI}"
    assert say(content, "ar", "ui.greet.phone", {"phone": Words("+49 30")}).text == f"الهاتف: {FSI}+49 30{PDI}"


def test_only_foreign_names_are_isolated_in_a_left_to_right_language(content: Content) -> None:
    assert say(content, "de", "ui.greet.hello", {"name": Words("Zoë")}).text == "Hallo Zoë!"
    assert say(content, "de", "ui.greet.hello", {"name": Words("ليلى")}).text == f"Hallo {FSI}ليلى{PDI}!"


def test_a_text_of_latin_letters_is_isolated_within_arabic_and_an_arabic_one_is_not(content: Content) -> None:
    latin = say(content, "ar", "ui.greet.chosen", {"choices": Text("questionnaire.level.option.A1")})
    assert latin.text == f"اخترت: {FSI}A1{PDI}"
    assert say(content, "ar", "ui.greet.chosen", {"choices": Text("ui.answer.yes")}).text == "اخترت: نعم"


def test_a_progress_bar_runs_as_the_message_does(content: Content) -> None:
    rich = say(content, "ar", "ui.card.head", {"bar": Words("▰▱"), "n": 1, "total": 2})
    assert rich.text == f"{RLM}▰▱ 1 من 2"


def test_a_line_of_another_language_is_drawn_as_that_language_is(content: Content) -> None:
    two = Text("ui.greet.lines", language="ar"), Text("ui.greet.lines", language="en")
    expected = f"واحد\n{RLM}2 اثنان\nOne\nTwo"
    assert (
        content.texts.render("ar", Screen((two,))).text == content.texts.render("de", Screen((two,))).text == expected
    )


def test_a_part_of_another_language_is_isolated_and_never_makes_the_message_german(folder: Path) -> None:
    edit(folder / "locales/ar.po", 'msgstr "نعم"', 'msgstr ""')
    texts = loaded(folder).texts
    parts = Listing(tuple(Text("ui.answer.no", language=code) for code in ("en", "ar")))
    rich = texts.render("en", Screen(((Text("ui.greet.chosen", {"choices": parts}),),)))
    assert rich.text == f"You chose: No and {FSI}لا{PDI}"
    assert texts.render("ar", Screen(((Text("ui.answer.yes", language="ar"),),))).text == "Ja"


def test_words_cannot_break_out_of_their_isolate_nor_of_their_line(content: Content) -> None:
    rich = say(content, "ar", "ui.greet.hello", {"name": Words(f"A{PDI}\u202eB\nC\x00")})
    assert rich.text == f"مرحبًا {FSI}AB C{PDI}!"


def test_lines_that_begin_otherwise_get_a_mark_in_a_right_to_left_language(content: Content) -> None:
    rich = content.texts.render("ar", Screen(((Text("ui.greet.lines"), Words("Anna\n\n2")),)))
    assert rich.text == f"واحد\n{RLM}2 اثنان\n{RLM}{FSI}Anna{PDI}\n\n{RLM}{FSI}2{PDI}"


def test_a_span_at_the_beginning_of_a_marked_line_begins_behind_the_mark(content: Content) -> None:
    rich = say(content, "ar", "ui.card.ask", {"question": Words("🎉1")})
    assert rich.text == f"{RLM}{FSI}🎉1{PDI}"
    assert rich.spans == (Span("bold", 1, 5, None),)


def test_a_label_that_begins_with_latin_letters_is_still_drawn_right_to_left(content: Content) -> None:
    assert content.texts.label("ar", Text("ui.greet.many", count=3)) == "3 أسئلة"  # its first letter is Arabic
    assert content.texts.label("ar", Text("questionnaire.level.option.A1")) == "A1"


letters = st.text(st.sampled_from("ab 1🎉لى\n"), max_size=12)


@given(st.lists(letters, max_size=6), st.booleans(), st.data())
def test_finished_spans_mark_what_they_marked_before(
    parts: list[str], right_to_left: bool, data: st.DataObject
) -> None:
    text = "".join(parts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    line = finished(Run(text, (("bold", start, end, None),)), right_to_left=right_to_left)
    rich = Rich(line.text, line.spans, ())
    assert line.units == len(line.text.encode("utf-16-le")) // 2
    assert line.text.replace(RLM, "") == text
    assert marked(rich, line.spans[0]).replace(RLM, "") == text[start:end]
    assert not marked(rich, line.spans[0]).startswith(RLM)
    if right_to_left:
        assert all(row[0] == RLM or begins_right_to_left(row[0]) for row in line.text.split("\n") if row)


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@given(names, names, st.sampled_from(["de", "en", "ar"]))
def test_any_name_in_any_language_is_marked_whole(content: Content, first: str, second: str, language: str) -> None:
    strong = (Text("ui.greet.strong", {"name": Words(name)}) for name in (first, second))
    rich = content.texts.render(language, Screen(((*strong, Text("ui.greet.fixed")),)))
    bold = [marked(rich, span).strip(FSI + PDI) for span in rich.spans if span.kind == "bold"]
    assert bold == [name for name in (cleaned(words).replace("\n", " ") for words in (first, second)) if name]
    assert marked(rich, rich.spans[-1]) in {"Seite", "Page", "صفحة"}


# --- fallback


def test_one_missing_part_makes_the_whole_message_german_under_a_mark_with_english_below(folder: Path) -> None:
    edit(folder / "locales/ar.po", 'msgstr "نعم"', 'msgstr ""')
    texts = loaded(folder).texts
    screen = Screen(((Text("ui.greet.fixed"),),), ((Button(Text("ui.answer.yes"), "yes"),),))
    rich = texts.render("ar", screen)
    assert rich.text == "لم تُترجم بعد.\n\nSeite\n\nPage"
    assert [(span.kind, marked(rich, span)) for span in rich.spans] == [("link", "Seite"), ("link", "Page")]
    assert rich.rows == ((DrawnButton("Ja", "yes", None),),)
    assert not texts.has("ar", "ui.answer.yes")
    assert texts.label("ar", Text("ui.answer.yes")) == "Ja"
    assert texts.render("ar", Screen(((Text("ui.greet.fixed"),),))).text == "صفحة"


def test_a_missing_argument_counts_as_a_missing_part(folder: Path) -> None:
    edit(folder / "locales/ar.po", 'msgstr "نعم"', 'msgstr ""')
    chosen = Text("ui.greet.chosen", {"choices": Listing((Text("ui.answer.no"), Text("ui.answer.yes")))})
    rich = loaded(folder).texts.render("ar", Screen(((chosen,),)))
    assert rich.text == "لم تُترجم بعد.\n\nSie wählten: Nein und Ja\n\nYou chose: No and Yes"


def test_english_itself_falls_back_to_german_only(folder: Path) -> None:
    edit(folder / "locales/en.po", 'msgstr "<a href=\\"https://example.org/\\">Page</a>"', 'msgstr ""')
    assert say(loaded(folder), "en", "ui.greet.fixed").text == "Not translated yet.\n\nSeite"


def _without(folder: Path, language: str, *forms: str) -> Texts:
    for form in forms:
        edit(folder / f"locales/{language}.po", form, "")
    return loaded(folder).texts


def test_the_mark_is_english_where_the_language_lacks_even_that_and_else_german(folder: Path) -> None:
    screen = Screen(((Text("ui.answer.yes"),),))
    assert (
        _without(folder, "ar", "لم تُترجم بعد.", "نعم").render("ar", screen).text == "Not translated yet.\n\nJa\n\nYes"
    )
    assert (
        _without(folder, "en", "Not translated yet.").render("ar", screen).text
        == "Noch nicht übersetzt.\n\nJa\n\nYes"
    )
    assert _without(folder, "en", "Yes").render("ar", screen).text == "Noch nicht übersetzt.\n\nJa"


def test_a_language_the_town_does_not_have_gets_german_and_english(content: Content) -> None:
    assert say(content, "uk", "ui.answer.yes").text == "Not translated yet.\n\nJa\n\nYes"


def test_english_is_left_out_where_the_message_would_be_too_long(folder: Path) -> None:
    edit(folder / "ui.yaml", "Eins\n    Zwei", "E" * 2100)
    for language, old in (("en", r'"One\n"'), ("ar", r'"واحد\n"')):
        edit(folder / f"locales/{language}.po", r'"Eins\n"' + '\n"Zwei"', f'"{"E" * 2100}"')
        edit(folder / f"locales/{language}.po", old, f'"{"O" * 2100}"' if language == "en" else '""')
    edit(folder / "locales/ar.po", '"2 اثنان"', '""')
    assert say(loaded(folder), "ar", "ui.greet.lines").text == "لم تُترجم بعد.\n\n" + "E" * 2100


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('msgctxt "ui.answer.yes"', '#, fuzzy\nmsgctxt "ui.answer.yes"'),
        ('msgid "Ja"', 'msgid "Jawohl"'),
        ('msgstr "نعم"', 'msgstr ""'),
    ],
    ids=["fuzzy", "the German changed since", "empty"],
)
def test_what_is_not_surely_current_counts_as_untranslated(folder: Path, old: str, new: str) -> None:
    edit(folder / "locales/ar.po", old, new)
    assert say(loaded(folder), "ar", "ui.answer.yes").text == "لم تُترجم بعد.\n\nJa\n\nYes"


def test_a_missing_plural_form_counts_as_untranslated_whatever_the_number(folder: Path) -> None:
    edit(folder / "locales/ar.po", 'msgstr[2] "سؤالان"', 'msgstr[2] ""')
    assert not loaded(folder).texts.has("ar", "ui.greet.many")
