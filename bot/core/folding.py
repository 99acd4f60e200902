"""Makes what people type comparable: letters, numbers, and words on one line."""

from __future__ import annotations

from unicodedata import category, combining, decimal, normalize

_APOSTROPHES = "'’‘ʼ‛`´ʹʻʾʿ′"
_ALIKE = {
    # Arabic, Persian, Urdu, Pashto and Sorani have several code points for one letter, and keyboards mix them.
    "ي": "ىیېۍێے",
    "و": "ۆ",
    "ك": "کڪ",
    "ا": "ٱ",
    "ه": "ةەہھۃ",
    # Letters that Unicode does not decompose, although people type them without their mark.
    "i": "ı",
    "г": "ґ",
    "o": "ø",
    "l": "ł",
    "d": "đ",
    "ae": "æ",
    "oe": "œ",
}
_LETTERS = {variant: letter for letter, variants in _ALIKE.items() for variant in variants}
_VANISH = frozenset(
    _APOSTROPHES + "ـ\u034f"
)  # tatweel and the invisible joiner U+034F only stretch or join, they carry no meaning
_VARIATION = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLUS, _MINUS = frozenset("+＋﹢"), frozenset("-−－﹣")
_MOST_DIGITS = 9


def fold(text: str) -> str:
    """The text as it is compared: no case, diacritics, letter variants, punctuation, emoji or extra spaces.

    Apostrophes vanish ("п'ять" is "пять"). Other punctuation and emoji separate words. Digits of any script become
    0-9. Mathematical and currency signs stay ("< 5" is not "> 5"). Folding twice changes nothing more.
    """
    plain = normalize("NFKD", text.replace("´", "'"))  # NFKD would turn this sign into a space
    letters = normalize("NFKD", plain.casefold())
    return " ".join(normalize("NFKD", "".join(map(_folded, letters))).split())


def _folded(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    if char in _VANISH or _is_mark(char):
        return ""
    kind = category(char)
    if kind == "Nd":
        return str(decimal(char))
    if kind[0] == "C":
        return "" if kind == "Cf" else " "
    if kind[0] == "P" or kind in {"So", "Sk"}:
        return " "
    return _LETTERS.get(char, char)


def _is_mark(char: str) -> bool:
    """Whether the sign only decorates a letter. Vowel signs, nukta and kana voicing change the word, so they stay."""
    position = combining(char)
    if 10 <= position <= 36 or position >= 200:  # noqa: PLR2004 -- Unicode's classes: Hebrew to Syriac points; above, below
        return True
    return category(char) == "Me" or any(ord(char) in block for block in _VARIATION)


def whole_number(text: str) -> int | None:
    """The whole number that the text is, in digits of any script and with an optional sign. None if it is not one.

    Spaces around it and invisible direction marks do not matter. Nothing is guessed: grouping marks, fractions, units
    and number words give None. So do more than nine digits: no question asks for them, and a database column may not
    hold them.
    """
    visible = "".join(char for char in text if category(char) != "Cf").strip()
    sign, digits = (visible[:1], visible[1:]) if visible[:1] in _PLUS | _MINUS else ("", visible)
    found = number(digits)
    return -found if found is not None and sign in _MINUS else found


def number(word: str) -> int | None:
    """The number in a word of a button or page: at most nine digits and nothing else. None for anything else.

    Buttons can be forged, and a larger number is an error in the database.
    """
    return int(word) if word.isdecimal() and len(word) <= _MOST_DIGITS else None


def one_line(text: str) -> str:
    """A person's words on one line, without anything that could break storage or disturb the text around it.

    White space is collapsed. Control characters, lone surrogates, and bidirectional embeddings, overrides and
    isolates are removed. Joiners stay (Persian and emoji need them). Words with nothing visible give "".
    """
    kept = "".join(
        char for char in text if char.isspace() or (char not in _BIDI and category(char) not in {"Cc", "Cs"})
    )
    line = " ".join(kept.split())
    return line if any(category(char)[0] not in "MZ" and category(char) != "Cf" for char in line) else ""


def lines(text: str) -> str:
    """A person's words with their lines, each cleaned by `one_line`. At most one empty line separates two others."""
    kept: list[str] = []
    for line in map(one_line, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")
