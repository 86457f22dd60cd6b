"""`.md`: an article written or clipped as Markdown, with front matter that describes it."""

import re
from collections.abc import Iterator
from io import BufferedIOBase

from index.model import ExtractedArticle
from index.sources.checking import check_length
from index.sources.decoding import decode
from index.sources.files import MAX_TEXT_BYTES, read_whole
from index.sources.reader import ItemContext, SourceReader

_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?---+[ \t]*\r?\n[\w-]+:")


class MarkdownReader(SourceReader):
    """Reads Markdown."""

    kind = "markdown"
    suffixes = (".md", ".markdown")
    mime_types = ("text/markdown",)
    seconds_per_megabyte = 0.3

    def sniff(self, head: bytes) -> bool:
        """True if there is front matter: without it, Markdown looks like plain text."""
        return _FRONT_MATTER.match(head) is not None

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:
        """The one article."""
        from index.sources.extraction.markdown import read_markdown  # noqa: PLC0415 - slow import

        text = decode(read_whole(file, MAX_TEXT_BYTES), context.charset)
        check_length(text)
        yield read_markdown(text)
