"""From a file of any kind to its articles."""

import re
from collections.abc import Iterator
from io import BufferedIOBase

import xxhash

from index.errors import CoverageError
from index.model import ExtractedArticle, Skipped, UnchangedLine
from index.sources.details import Details
from index.sources.files import decode, read_whole
from index.sources.jsonl import Recall, read_jsonl

# What is read differently after a change here must be read again: count up with such a change.
VERSION = 1

_KINDS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
}
SUFFIXES = tuple(_KINDS)

# Where a page says in which encoding it is written, and how far from its beginning.
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.ASCII | re.IGNORECASE)
_HEAD = 4096


def kind_of(name: str, default: str = "") -> str:
    """The kind of file that a name tells, else `default`. Raises CoverageError for none."""
    kind = next((kind for end, kind in _KINDS.items() if name.lower().endswith(end)), default)
    if kind:
        return kind
    raise CoverageError(
        f"its kind is unknown; name it {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
    )


def read_articles(  # noqa: PLR0913, PLR0917 - what is known of the file
    file: BufferedIOBase,
    kind: str,
    name: str,
    details: Details,
    charset: str = "",
    recall: Recall = lambda *_: "",
) -> Iterator[ExtractedArticle | Skipped | UnchangedLine]:
    """The articles in `file`, each with `details` over what the file says of it.

    A page without any paragraph comes too, for its left-out blocks to be seen. Raises CoverageError
    where the file cannot be read as `kind`. `name` stands for it in what is skipped; `charset` is
    the encoding that is claimed for it, or empty. Of an archive, what is recalled is not read.
    """
    if kind == "jsonl":
        # A line may be read differently with other details, or a later version.
        seed = xxhash.xxh3_64_intdigest(f"{VERSION} {details!r}".encode())
        for one in read_jsonl(file, name, recall, seed):
            yield details.over(one) if isinstance(one, ExtractedArticle) else one
    else:
        yield details.over(_read_page(file, kind, details, charset))


def _read_page(file: BufferedIOBase, kind: str, details: Details, charset: str) -> ExtractedArticle:
    data = read_whole(file)
    if kind == "html" and not charset and (declared := _DECLARED.search(data, 0, _HEAD)):
        charset = declared[1].decode("ascii")
    text = decode(data, charset)
    if kind == "html":
        from index.sources.extraction.html import read_html  # noqa: PLC0415 - slow to import

        return read_html(text, details.url or "")
    if kind == "markdown":
        from index.sources.markdown import read_markdown  # noqa: PLC0415 - slow to import

        return read_markdown(text)
    from index.sources.text import read_text  # noqa: PLC0415 - slow to import

    return read_text(text, details.title or "")
