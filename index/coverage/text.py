"""`.txt`: a page saved as plain text, with all that stood around its article."""

from index.coverage.cleaning import clean, guess_title, split_blocks
from index.model import Page


def read_text(text: str, title: str = "") -> Page:
    """The article in `text`; `title` where it is known, else it is guessed from the page."""
    blocks = split_blocks(text)
    title = title or guess_title(blocks)
    return Page(blocks=clean(blocks, title), title=title)
