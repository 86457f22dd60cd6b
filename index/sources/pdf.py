"""`.pdf`: a printed page, a press release, a newspaper."""

from collections.abc import Iterator
from io import BufferedIOBase

from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.files import read_whole
from index.sources.reader import ItemContext, SourceReader

_SIGNATURE = b"%PDF-"


class PdfReader(SourceReader):
    """Reads PDF documents."""

    kind = "pdf"
    suffixes = (".pdf",)
    mime_types = ("application/pdf",)
    seconds_per_megabyte = 1.0
    needs_process = True  # PDFium is in C++, and for one thread at a time

    def sniff(self, head: bytes) -> bool:
        """True if it declares to be a PDF, as some do after a few bytes of something else."""
        return _SIGNATURE in head[:1024]

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:  # noqa: ARG002 - it describes itself
        """The one article. Raises CoverageError, also for scanned pages."""
        data = read_whole(file)
        if not self.sniff(data[:1024]):
            raise CoverageError("it is no PDF; save it as .pdf again")
        from index.sources.extraction.pdf import read_pdf  # noqa: PLC0415 - slow to import

        yield read_pdf(data)
