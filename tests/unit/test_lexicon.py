"""A lexicon gives the very terms of the analyzer, as numbers."""

import tomllib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.analyzer import STOP_WORDS, SYNONYMS, Analyzer
from index.analysis.forward_index import ForwardIndex, join
from index.analysis.lexicon import FIRST_TERM, Lexicon, SeenTerms, stop_word_id
from index.analysis.sentences import split_sentences
from index.analysis.vocabulary import added
from index.model import Span

_ANALYZER = Analyzer()
_COMMON_TERMS = sorted(STOP_WORDS, key=stop_word_id)
_SYNONYMS = [
    spelling
    for name, spellings in tomllib.loads(SYNONYMS.read_text("utf-8")).items()
    for spelling in (name, *spellings)
]

_ODD = """
    US us U.S. U.S.A. WHO who's TikTok’s can't can´t won`t 1,000 40% 2.5 i.e. a.m. Beyoncé Łódź
    naïve ﬁne 漢字 x_y so\u00adft ze\u200bro ends. SHOUTED IT ¨ ﷺ United States of
"""

_word = st.one_of(
    st.sampled_from(_SYNONYMS),
    st.sampled_from(_COMMON_TERMS),
    st.sampled_from(_ODD.split()),
    st.text(max_size=6),
)
_text = st.lists(st.tuples(_word, st.sampled_from([" ", "\n", "\u00a0", "-", ". ", ""]))).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)
_texts = st.lists(_text, max_size=5)

Terms = list[list[list[tuple[str, bool]]]]  # of texts, of their sentences: and whether common


def analysed(texts: Sequence[str]) -> Terms:
    """What the analyzer has for each sentence of each text."""
    return [
        [
            [(token.term, token.is_stop_word) for token in _ANALYZER.tokens(span.of(text))]
            for span in split_sentences(text) or [Span(0, len(text))]
        ]
        for text in texts
    ]


def spelt_out(forward: ForwardIndex, met: SeenTerms) -> Terms:
    """The same of what a lexicon read."""
    terms = [(term, True) for term in _COMMON_TERMS] + [(term, False) for term in met.terms]
    sentences = [
        [terms[number] for number in forward.tokens[start:end].tolist()]
        for start, end in zip(forward.sentences, forward.sentences[1:], strict=False)
    ]
    return [
        sentences[start:end] for start, end in zip(forward.texts, forward.texts[1:], strict=False)
    ]


@given(texts=_texts)
def test_it_reads_what_the_analyzer_reads(texts: list[str]) -> None:
    lexicon = Lexicon()
    read = lexicon.read(texts)
    assert len(read) == len(texts)
    assert spelt_out(read, lexicon.met) == analysed(texts)
    assert [*lexicon.met.terms.values()] == [
        *range(FIRST_TERM, FIRST_TERM + len(lexicon.met.terms))
    ]
    spans = [
        (span.start, span.end)
        for text in texts
        for span in split_sentences(text) or [Span(0, len(text))]
    ]
    assert [*map(tuple, read.spans.tolist())] == spans


@pytest.mark.parametrize("spelling", [one for one in _SYNONYMS if " " in one])
def test_a_synonym_of_several_words_is_one_term(spelling: str) -> None:
    lexicon = Lexicon()
    text = f"There, the {spelling} again"
    assert spelt_out(lexicon.read([text]), lexicon.met) == analysed([text])
    assert len(lexicon.read([spelling]).tokens) == 1


def test_what_is_forgotten_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.analysis.lexicon._KEPT", 3)
    lexicon, texts = Lexicon(), [f"{_ODD} {spelling}." for spelling in _SYNONYMS]
    for _ in range(2):
        assert spelt_out(lexicon.read(texts), lexicon.met) == analysed(texts)


@given(texts=_texts)
def test_the_words_are_those_that_were_read(texts: list[str]) -> None:
    lexicon = Lexicon()
    lexicon.read(texts)
    terms = {number: term for term, number in lexicon.met.terms.items()}
    for (word, written), number in zip(lexicon.met.words.items(), lexicon.met.term_of, strict=True):
        assert word == written.lower()
        assert terms[number] == _ANALYZER.token(written).term


@given(texts=_texts, more=_texts)
def test_terms_that_are_known_keep_their_ids(texts: list[str], more: list[str]) -> None:
    first, then = Lexicon(), Lexicon()
    read = first.read(texts)
    before, _ = added([], first.met)
    further = then.read(more)
    new, ids = added([before], then.met)
    both = join([read, further.renumbered(ids)])
    whole = before.joined(new)
    met = SeenTerms({term: number for number, term in enumerate(whole.terms, FIRST_TERM)})
    assert spelt_out(both, met) == analysed([*texts, *more])
    assert len(met.terms) == len(whole.terms)
    assert [whole.terms[at] for at in whole.order.tolist()] == sorted(met.terms)
    assert whole.words[:] == sorted({*first.met.words, *then.met.words})
    for word, written, number in zip(whole.words, whole.written, whole.term_of, strict=True):
        assert written == (first.met.words.get(word) or then.met.words[word])
        assert whole.term(int(number)) == _ANALYZER.token(written).term


@given(shares=st.lists(_texts, max_size=4))
def test_what_several_read_is_what_one_reads(shares: list[list[str]]) -> None:
    whole, parts = Lexicon(), []
    for texts in shares:
        apart = Lexicon()
        read = apart.read(texts)
        parts.append(read.renumbered(whole.take_in(apart.met)))
    alone = Lexicon()
    texts = [text for share in shares for text in share]
    expected = alone.read(texts)
    joined = join(parts)
    assert spelt_out(joined, whole.met) == spelt_out(expected, alone.met)
    assert np.array_equal(joined.spans, expected.spans)
    assert whole.met == alone.met
