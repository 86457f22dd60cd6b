"""`.mhtml`: a page saved by a browser as one file, with its pictures."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedIOBase

from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.extraction.mime import Part, leaves, read_message
from index.sources.files import read_whole
from index.sources.html import PAGE_TYPES, read_page
from index.sources.reader import ItemContext, SourceReader

_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_SENT = re.compile(rb"^(to|received|message-id|delivered-to):", re.IGNORECASE | re.MULTILINE)


class MhtmlReader(SourceReader):
    """Reads pages saved as MHTML."""

    kind = "mhtml"
    suffixes = (".mhtml", ".mht")
    mime_types = ("multipart/related", "application/x-mimearchive")
    seconds_per_megabyte = 0.3

    def sniff(self, head: bytes) -> bool:
        """True if there are the headers of a page with its pictures, which nobody has sent."""
        headers = _HEADERS.match(head)
        return bool(headers and _RELATED.search(headers[0]) and not _SENT.search(headers[0]))

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:
        """The one article: that of the page, without those in its frames."""
        message = read_message(read_whole(file))
        address = _address(message, "Snapshot-Content-Location")
        pages = [part for part in leaves(message) if part.content_type in PAGE_TYPES]
        if not pages:
            raise CoverageError("it contains no page; save the page again, as .html")
        page = next((one for one in pages if address and _address(one) == address), pages[0])
        url = context.details.url or address or _address(page)
        article = read_page(page.data(), page.charset, url)
        yield article if article.title else replace(article, title=message.header("Subject"))


def _address(part: Part, name: str = "Content-Location") -> str:
    address = "".join(part.header(name).split())
    return address if address.startswith(("http://", "https://")) else ""
