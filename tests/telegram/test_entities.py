"""Bold, italic and links that somebody writes become the content's own markup; everything else is words."""

from __future__ import annotations

import pytest
from telegram import MessageEntity

from bot.content.markup import parse, plain
from bot.telegram.entities import marked


def entity(kind: str, offset: int, length: int, url: str | None = None) -> MessageEntity:
    return MessageEntity(kind, offset, length, url=url)


@pytest.mark.parametrize(
    ("words", "entities", "wanted"),
    [
        ("<b> {x}", [], "{<}b> {{x}}"),
        ("fett und schräg", [entity("bold", 0, 4), entity("italic", 9, 6)], "<b>fett</b> und <i>schräg</i>"),
        ("👋 Hallo", [entity("bold", 3, 5)], "👋 <b>Hallo</b>"),
        (
            "alles beides",
            [entity("bold", 0, 12), entity("italic", 6, 6)],
            "<b>alles <i>beides</i></b>",
        ),
        ("gleich", [entity("italic", 0, 6), entity("bold", 0, 6)], "<i><b>gleich</b></i>"),
        (
            "hier",
            [entity("text_link", 0, 4, "https://a.example/x?y=1")],
            '<a href="https://a.example/x?y=1">hier</a>',
        ),
        ("hier", [entity("text_link", 0, 4, "http://a.example")], "hier"),
        ("hier", [entity("text_link", 0, 4, 'https://a.example/"><b>')], "hier"),
        ("@jemand #dort", [entity("mention", 0, 7), entity("hashtag", 8, 5)], "@jemand #dort"),
    ],
)
def test_words_keep_their_shape(words: str, entities: list[MessageEntity], wanted: str) -> None:
    found = marked(words, entities)
    assert plain(parse(found)) == words
    assert found.replace("<i><b>", "<b><i>").replace("</b></i>", "</i></b>") == wanted.replace(
        "<i><b>", "<b><i>"
    ).replace("</b></i>", "</i></b>")


@pytest.mark.parametrize(("offset", "length"), [(0, 3), (1, 2), (0, 1)])
def test_half_a_letter_or_a_span_that_cuts_one_loses_no_words(offset: int, length: int) -> None:
    for words in ("👋 Hallo", "\ud83d Hallo"):
        found = marked(words, [entity("bold", offset, length)])
        assert (
            found.replace("<b>", "")
            .replace("</b>", "")
            .encode("utf-16-le", "surrogatepass")
            .decode("utf-16-le", "surrogatepass")
            == words
        )
