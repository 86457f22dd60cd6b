"""`.docx`: a document of Word, such as a press release."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedIOBase, BytesIO

from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.files import read_whole
from index.sources.reader import ItemContext, SourceReader

_SIGNATURE = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"  # begins the entry of a part
_MAX_PARTS = 10_000
_MAX_PART_BYTES = 32 << 20  # unpacked: a document of 700,000 words has 20 MiB


class DocxReader(SourceReader):
    """Reads documents of Word."""

    kind = "docx"
    suffixes = (".docx",)
    mime_types = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)
    seconds_per_megabyte = 0.3

    def sniff(self, head: bytes) -> bool:
        """True if it is a zip file with the parts of a document."""
        return head.startswith(_SIGNATURE) and (b"[Content_Types].xml" in head or b"word/" in head)

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:  # noqa: ARG002 - XML declares its encoding
        """The one article; only its text is unpacked, never more than a document has."""
        from index.sources.extraction.word import read_word  # noqa: PLC0415 - slow to import

        data = read_whole(file)
        if data.count(_ENTRY) > _MAX_PARTS:
            raise CoverageError(f"it has more than {_MAX_PARTS:,} parts; save it as plain text")
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                yield read_word(lambda name: _unpack(archive, name))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise CoverageError("it is damaged or no document; save it as .docx again") from error
        except (NotImplementedError, RuntimeError) as error:  # its compression, or a password
            raise CoverageError("it is protected or packed unusually; save it again") from error


def _unpack(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The part of that name; None if there is none. Raises CoverageError if it is too large."""
    try:
        with archive.open(name) as part:
            data = part.read(_MAX_PART_BYTES + 1)
    except KeyError:
        return None
    if len(data) > _MAX_PART_BYTES:
        raise CoverageError(
            f"it unpacks to more than {_MAX_PART_BYTES >> 20} MiB of text; save it as plain text"
        )
    return data
