"""What must stay is found, masked, and comes back; what an engine breaks is noticed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import markup
from bot.content.bidi import isolated
from bot.core.glossary import Term
from bot.services.translating import Doubt
from bot.translation.assembling import assembled
from bot.translation.protection import Line, Protector
from bot.translation.tokens import Bracketed, Tagged, Tokens
from bot.translation.verifying import doubts_about_things

GLOSSARY = (
    Term(("Jobcenter", "Jobcenters")),
    Term(("telc",)),
    Term(("telc C1 Hochschule",)),
    Term(("I.Qu.I.",)),
    Term(("VHS", "VHS Minden/Bad Oeynhausen")),
    Term(("Integrationskurs", "Integrationskurses"), {"en": "integration course", "ar": "دورة اندماج"}),
)
STYLES = [Bracketed(), Tagged()]


def only_line(text: str, language: str = "en") -> Line:
    (line,) = Protector(GLOSSARY, language).lines(text)
    return line


def kept(text: str) -> list[str]:
    line = only_line(f"x {text} x")
    return [thing.shown for thing in line.things]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Hallo {name}, am {when}.", ["{name}", "{when}"]),
        (
            "auf https://x.example/a_(b)?q=1&r=ü, oder www.x.example.",
            ["https://x.example/a_(b)?q=1&r=ü", "www.x.example"],
        ),
        ("an a.b+c@mail.example.org.", ["a.b+c@mail.example.org"]),
        (
            "unter +49 571 123-45, 0571 / 12 34 56 oder 0571 123456",
            ["+49 571 123-45", "0571 / 12 34 56", "0571 123456"],
        ),
        ("am 12.3.2027, am 5.4. und am 2027-03-12", ["12.3.2027", "5.4.", "2027-03-12"]),
        ("um 18:00, von 8:30-10:00, 18.30 Uhr", ["18:00", "8:30-10:00", "18.30"]),
        ("30,50 EUR und 1.234.567", ["30,50", "1.234.567"]),
        ("in 32423 Herford", ["32423"]),
        ("Stufe B1 oder B2.1, nicht A10", ["B1", "B2.1"]),
        ("mit /privacy oder bei @lotse_bot", ["/privacy", "@lotse_bot"]),
        (
            "im Jobcenter, des Jobcenters, der VHS-Kurs, bei I.Qu.I. heute",
            ["Jobcenter", "Jobcenters", "VHS", "I.Qu.I."],
        ),
        ("telc C1 Hochschule, telc\tC1  Hochschule", ["telc C1 Hochschule", "telc\tC1  Hochschule"]),
        ("VHSen, Jobcentern, vhs, MVHS", []),
        ("bei https://vhs.example/VHS?a", ["https://vhs.example/VHS?a"]),
        ("Bus (X5), [12] und [X7X]", ["(X5)", "[12]", "[X7X]"]),
        ("3 Kurse für 4 Leute im Jahr 2027", []),
        ("und/oder, Bewerber/in, km/h, (3)", []),
        ("(VHS) [VHS]", ["VHS", "VHS"]),
    ],
)
def test_what_stays(text: str, things: list[str]) -> None:
    assert kept(text) == things


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("• <b>Neuer Kurs</b> ✅", "Neuer Kurs"),
        ("<b><i>Neuer Kurs!</i></b>", "Neuer Kurs!"),
        ("🎓 <b>Neuer</b> Kurs", "[X0X]Neuer[X1X] Kurs"),
        ("<b>A</b> und <b>B</b>", "[X0X]A[X1X] und [X2X]B[X3X]"),
        ("bei der <b>VHS</b> lernen", "bei der [X0X] lernen"),
        ("<b>18:00</b>: {where}", ""),
        ("📞 +49 571 12345", ""),
        ("", ""),
    ],
)
def test_what_is_sent_holds_no_more_than_it_must(text: str, sent: str) -> None:
    line = only_line(text)
    assert Bracketed().write(line.items, line.things) == sent


def test_a_span_over_several_lines_is_one_in_each() -> None:
    lines = Protector((), "en").lines("a <b>b\nc\n\nd</b> e")
    made = [assembled(line, line.items)[0] for line in lines]
    assert made == ["a <b>b</b>", "<b>c</b>", "", "<b>d</b> e"]


def put(text: str, language: str) -> str:
    line = only_line(text, language)
    return assembled(line, line.items)[0]


def test_a_term_is_said_as_the_town_wants_it_and_stays_where_it_says_nothing() -> None:
    assert (
        put("im Integrationskurs und des Integrationskurses", "en")
        == "im integration course und des integration course"
    )
    assert put("im Integrationskurs", "uk") == "im Integrationskurs"
    assert put("im Integrationskurs", "ar") == "im دورة اندماج"


def test_from_right_to_left_foreign_things_are_isolated_and_links_are_not() -> None:
    assert put("bei I.Qu.I. um 18:00-19:00", "ar") == f"bei {isolated('I.Qu.I.')} um {isolated('18:00-19:00')}"
    assert put("auf https://x.example mit /forget", "fa") == "auf https://x.example mit \u200e/forget"
    assert put("Hallo {name}", "ar") == "Hallo {name}"


SAMPLE = 'Hallo {name}, <b>bitte</b> um 18:00 <a href="https://x.example">hier</a> & dort {{<}}'


@pytest.mark.parametrize("style", STYLES, ids=["bracketed", "tagged"])
def test_what_comes_back_untouched_is_what_went(style: Tokens) -> None:
    line = only_line(SAMPLE)
    made = style.read(style.write(line.items, line.things), line.things)
    assert made == list(line.items)
    assert assembled(line, made) == (SAMPLE.replace("{{<}}", "{{{<}}}"), [])
    assert list(doubts_about_things(made, line.items, line.things)) == []


words = st.text("abcäß &<>[]{}()X0189 .:/@\n", max_size=12)
texts = st.recursive(
    st.one_of(words.map(markup.escaped), st.sampled_from(["{name}", "VHS", "18:00", "https://x.example"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        inner.map(lambda text: f"<b>{text}</b>"),
        inner.map(lambda text: f'<a href="https://y.example">{text}</a>'),
    ),
    max_leaves=12,
)


def bare(text: str) -> str:
    return markup.plain(markup.parse(text))


@given(texts, st.sampled_from(STYLES))
def test_any_text_comes_back_with_all_its_words(text: str, style: Tokens) -> None:
    made = []
    for line in Protector(GLOSSARY, "uk").lines(text):
        items = style.read(style.write(line.items, line.things), line.things)
        assert list(doubts_about_things(items, line.items, line.things)) == [] or "X" in text
        made.append(assembled(line, items)[0])
    if "X" not in text:
        assert bare("\n".join(made)) == bare(text)
    markup.parse("\n".join(made))


# A token as engines have been seen to bend it, and could: the thing is still in its place.
# fmt: off
BENT = ["[X0X]", "[x0x]", "[ X0X ]", "[X 0 X]", "［X0X］", "【X0X】", "(X0X)", "[Х0Х]", "[х0х]", "[X٠X]", "[X۰X]",
        "[0]", "[X0]", "［0］", "« X0X »", "[×0×]", "{X0X}", "<X0X>"]
# fmt: on


@pytest.mark.parametrize("bent", BENT)
def test_a_bent_token_is_read(bent: str) -> None:
    line = only_line("Kommen Sie zur VHS heute")
    made = Bracketed().read(f"Приходьте в {bent} сьогодні", line.things)
    assert made == ["Приходьте в ", 0, " сьогодні"]
    assert assembled(line, made) == ("Приходьте в VHS сьогодні", [])


BROKEN = {
    "left out": ("Приходьте сьогодні", [(Doubt.LOST, "VHS")]),
    "said twice": ("[X0X] і [X0X]", [(Doubt.DOUBLED, "VHS")]),
    "half of it": ("в [X0 сьогодні", [(Doubt.LOST, "VHS"), (Doubt.STRANGE, "[X0")]),
    "without brackets": ("в X0X сьогодні", [(Doubt.LOST, "VHS"), (Doubt.STRANGE, "X0X")]),
    "another number": ("в [X5X] сьогодні", [(Doubt.LOST, "VHS"), (Doubt.STRANGE, "")]),
    "one too many": ("в [X0X] і [X1X]", [(Doubt.STRANGE, "")]),
    "in words": ("в [нуль] сьогодні", [(Doubt.LOST, "VHS")]),
    "brackets alone": ("в [] сьогодні", [(Doubt.LOST, "VHS")]),
    "cut in two": ("в [X] 0 [X] сьогодні", [(Doubt.LOST, "VHS")]),
    "translated": ("в [Ікс0Ікс] сьогодні", [(Doubt.LOST, "VHS")]),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_token_is_noticed(how: str) -> None:
    made, doubts = BROKEN[how]
    line = only_line("Kommen Sie zur VHS heute")
    items = Bracketed().read(made, line.things)
    assert list(doubts_about_things(items, line.items, line.things)) == doubts
    assert assembled(line, items)[0].count("VHS") == (doubts[0][0] is not Doubt.LOST)


def doubts_of(text: str, made: str, style: Tokens) -> tuple[str, set[tuple[Doubt, str]]]:
    line = only_line(text)
    items = style.read(made, line.things)
    markup_, lost = assembled(line, items)
    markup.parse(markup_)  # readable, whatever was done to it
    return markup_, {*doubts_about_things(items, line.items, line.things), *lost}


BOLD = "Kommen <b>Sie</b> bitte <i>heute</i> noch"
SPANS: Sequence[tuple[str, str, set[tuple[Doubt, str]]]] = [
    ("a [X0X]b[X1X] c [X2X]d[X3X] e", "a <b>b</b> c <i>d</i> e", set()),
    ("[X2X]d[X3X] a [X0X]b[X1X]", "<i>d</i> a <b>b</b>", set()),
    ("a [X0X] b [X1X]c[X2X] d [X3X]e", "a <b>b</b> c <i>d</i> e", set()),
    ("a [X0X]b c [X2X]d[X3X] e", "a b c <i>d</i> e", {(Doubt.MARKUP, "</b>"), (Doubt.MARKUP, "<b>")}),
    ("a b[X1X] c [X2X]d[X3X] e", "a b c <i>d</i> e", {(Doubt.MARKUP, "<b>")}),
    ("a [X1X]b[X0X] c [X2X]d[X3X] e", "a b c <i>d</i> e", {(Doubt.MARKUP, "<b>")}),
    ("a [X0X]b [X2X]c[X1X] d[X3X] e", "a <b>b c</b> d e", {(Doubt.MARKUP, "<i>")}),
    ("a [X0X][X1X] b [X2X]d[X3X] e", "a  b <i>d</i> e", {(Doubt.MARKUP, "<b>")}),
    ("a [X0X]b[X1X] c d e", "a <b>b</b> c d e", {(Doubt.MARKUP, "<i>"), (Doubt.MARKUP, "</i>")}),
]


@pytest.mark.parametrize(("made", "markup_", "doubts"), SPANS)
def test_a_span_stays_or_is_missed_and_the_markup_can_always_be_read(
    made: str, markup_: str, doubts: set[tuple[Doubt, str]]
) -> None:
    assert doubts_of(BOLD, made, Bracketed()) == (markup_, doubts)


@pytest.mark.parametrize(
    ("made", "markup_"),
    [
        ("a <g0>b</g0> c <g2>d</g2>", "a <b>b</b> c <i>d</i>"),
        ("a < g0 >b</ g0> c <g2>d</g2>", "a <b>b</b> c <i>d</i>"),
        ("a &lt;g0&gt; <g0>b &amp; c</g0> <g2>d</g2>", "a {<}g0> <b>b & c</b> <i>d</i>"),
    ],
)
def test_tags_come_back(made: str, markup_: str) -> None:
    assert doubts_of(BOLD, made, Tagged()) == (markup_, set())


@pytest.mark.parametrize(
    "made", ["a b", "</g0>b<g0> <g2>d</g2>", "<g0>b <g2>c</g0> d</g2>", "<g0>b</g7> <g9>c</g2>", "<g0/>"]
)
def test_broken_tags_are_noticed(made: str) -> None:
    assert doubts_of(BOLD, made, Tagged())[1]


def test_both_forms_of_an_empty_tag_are_read() -> None:
    line = only_line("Kommen Sie zur VHS heute")
    for made in ("a <x0/> b", "a <x0></x0> b", "a <x0 /> b"):
        assert Tagged().read(made, line.things) == ["a ", 0, " b"]


@given(st.text("ab [X01]/<gx>{}()", max_size=40), st.sampled_from(STYLES))
def test_nothing_an_engine_says_makes_markup_that_cannot_be_read(made: str, style: Tokens) -> None:
    doubts_of('a {name} <b>b <i>c</i></b> <a href="{link}">d</a> VHS', made, style)
