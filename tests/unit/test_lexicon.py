"""The lexicon produces the terms of the analyzer, as ids."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.analyzer import Analyzer, synonyms
from index.analysis.forward_index import ForwardIndex, join
from index.analysis.languages import LANGUAGES, STOP_WORDS
from index.analysis.lexicon import FIRST_TERM, Lexicon, SeenTerms, stop_word_id
from index.analysis.sentences import split_sentences
from index.analysis.vocabulary import new_vocabulary
from index.model import Span

_ANALYZER = Analyzer()
_STOP_WORDS = sorted(frozenset().union(*STOP_WORDS.values()), key=stop_word_id)
_SYNONYMS = [spelling for name, spellings in synonyms().items() for spelling in (name, *spellings)]

_ODD = """
    US us U.S. U.S.A. WHO who's TikTok’s can't can´t won`t 1,000 40% 2.5 i.e. a.m. Beyoncé Łódź
    naïve ﬁne 漢字 漢字漢字 x_y so\u00adft O'Neill l’eau 31m €2.5bn 12,000k 31,000,000 1½ B-52 co-op
    Covid19 MH-370 हिन्दी सि İzmir twenty-one 10\u202f500 $4K 1.000,5
    ze\u200bro ends. SHOUTED IT ¨ ﷺ United States of
"""

_word = st.one_of(
    st.sampled_from(_SYNONYMS),
    st.sampled_from(_STOP_WORDS),
    st.sampled_from(_ODD.split()),
    st.text(max_size=6),
)
_text = st.lists(st.tuples(_word, st.sampled_from([" ", "\n", "\u00a0", "-", ". ", ""]))).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)
_texts = st.lists(_text, max_size=5)

Terms = list[list[list[tuple[str, bool]]]]  # by text and sentence: terms, and whether stop words


def expected_terms(texts: Sequence[str]) -> Terms:
    """The analyzer's terms of each sentence of each text."""
    return [
        [
            [(token.term, token.is_stop_word) for token in _ANALYZER.tokens(span.of(text))]
            for span in split_sentences(text) or [Span(0, len(text))]
        ]
        for text in texts
    ]


def terms_of(forward: ForwardIndex, seen: SeenTerms) -> Terms:
    """The terms of each sentence of each text in a forward index."""
    terms = [(term, True) for term in _STOP_WORDS] + [(term, False) for term in seen.terms]
    sentences = [
        [terms[number] for number in forward.tokens[start:end].tolist()]
        for start, end in zip(forward.sentences, forward.sentences[1:], strict=False)
    ]
    return [
        sentences[start:end] for start, end in zip(forward.texts, forward.texts[1:], strict=False)
    ]


@given(texts=_texts)
def test_terms_are_those_of_the_analyzer(texts: list[str]) -> None:
    lexicon = Lexicon()
    read = lexicon.read(texts)
    assert len(read) == len(texts)
    assert terms_of(read, lexicon.seen) == expected_terms(texts)
    assert [*lexicon.seen.terms.values()] == [
        *range(FIRST_TERM, FIRST_TERM + len(lexicon.seen.terms))
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
    assert terms_of(lexicon.read([text]), lexicon.seen) == expected_terms([text])
    assert len(lexicon.read([spelling]).tokens) == 1


def test_evicted_words_are_analyzed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.analysis.lexicon._CACHED", 3)
    lexicon, texts = Lexicon(), [f"{_ODD} {spelling}." for spelling in _SYNONYMS]
    for _ in range(2):
        assert terms_of(lexicon.read(texts), lexicon.seen) == expected_terms(texts)


@given(texts=_texts, languages=st.permutations(LANGUAGES))
def test_each_language_has_its_own_terms(texts: list[str], languages: list[str]) -> None:
    lexicon = Lexicon()
    read = [lexicon.read(texts, language) for language in languages]
    for language, one in zip(languages, read, strict=True):
        analyzer = Analyzer(language)
        expected = [
            [
                [(token.term, token.is_stop_word) for token in analyzer.tokens(span.of(text))]
                for span in split_sentences(text, language) or [Span(0, len(text))]
            ]
            for text in texts
        ]
        assert terms_of(one, lexicon.seen) == expected


@given(texts=_texts)
def test_each_word_has_its_term(texts: list[str]) -> None:
    lexicon = Lexicon()
    lexicon.read(texts)
    terms = {number: term for term, number in lexicon.seen.terms.items()}
    for (word, written), number in zip(
        lexicon.seen.words.items(), lexicon.seen.term_of, strict=True
    ):
        assert word == written.lower()
        assert terms[number] == _ANALYZER.token(written).term


@given(texts=_texts, more=_texts)
def test_known_terms_keep_their_ids(texts: list[str], more: list[str]) -> None:
    first, then = Lexicon(), Lexicon()
    read = first.read(texts)
    before, _ = new_vocabulary([], first.seen)
    further = then.read(more)
    new, ids = new_vocabulary([before], then.seen)
    both = join([read, further.renumbered(ids)])
    whole = before.joined(new)
    seen = SeenTerms({term: number for number, term in enumerate(whole.terms, FIRST_TERM)})
    assert terms_of(both, seen) == expected_terms([*texts, *more])
    assert len(seen.terms) == len(whole.terms)
    assert [whole.terms[at] for at in whole.order.tolist()] == sorted(seen.terms)
    assert whole.words[:] == sorted({*first.seen.words, *then.seen.words})
    for word, written, number in zip(whole.words, whole.written, whole.term_of, strict=True):
        assert written == (first.seen.words.get(word) or then.seen.words[word])
        assert whole.term(int(number)) == _ANALYZER.token(written).term


@given(shares=st.lists(_texts, max_size=4))
def test_lexicons_of_several_processes_merge_into_one(shares: list[list[str]]) -> None:
    whole, parts = Lexicon(), []
    for texts in shares:
        other = Lexicon()
        read = other.read(texts)
        parts.append(read.renumbered(whole.merge(other.seen)))
    single = Lexicon()
    texts = [text for share in shares for text in share]
    expected = single.read(texts)
    joined = join(parts)
    assert terms_of(joined, whole.seen) == terms_of(expected, single.seen)
    assert np.array_equal(joined.spans, expected.spans)
    assert whole.seen == single.seen
