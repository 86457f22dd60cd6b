"""Finds the texts of a MIME message, which is a mail or a page saved as MHTML.

Only texts are decoded. Pictures and attachments are passed over as they stand, so that their size
does not matter.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import collapse_rfc2231_value

from index.errors import CoverageError
from index.sources.details import one_line

_MAX_HEADERS = 1 << 20  # bytes
_MAX_HEADER = 10_000  # characters; longer ones are lists of receivers
_MAX_DEPTH = 10  # of parts within parts
_MAX_PARTS = 10_000
_MAX_TEXT = 16 << 20  # bytes of one text

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r|\A\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A message, or one part of it: its headers, and its content as it was sent."""

    headers: Message
    content: bytes

    @property
    def content_type(self) -> str:
        """The content type in lower case; text/plain where none is given."""
        return self.headers.get_content_type()

    @property
    def charset(self) -> str:
        """The declared character encoding, unchecked; empty if there is none."""
        with suppress(LookupError, UnicodeError, ValueError):
            return self.headers.get_content_charset() or ""
        return ""

    @property
    def is_attachment(self) -> bool:
        """True if it is meant to be saved, not shown."""
        return self.headers.get_content_disposition() == "attachment"

    @property
    def filename(self) -> str:
        """The name that an attachment is to be saved under; empty if there is none."""
        with suppress(LookupError, UnicodeError, ValueError):
            return one_line(self.headers.get_filename() or "")
        return ""

    def header(self, name: str) -> str:
        """A header as text on one line; empty if there is none."""
        value = str(self.headers.get(name, ""))[:_MAX_HEADER]
        with suppress(HeaderParseError, LookupError, UnicodeError, ValueError):
            value = str(make_header(decode_header(value)))
        return one_line(value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))

    def data(self) -> bytes:
        """The content, decoded. Raises CoverageError if it is too long."""
        if len(self.content) > _MAX_TEXT:
            raise CoverageError(f"its text is larger than {_MAX_TEXT >> 20} MiB; split it")
        message = Message()
        message["Content-Transfer-Encoding"] = self.header("Content-Transfer-Encoding")
        message.set_payload(self.content.decode("ascii", "surrogateescape"))
        payload = message.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""


def read_message(data: bytes) -> Part:
    """Parse the headers of a message. Raises CoverageError if it has none."""
    end = _END_OF_HEADERS.search(data, 0, _MAX_HEADERS)
    head = data[: end.end()] if end else data[:_MAX_HEADERS]
    return Part(BytesHeaderParser().parsebytes(head), data[len(head) :])


def leaves(part: Part, depth: int = 0) -> Iterator[Part]:
    """The parts without parts of their own, in order; `part` itself if it has none."""
    boundary = _boundary(part)
    if not boundary or depth == _MAX_DEPTH:
        yield part
        return
    mark = re.compile(rb"(?:\A|\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    start = None
    for number, found in enumerate(mark.finditer(part.content)):
        if start is not None:
            yield from leaves(read_message(part.content[start : found.start()]), depth + 1)
        start = found.end()
        if found[1] or number == _MAX_PARTS:
            return
    # Cut off, or, without any mark, in one piece.
    if start is None or start < len(part.content):
        rest = part if start is None else read_message(part.content[start:])
        yield from (leaves(rest, depth + 1) if start is not None else [rest])


def _boundary(part: Part) -> bytes:
    if part.headers.get_content_maintype() != "multipart":
        return b""
    boundary = part.headers.get_param("boundary")
    text = collapse_rfc2231_value(boundary) if boundary else ""
    return text.rstrip().encode("utf-8", "surrogateescape")
