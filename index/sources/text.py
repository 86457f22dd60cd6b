"""`.txt`: a page saved as plain text, with the menus and adverts around its article."""

from collections.abc import Iterator
from io import BufferedIOBase

from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.checking import check_length
from index.sources.decoding import decode
from index.sources.files import MAX_TEXT_BYTES, read_whole
from index.sources.reader import ItemContext, SourceReader

_HEAD_BLOCKS = 3  # where the title of a page stands


class TextReader(SourceReader):
    """Reads plain text."""

    kind = "text"
    suffixes = (".txt",)
    fallback_types = ("text/plain",)  # also sent for .md and .jsonl, by servers that know neither
    seconds_per_megabyte = 1.3

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[ExtractedArticle]:
        """The one article, or each document of an export.

        The title is guessed from the page where its owner gives none.
        """
        from index.sources.extraction import (  # noqa: PLC0415 - slow to import
            boilerplate,
            byline,
            page_kinds,
        )
        from index.sources.extraction.press_exports import (  # noqa: PLC0415 - as above
            split_documents,
        )

        text = decode(read_whole(file, MAX_TEXT_BYTES), context.charset)
        check_length(text)
        if documents := split_documents(text):
            yield from documents
            return
        blocks = boilerplate.split_blocks(text)
        title = context.details.title or boilerplate.guess_title(blocks)
        cleaned = boilerplate.clean(blocks, title)
        kept = [block.text for block in cleaned if block.kept]
        if kind := page_kinds.page_kind([title, *blocks[:_HEAD_BLOCKS]], kept):
            raise CoverageError(f"it is {kind}, not an article; save the article itself")
        yield byline.with_byline(ExtractedArticle(blocks=cleaned, title=title))
