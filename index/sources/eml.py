"""`.eml`: a mail, such as a newsletter or a press release."""

import re
from collections.abc import Iterator
from io import BufferedIOBase

from index.model import ExtractedArticle
from index.sources.files import read_whole
from index.sources.reader import ItemContext, SourceReader

_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_SENT = re.compile(rb"^(to|received|message-id|delivered-to):", re.IGNORECASE | re.MULTILINE)


class EmlReader(SourceReader):
    """Reads mails."""

    kind = "mail"
    suffixes = (".eml",)
    mime_types = ("message/rfc822",)
    seconds_per_megabyte = 0.3

    def sniff(self, head: bytes) -> bool:
        """True if there are the headers of something that was sent."""
        headers = _HEADERS.match(head)
        return bool(headers and _SENT.search(headers[0]))

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:  # noqa: ARG002 - each part declares its own encoding
        """The article of the mail, and those of mails attached to it."""
        from index.sources.extraction.mail import read_mail  # noqa: PLC0415 - slow to import

        yield from read_mail(read_whole(file))
