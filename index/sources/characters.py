"""Makes decoded text readable: removes and repairs characters that nobody sees or means."""

import re
import unicodedata

# Control characters, soft hyphens and other invisible marks, halves of surrogate pairs, and code
# points that never are characters. Joiners stay: scripts and emoji need them.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u2060\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
    "|(?<=[!-\u024f])\u200b(?=[!-\u024f])"  # in other scripts it parts words
)
_SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_C1 = re.compile("[\x80-\x9f]")
_TERMINAL_CODE = re.compile(r"\x1b\[[\d;]*[a-zA-Z]")
# A UTF-8 sequence of two to four bytes, each of which was decoded as Latin-1.
_TWICE_ENCODED = re.compile(
    "[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def readable(text: str) -> str:
    """`text` without odd characters, with composed accents and line feeds at the ends of lines.

    Characters from U+0080 to U+009F are taken for what they were before a text was decoded as
    Latin-1, as browsers do with references. Visible mojibake stays: it is what the page shows.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _C1.search(text) and any(_C1.search(one[0]) for one in _TWICE_ENCODED.finditer(text)):
        text = _TWICE_ENCODED.sub(_decoded_again, text)
    if "\x1b" in text:
        text = _TERMINAL_CODE.sub("", text)
    return unicodedata.normalize("NFC", _ODD.sub(_replacement, text))


def is_odd(text: str) -> bool:
    """True if `text` has odd characters, which `readable` removes."""
    # The method is far faster than the expression, and true of most texts.
    return not text.isprintable() and _ODD.search(text) is not None


def count_controls(text: str) -> int:
    """The number of control and replacement characters, of which binary data has many."""
    return len(_CONTROLS.findall(text))


def _decoded_again(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode("utf-8", "replace")


def _replacement(found: re.Match[str]) -> str:
    char = found[0]
    if char in _SPACES:
        return " "
    if "\x80" <= char <= "\x9f":
        return char.encode("latin-1").decode("cp1252", "ignore")
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= char <= "\udfff" else ""
