"""`.html`: a page saved from the web as it was served."""

import re
from collections.abc import Iterator
from io import BufferedIOBase

from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.decoding import decode
from index.sources.files import read_whole
from index.sources.reader import ItemContext, SourceReader

PAGE_TYPES = ("text/html", "application/xhtml+xml")

# Where a page declares its encoding, and how far from its beginning.
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.ASCII | re.IGNORECASE)
_HEAD = 4096

_SIGNATURE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)
# Pictures and fonts within a saved page, by far its largest part.
_EMBEDDED = re.compile(rb"data:[\w.+/-]*+(?:;[\w=.-]*+)*+,[\w%+/=-]{200,}+")
_MAX_BYTES = 16 << 20  # of a page without them


class HtmlReader(SourceReader):
    """Reads web pages."""

    kind = "html"
    suffixes = (".html", ".htm", ".xhtml", ".shtml")
    mime_types = PAGE_TYPES
    seconds_per_megabyte = 0.3

    def sniff(self, head: bytes) -> bool:
        """True if the first tag is that of a page."""
        return _SIGNATURE.match(head) is not None

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:
        """The one article, decoded as the server says, else as the page itself declares."""
        yield read_page(read_whole(file), context.charset, context.details.url or "")


def read_page(data: bytes, charset: str, url: str) -> ExtractedArticle:
    """Extract the article of a page; `charset` is what it was sent with, or empty.

    Raises CoverageError for a page that is too big or cannot be analysed.
    """
    from index.sources.extraction.html import read_html  # noqa: PLC0415 - slow to import

    data = _EMBEDDED.sub(b"data:,", data)
    if len(data) > _MAX_BYTES:
        raise CoverageError(
            f"without its pictures, it is larger than {_MAX_BYTES >> 20} MiB; split it"
        )
    if not charset and (declared := _DECLARED.search(data, 0, _HEAD)):
        charset = declared[1].decode("ascii")
    return read_html(decode(data, charset), url)
