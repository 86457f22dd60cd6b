"""Splits paragraphs into sentences."""

import sentencex

from index.analysis.languages import ENGLISH
from index.model import Span


def split_sentences(text: str, language: str = ENGLISH) -> list[Span]:
    """The sentences of `text` in order, without surrounding white space; none for a blank text.

    Every character that is not white space lies in exactly one span.
    """
    return [
        Span(start, start + len(sentence)) for start, sentence in split_with_offsets(text, language)
    ]


def split_with_offsets(text: str, language: str) -> list[tuple[int, str]]:
    """The same as `split_sentences`, as offsets and texts, which is faster."""
    found = []
    after = 0
    for part in sentencex.segment(language, text):
        if sentence := part.strip():
            found.append((after + part.index(sentence), sentence))
        after += len(part)
    return found
