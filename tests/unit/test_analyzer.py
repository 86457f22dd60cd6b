"""The analyzer: which spellings become the same term, and which do not."""

import pytest

from index.analysis.analyzer import Analyzer


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TikTok's", "TikTok"),
        ("TikTok’s", "tiktok"),
        ("U.S.", "US"),
        ("U.S.A.", "United States"),
        ("the United States of America", "USA"),
        ("1,000,000", "1000000"),
        ("40%", "40 per cent"),
        ("three judges", "3 judge"),
        ("Beyoncé", "beyonce"),
        ("ﬁnance", "finance"),
        ("so\u00adcial net\u200bwork", "social network"),
        ("cafe\u0301", "café"),
        ("banned", "BANS"),
        ("lip-syncing", "lip syncing"),
    ],
)
def test_spellings_of_one_thing_are_one_term(analyzer: Analyzer, one: str, other: str) -> None:
    assert analyzer.terms(one) == analyzer.terms(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("US", "us"),
        ("WHO said it", "who said it"),
        ("2.5", "25"),
        ("1,5", "15"),
        ("5G", "5"),
    ],
)
def test_different_things_are_different_terms(analyzer: Analyzer, one: str, other: str) -> None:
    assert analyzer.terms(one) != analyzer.terms(other)


def test_function_words_are_not_searched_for(analyzer: Analyzer) -> None:
    assert analyzer.terms("What isn't there, and why don't we say how many they were?") == []


def test_a_text_in_capitals_has_no_abbreviations(analyzer: Analyzer) -> None:
    assert analyzer.terms("WHO OWNS TIKTOK") == analyzer.terms("who owns tiktok")


def test_tokens_keep_the_spelling(analyzer: Analyzer) -> None:
    tokens = analyzer.tokens("The United States' banks")
    assert [token.text for token in tokens] == ["The", "United States", "banks"]
    assert [token.is_stop_word for token in tokens] == [True, False, False]


@pytest.mark.parametrize("text", ["", " \n", "?!…", "\u200b", "🙂"])
def test_a_text_without_words_has_no_terms(analyzer: Analyzer, text: str) -> None:
    assert analyzer.terms(text) == []
