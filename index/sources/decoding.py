"""Decodes the bytes of a file: as they are declared, else as what fits their language."""

import codecs
import re

from index.errors import CoverageError
from index.sources.characters import count_controls, readable

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),  # before utf-16, whose mark is a prefix of it
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_PADDING = b"\0\x1a"  # of an interrupted download; ends of files under CP/M
# Formats that may consist of printable characters only and still are not text to be read.
_NOT_TEXT = ((b"%PDF-", "PDF"), (b"%!PS", "PostScript"), (b"{\\rtf", "RTF"))
_BINARY = "it contains binary data; save it as plain text"
_FEW_CONTROLS = 3  # that any text of some length may have
_MAX_CONTROLS = 0.02  # share of the characters of a text
_MAX_CONTROLS_OF_FEW = 0.2  # share of the characters of a text with few controls
_MAX_BROKEN = 0.02  # share of the characters beyond ASCII that a text's true encoding lacks

# Character encodings that servers declare, in Python's spelling: Python also has codecs that are
# not character encodings, and some that are slow to decode.
_ACCEPTED = re.compile(r"utf-8|cp|iso8859|koi8|mac|big5|euc|gb|shift|tis")
# Declared encodings are often a subset of the actual one.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
_SAMPLE_BYTES = 100_000  # enough to guess an encoding
_TAG = re.compile(rb"<[^<>]*>")  # of a page: tags say nothing about its language
# Quotation marks and dashes of Windows, the same for all its encodings of alphabets: the bytes that
# get into a text of UTF-8 where somebody pastes a line.
_WINDOWS_MARKS = b"\x80\x82\x84\x85\x86\x87\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b"


def decode(data: bytes, charset: str = "") -> str:
    """Decode `data`: by its byte order mark, as UTF-8, as `charset`, or as the best guess.

    A few bytes that do not fit cost only themselves. Raises CoverageError for empty or binary data.
    """
    for mark, kind in _NOT_TEXT:
        if data.startswith(mark):
            raise CoverageError(f"it is a {kind} file; save it as plain text")
    text = _decode(data, charset)
    controls = count_controls(text)
    share = _MAX_CONTROLS if controls > _FEW_CONTROLS else _MAX_CONTROLS_OF_FEW
    if controls > share * len(text):
        raise CoverageError(_BINARY)
    text = readable(text)
    if not any(map(str.isalnum, text)):
        raise CoverageError("it is empty; save the article's text in it")
    return text


def _decode(data: bytes, charset: str) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "")
    encoding = encoding or _unmarked_utf16(data) or "utf-8"
    if not encoding.startswith("utf-8"):
        return data.decode(encoding, "replace")
    data = data.rstrip(_PADDING)
    try:
        return data.decode(encoding)  # before the declared one, which is wrong more often
    except UnicodeDecodeError as error:
        first = error.start
    lenient = data.decode(encoding, "replace")
    broken = lenient.count("\ufffd")
    if _beyond_ascii(lenient) >= 2 * broken:  # which count as well
        return data.decode(encoding, _STRAY)
    text = _decode_as(_declared(charset), data) or _decode_as(_guessed(data, first), data)
    if text:
        return text
    raise CoverageError("its encoding is unknown or broken; save it as UTF-8")


def _decode_as(encoding: str, data: bytes) -> str:
    """Decode `data`, if nearly all of it fits; "" if not, or for no encoding."""
    text = data.decode(encoding, "replace") if encoding else ""
    return text if _misfits(text) <= _MAX_BROKEN * _beyond_ascii(text) else ""


def _beyond_ascii(text: str) -> int:
    return sum(map("\x7f".__lt__, text))


def _misfits(text: str) -> int:
    """The number of characters that a text has only if it was decoded as something else."""
    return sum(char == "\ufffd" or "\x80" <= char <= "\x9f" for char in text)


def _stray(error: UnicodeError) -> tuple[str, int]:
    """The replacement for bytes that are not UTF-8, in a text that is."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - for mypy: it only decodes
    stray = error.object[error.start : error.end]
    is_mark = len(stray) == 1 and stray in _WINDOWS_MARKS
    return stray.decode("cp1252") if is_mark else "\N{REPLACEMENT CHARACTER}", error.end


_STRAY = "clipdesk-stray"
codecs.register_error(_STRAY, _stray)


def _declared(charset: str) -> str:
    """Python's name for a declared `charset`; empty if it is not an accepted encoding."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    name = _SUPERSETS.get(name, name)
    return name if _ACCEPTED.match(name) else ""


def _guessed(data: bytes, first: int) -> str:
    """The likely encoding of `data`, or empty; `first` is the first byte that is not UTF-8."""
    import chardet  # noqa: PLC0415 - slow to import, and rarely needed

    sample = data[max(0, first - _SAMPLE_BYTES // 2) : first + _SAMPLE_BYTES // 2]
    name = chardet.detect(_TAG.sub(b" ", sample))["encoding"] or ""
    return _declared(name)


def _unmarked_utf16(data: bytes) -> str:
    """The byte order of UTF-16 without a mark, empty for other data.

    Its Latin letters have their zero byte on one side.
    """
    if b"\0" not in data:
        return ""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) < len(data) // 8 or min(even, odd) > max(even, odd) // 8:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"
