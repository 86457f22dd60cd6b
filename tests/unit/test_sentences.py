"""Sentences by their offsets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.analysis.sentences import split_sentences


def test_abbreviations_decimals_and_quotations_do_not_end_a_sentence() -> None:
    text = (
        'Mr. Orrin of the U.S. Senate paid $1.5 million on Jan. 5. "It is done. We know it," '
        "he said. Nobody else did."
    )
    assert [span.of(text) for span in split_sentences(text)] == [
        "Mr. Orrin of the U.S. Senate paid $1.5 million on Jan. 5.",
        '"It is done. We know it," he said.',
        "Nobody else did.",
    ]


@given(st.text(max_size=200))
def test_every_visible_character_is_in_one_sentence(text: str) -> None:
    spans = split_sentences(text)
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "".join("".join(span.of(text) for span in spans).split()) == "".join(text.split())
