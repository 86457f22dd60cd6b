"""Texts that press databases export: many documents in one file, each with its fields.

Nexis and ProQuest put a name before each field ("BYLINE: …"); for Factiva, see `factiva`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.model import Block, ExtractedArticle
from index.sources.extraction import factiva
from index.sources.extraction.line_groups import join_lines
from index.sources.written_dates import written_date

_BEGIN = re.compile(
    r"\d+ (?:of|von|de|sur) \d+ (?:documents?|dokumente?n?|documentos?)"
    r"|(?:document|dokument|documento) \d+ (?:of|von|de|sur) \d+",
    re.IGNORECASE,
)
_END = re.compile(r"end of document", re.IGNORECASE)
_RULE = re.compile(r"[_=-]{20,}")

# What a named field holds, by its name; "" for what is of no use here.
_FIELDS = {
    "headline": "title", "title": "title", "byline": "author", "author": "author",
    "autor": "author", "publication title": "publisher", "publication date": "published",
    "document url": "url", "body": "text", "full text": "text",
} | dict.fromkeys((
    "abstract", "byline-location", "dateline", "edition", "first page", "highlight", "length",
    "links", "länge", "publication info", "publication year", "rubrik", "section", "series",
), "")  # fmt: skip
# Those that come after the text.
_LAST_FIELDS = frozenset({
    "classification", "company", "copyright", "correction-date", "country of publication",
    "database", "document-type", "document type", "geographic", "graphic", "industry", "issn",
    "journal code", "language", "language of publication", "last updated", "load-date",
    "location", "notes", "organization", "people", "person", "place of publication",
    "proquest document id", "publication subject", "publication-type", "publisher",
    "source type", "sprache", "subject", "update", "url",
})  # fmt: skip
_FIELD = re.compile(r"([A-ZÄÖÜ][\w -]{2,28}?): *(.*)", re.DOTALL)
_ALONE = re.compile(r"(?:body|graphic|classification|notes)", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:copyright|©|\(c\))\s", re.IGNORECASE)
_BY = re.compile(r"by ", re.IGNORECASE)
_OF_DATABASE = "a field of the database"


def split_documents(text: str) -> list[ExtractedArticle]:
    """The documents of an export, each with a text; none if `text` is no export."""
    lines = text.splitlines()
    if documents := _split(lines):
        articles = map(_read, documents)
    else:
        articles = map(factiva.read, factiva.split(lines))
    return [article for article in articles if any(block.kept for block in article.blocks)]


def _split(lines: Sequence[str]) -> list[Sequence[str]]:
    """The lines of each document; none without the marks of an export."""
    marks = [line.strip() for line in lines]
    begins = [at for at, mark in enumerate(marks) if _BEGIN.fullmatch(mark)]
    if begins:
        edges = [*begins, len(lines)]
    else:
        edges = [-1, *(at for at, mark in enumerate(marks) if _END.fullmatch(mark))]
    return [lines[begin + 1 : end] for begin, end in pairwise(edges)]


def _read(lines: Sequence[str]) -> ExtractedArticle:
    """The article of a document: what comes before its first field, its fields, and its text."""
    first = next((at for at, line in enumerate(lines) if _is_field(line.strip())), len(lines))
    title, publisher, published = _read_head(lines[:first])
    fields: dict[str, str] = {}
    blocks = [Block(text, _OF_DATABASE) for text in join_lines(lines[:first])]
    in_text = ended = False
    for paragraph in join_lines(lines[first:], begins=_is_field):
        name, value = _named(paragraph)
        field = _FIELDS.get(name)
        # A paragraph of the text may begin like a field whose name is a single word.
        ended = ended or (in_text and (name in _LAST_FIELDS or " " in name))
        if field == "text":
            in_text, ended = True, False
            blocks += _kept(value)
        elif ended or _is_apart(paragraph) or (name and not in_text):
            fields.setdefault(field or name, value)
            blocks.append(Block(paragraph, _OF_DATABASE))
        else:
            in_text = True
            blocks.append(Block(paragraph))
    return ExtractedArticle(
        tuple(blocks),
        title=fields.get("title") or title,
        publisher=fields.get("publisher") or publisher,
        author=_BY.sub("", fields.get("author", ""), count=1),
        published=written_date(fields.get("published", "")) or published,
        url=fields.get("url", ""),
    )


def _kept(value: str) -> Iterator[Block]:
    if value:
        yield Block(value)


def _is_field(line: str) -> bool:
    return bool(_named(line)[0]) or _is_apart(line)


def _is_apart(line: str) -> bool:
    return bool(_RIGHTS.match(line) or _RULE.fullmatch(line) or _END.fullmatch(line))


def _named(paragraph: str) -> tuple[str, str]:
    """The name of a field, in lower case, and its value; no name for other paragraphs."""
    if _ALONE.fullmatch(paragraph):
        return paragraph.lower(), ""
    if found := _FIELD.match(paragraph):
        name = found[1].lower()
        if name in _LAST_FIELDS or name in _FIELDS:
            return name, found[2]
    return "", ""


def _read_head(lines: Sequence[str]) -> tuple[str, str, str]:
    """The title, the publisher and the date; the date comes right after the publisher."""
    head = join_lines(lines)
    if len(head) == 1:
        head = [line.strip() for line in lines if line.strip()]
    dates = list(map(written_date, head))
    at = next((at for at, date in enumerate(dates) if date), None)
    if at is None:
        return "".join(head[-1:]), "", ""
    before, after = head[: max(at - 1, 0)], head[at + 1 :]
    # The title comes first, or last, after the edition.
    title = " ".join(before[-1:] or after[-1:])
    return title, head[at - 1] if at else "", dates[at]
