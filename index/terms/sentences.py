"""Where the sentences of a paragraph begin and end."""

import sentencex

from index.model import Span


def split_sentences(text: str) -> list[Span]:
    """Sentences of `text` in order, without surrounding white space; none for a blank text.

    Every character that is not white space lies in exactly one span.
    """
    return [Span(start, end) for start, end in boundaries(text)]


def boundaries(text: str) -> list[tuple[int, int]]:
    """The same as pairs, which are faster made."""
    found = []
    after = 0
    for part in sentencex.segment("en", text):
        if body := part.strip():
            start = after + part.index(body)
            found.append((start, start + len(body)))
        after += len(part)
    return found
