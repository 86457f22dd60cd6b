"""Checks whatever a reader yields, of any kind, before it is stored, shown or sent on.

What comes from outside can hold anything: half a character, which cannot be encoded; control
characters, which a terminal obeys; a headline of megabytes. An odd character costs itself, an odd
field that field, and an article that cannot be kept the article.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from index.errors import CoverageError
from index.model import CoverageWarning, ExtractedArticle, Skipped
from index.sources.characters import is_odd, readable
from index.sources.reader import SourceEntry

_MAX_TEXT = 4_000_000  # characters of an article: some 700,000 words, as many as in any book
_MAX_ID = 500
_MAX_REASON = 1_000
_MAX_BAD_IN_A_ROW = 100  # lines of an archive: with so many, it is something else


def within_reason(entries: Iterable[SourceEntry], path: str) -> Iterator[SourceEntry]:
    """The entries that a reader yields of the item at `path`.

    Raises CoverageError, and nothing else: for any fault of the reader, and for an archive with too
    many bad lines in a row, which are then told as one.
    """
    bad: list[Skipped] = []  # the last entries
    try:
        for entry in entries:
            if isinstance(entry, Skipped):
                bad.append(entry)
                if len(bad) == _MAX_BAD_IN_A_ROW:
                    break
            else:
                yield from bad
                bad.clear()
                yield entry
    except CoverageError:
        yield from bad
        raise
    except Exception as error:
        yield from bad
        raise unexpected(error) from error
    if len(bad) == _MAX_BAD_IN_A_ROW:
        raise _given_up(bad, path)
    yield from bad


def _given_up(bad: list[Skipped], path: str) -> CoverageError:
    first = bad[0].name.removeprefix(path).strip(" :")
    return CoverageError(
        f"the rest is not read: {len(bad)} entries in a row cannot be, from {first} on, of which "
        f"{bad[0].reason}"
    )


def checked(entry: SourceEntry) -> SourceEntry:
    """The entry of a reader with clean text in every field.

    Raises CoverageError for an article that is too long.
    """
    match entry:
        case ExtractedArticle():
            return _checked_article(entry)
        case Skipped():
            return clean_report(entry)
        case _:
            return entry


_Report = TypeVar("_Report", Skipped, CoverageWarning)


def clean_report(one: _Report) -> _Report:
    """A skipped item or a warning with clean text: names of files can hold anything too."""
    return replace(
        one, name=_one_line(one.name, _MAX_REASON), reason=_one_line(one.reason, _MAX_REASON)
    )


def _checked_article(article: ExtractedArticle) -> ExtractedArticle:
    texts = [block.text for block in article.blocks]
    check_length(*texts)
    changed: dict[str, Any] = {}
    if any(map(is_odd, texts)):
        blocks = (replace(block, text=readable(block.text).strip()) for block in article.blocks)
        changed["blocks"] = tuple(block for block in blocks if block.text)
    for name, (limit, shorten) in _FIELDS.items():
        value = getattr(article, name)
        if len(value) > limit or not value.isprintable():
            changed[name] = shorten(value, limit)
    if article.unknown_keys:
        changed["unknown_keys"] = tuple(_one_line(key, _MAX_ID) for key in article.unknown_keys)
    if article.problems:
        changed["problems"] = tuple(_one_line(one, _MAX_REASON) for one in article.problems)
    return replace(article, **changed) if changed else article


def check_length(*texts: str) -> None:
    """Raise CoverageError for the texts of an article that are too long together."""
    if sum(map(len, texts)) > _MAX_TEXT:
        raise CoverageError(f"its text is longer than {_MAX_TEXT:,} characters; split it")


def _one_line(text: str, limit: int) -> str:
    if len(text) <= limit and text.isprintable():
        return text
    line = " ".join(readable(text[: 2 * limit]).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _or_empty(text: str, limit: int) -> str:
    """`text`, which is an identifier, or nothing: a part of it would be another."""
    return " ".join(readable(text).split()) if len(text) <= limit else ""


# The longest value of each field, and what becomes of a longer one. No headline or byline is that
# long; browsers and servers refuse longer addresses.
_FIELDS: MappingProxyType[str, tuple[int, Callable[[str, int], str]]] = MappingProxyType(
    {
        "id": (_MAX_ID, _or_empty),
        "title": (500, _one_line),
        "publisher": (200, _one_line),
        "author": (500, _one_line),
        "published": (50, _one_line),
        "url": (4_000, _or_empty),
    }
)


def unexpected(error: Exception) -> CoverageError:
    """The error for a fault of a reader, or of a library that it uses."""
    if isinstance(error, MemoryError):
        return CoverageError("reading it takes too much memory; split it, or save it as plain text")
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {frames[-1].name}" if frames else ""
    return CoverageError(
        f"it cannot be read ({type(error).__name__}{where}); save it as plain text"
    )
