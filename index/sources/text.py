"""`.txt`: a page saved as plain text, with all that stood around its article."""

from index.model import ExtractedArticle
from index.sources.extraction.boilerplate import clean, guess_title, split_blocks


def read_text(text: str, title: str = "") -> ExtractedArticle:
    """The article in `text`; `title` where it is known, else it is guessed from the page."""
    blocks = split_blocks(text)
    title = title or guess_title(blocks)
    return ExtractedArticle(blocks=clean(blocks, title), title=title)
