"""A mail -> an `ExtractedArticle`: its subject is the title, its sender the author."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from email.utils import parseaddr, parsedate_to_datetime

from lxml import etree

from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.decoding import decode
from index.sources.extraction import boilerplate
from index.sources.extraction.html import read_html
from index.sources.extraction.markup import parse
from index.sources.extraction.mime import Part, leaves, read_message
from index.sources.extraction.quotes import (
    drop_quotes,
    is_passed_on,
    plain_subject,
    split_quotes,
    without_footers,
)

_PLAIN = frozenset({"text/plain", "multipart/mixed", "multipart/alternative"})  # without parts
_MAX_DEPTH = 3  # of mails attached to mails
_MIN_SHARE = 0.5  # of the letters of the plain text, for the article found in HTML to be whole
_ADDRESS = re.compile(r"[<(\[]?https?://[^\s<>]+[>)\]]?")
_DOCUMENT = re.compile(r"\.(pdf|docx?|rtf|odt|txt|html?)\Z", re.IGNORECASE)
_HEADERS = ("From", "Subject", "Date", "Received", "Message-ID", "To", "MIME-Version")


def read_mail(data: bytes, depth: int = 0) -> Iterator[ExtractedArticle]:
    """The article of a mail, and those of the mails attached to it.

    Raises CoverageError if it is no mail.
    """
    message = read_message(data)
    if not any(name in message.headers for name in _HEADERS):
        raise CoverageError("it is not a mail; save it as plain text")
    parts = list(leaves(message))
    article = _body([part for part in parts if not part.is_attachment], message.header("Subject"))
    yield replace(
        article,
        blocks=without_footers(article.blocks),
        title=plain_subject(message.header("Subject")) or article.title,
        author=_sender(message),
        published=_date(message) or article.published,
        problems=tuple(_unread_attachments(parts)),
    )
    if depth < _MAX_DEPTH:
        for part in parts:
            if part.content_type == "message/rfc822":
                with suppress(CoverageError):  # an attachment that is something else
                    yield from read_mail(part.data(), depth + 1)


def _unread_attachments(parts: Iterable[Part]) -> Iterator[str]:
    names = [part.filename for part in parts if part.is_attachment]
    if listed := ", ".join(filter(_DOCUMENT.search, names)):
        yield f"its attachments are not read: {listed}; save them as files"


def _body(parts: list[Part], subject: str) -> ExtractedArticle:
    """The article of the first text that has one: HTML, where that is not only a part of it."""
    passed_on = is_passed_on(subject)
    page = plain = None
    for part in parts:
        if part.content_type == "text/html" and page is None:
            page = _read_page(part)
        elif part.content_type in _PLAIN and plain is None:
            plain = _read_plain(part, passed_on=passed_on)
    if page is None or (plain and _letters(page) < _MIN_SHARE * _letters(plain)):
        return plain or page or ExtractedArticle(())
    return page


def _read_page(part: Part) -> ExtractedArticle | None:
    with suppress(CoverageError):  # then the plain text counts
        tree = parse(decode(part.data(), part.charset))
        if tree is not None:
            drop_quotes(tree)
            return read_html(etree.tostring(tree, encoding="unicode", method="html"))
    return None


def _read_plain(part: Part, *, passed_on: bool) -> ExtractedArticle | None:
    with suppress(CoverageError):  # as above
        text, left_out = split_quotes(decode(part.data(), part.charset), passed_on=passed_on)
        blocks = boilerplate.clean(boilerplate.split_blocks(_without_addresses(text)))
        return ExtractedArticle((*blocks, *left_out))
    return None


def _without_addresses(text: str) -> str:
    """Links of plain text are addresses behind their words, each of hundreds of characters."""
    return _ADDRESS.sub("", text)


def _letters(article: ExtractedArticle) -> int:
    return sum(map(len, article.paragraphs))


def _sender(message: Part) -> str:
    name, address = parseaddr(message.header("From"))
    return name or address


def _date(message: Part) -> str:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime(message.header("Date")).date().isoformat()
    return ""
