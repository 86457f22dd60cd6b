"""Where the sentences of a paragraph begin and end."""

import sentencex

from index.model import Span


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
