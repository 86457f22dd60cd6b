"""Documents that Factiva exports as text, with the codes of their fields or without.

Fields: https://developer.dowjones.com/ ("Article fields"): HD is the headline, LP and TD the text.
"""

import re
from collections.abc import Iterator, Sequence

from index.model import Block, ExtractedArticle
from index.sources.details import one_line
from index.sources.extraction.line_groups import join_lines
from index.sources.written_dates import written_date

_END = re.compile(r"(?:AN\s+)?Document [A-Za-z]{2,}[A-Za-z0-9]*\d{6,}[A-Za-z0-9]*")
_CODES = frozenset({
    "AN", "ART", "BY", "CLM", "CO", "CR", "CT", "CY", "ED", "ET", "HD", "IN", "IPC", "IPD", "LA",
    "LP", "NS", "PD", "PG", "PUB", "RE", "RF", "SC", "SE", "SN", "TD", "VOL", "WC",
})  # fmt: skip
_CODED = re.compile(r"([A-Z]{2,3})(?:\s+(.*))?")
_WORDS = re.compile(r"\d[\d,.]* (?:words|Wörter|mots|palabras)")
_TIME = re.compile(r"\d\d?:\d\d( \w+)?")
_RIGHTS = re.compile(r"(?:copyright|©|\(c\))\s", re.IGNORECASE)
_FULL_LINE = 60  # characters
_BY = re.compile(r"by ", re.IGNORECASE)


def split(lines: Sequence[str]) -> list[list[str]]:
    """The lines of each document; none without the marks of an export."""
    documents: list[list[str]] = [[]]
    for line in lines:
        documents[-1].append(line.strip())
        if _END.fullmatch(line.strip()):
            documents.append([])
    # What comes after the last is no document.
    return [one for one in documents[:-1] if _is_coded(one) or any(map(_WORDS.fullmatch, one))]


def read(lines: Sequence[str]) -> ExtractedArticle:
    """The article of a document."""
    return _read_coded(lines) if _is_coded(lines) else _read_plain(lines)


def _is_coded(lines: Sequence[str]) -> bool:
    codes = {found[1] for line in lines if (found := _CODED.fullmatch(line))}
    return {"HD", "PD"} <= codes


def _read_coded(lines: Sequence[str]) -> ExtractedArticle:
    fields: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        found = _CODED.fullmatch(line)
        if found and found[1] in _CODES and found[1] not in fields:
            code = found[1]
            line = found[2] or ""  # noqa: PLW2901 - the rest of it
        fields.setdefault(code, []).append(line)
    title, author, publisher, published = (
        one_line(" ".join(fields.get(code, ()))) for code in ("HD", "BY", "SN", "PD")
    )
    text = [*fields.get("LP", ()), "", *fields.get("TD", ())]
    rest = (
        f"{code} {one_line(' '.join(its))}"
        for code, its in fields.items()
        if code not in {"LP", "TD"}
    )
    return ExtractedArticle(
        (*_left_out(rest), *map(Block, join_lines(text))),
        title=title,
        publisher=publisher,
        author=_BY.sub("", author, count=1),
        published=written_date(published),
    )


def _read_plain(lines: Sequence[str]) -> ExtractedArticle:
    """Read a document by its order: headline, author, words, date, publisher, rights, text."""
    words = next(at for at, line in enumerate(lines) if _WORDS.fullmatch(line))
    head = _last_group(lines[:words])
    author = _BY.sub("", head.pop(), count=1) if len(head) > 1 and _BY.match(head[-1]) else ""
    facts = [line for line in lines[words + 1 :] if line and not _TIME.fullmatch(line)]
    published = written_date(facts[0]) if facts else ""
    begin = _begin_of_text(lines, words + 1)
    return ExtractedArticle(
        (*_left_out(lines[:begin]), *map(Block, join_lines(lines[begin:-1]))),
        # Above it may be the name of a section, unless the line is full.
        title=" ".join(head[-2:] if len("".join(head[-2:-1])) > _FULL_LINE else head[-1:]),
        publisher=facts[1] if published and len(facts) > 1 else "",
        author=author,
        published=published,
    )


def _last_group(lines: Sequence[str]) -> list[str]:
    """The last lines without a blank one between them."""
    group: list[str] = []
    for line in reversed(lines):
        if line:
            group.insert(0, line)
        elif group:
            break
    return group


def _begin_of_text(lines: Sequence[str], first: int) -> int:
    """The line after the rights; without any, that after the first blank line."""
    for at in range(first, len(lines)):
        if _RIGHTS.match(lines[at]):
            return at + 1
    blank = (at for at in range(first, len(lines)) if not lines[at])
    return next(blank, first)


def _left_out(lines: Iterator[str] | Sequence[str]) -> Iterator[Block]:
    return (Block(line, "a field of the database") for line in lines if line)
