"""Where the sentences of a paragraph begin and end, and what the analyzer makes of them."""

from dataclasses import dataclass

import sentencex

from index.analysis import Analyzer
from index.model import Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text: where it stands, its terms in order, and the terms of all its words.

    `terms` are those that are searched for; `words` has those of function words, too.
    """

    span: Span
    terms: tuple[str, ...]
    words: frozenset[str]


def analyse_sentences(analyzer: Analyzer, text: str) -> tuple[Sentence, ...]:
    """The sentences of `text`, never none: a text without any is one."""
    return tuple(
        _analyse(analyzer, text, span) for span in split_sentences(text) or [Span(0, len(text))]
    )


def _analyse(analyzer: Analyzer, text: str, span: Span) -> Sentence:
    tokens = analyzer.tokens(span.of(text))
    terms = tuple(token.term for token in tokens if not token.common)
    return Sentence(span, terms, frozenset(token.term for token in tokens))


def split_sentences(text: str) -> list[Span]:
    """Sentences of `text` in order, without surrounding white space; none for a blank text.

    A text whose end the splitter does not reach keeps its rest as one more sentence, so that every
    character that is not white space lies in exactly one span.
    """
    spans = []
    for boundary in sentencex.get_sentence_boundaries("en", text):
        sentence = text[boundary["start_index"] : boundary["end_index"]]
        start = boundary["start_index"] + len(sentence) - len(sentence.lstrip())
        if body := sentence.strip():
            spans.append(Span(start, start + len(body)))
    return spans
