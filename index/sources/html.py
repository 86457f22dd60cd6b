"""`.html`: a page saved from the web as it was served."""

import re
from collections.abc import Iterator
from io import BufferedIOBase

from index.model import ExtractedArticle
from index.sources.decoding import decode
from index.sources.files import read_whole
from index.sources.reader import ItemContext, SourceReader

# Where a page declares its encoding, and how far from its beginning.
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.ASCII | re.IGNORECASE)
_HEAD = 4096

_SIGNATURE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)


class HtmlReader(SourceReader):
    """Reads web pages."""

    kind = "html"
    suffixes = (".html", ".htm")
    mime_types = ("text/html", "application/xhtml+xml")
    seconds_per_megabyte = 0.3

    def sniff(self, head: bytes) -> bool:
        """Whether the first tag is that of a page."""
        return _SIGNATURE.match(head) is not None

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:
        """The one article, decoded as the server says, else as the page itself declares."""
        from index.sources.extraction.html import read_html  # noqa: PLC0415 - slow to import

        data, charset = read_whole(file), context.charset
        if not charset and (declared := _DECLARED.search(data, 0, _HEAD)):
            charset = declared[1].decode("ascii")
        yield read_html(decode(data, charset), context.details.url or "")
