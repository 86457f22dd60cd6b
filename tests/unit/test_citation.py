"""Links that open an article at the quoted words."""

from urllib.parse import unquote

import pytest

from index.answers.citation import link, text_fragment
from index.model import Article, Span
from index.sources.addresses import is_web_address

_URL = "https://example.org/story"


def _article(url: str = _URL, *, brief: bool = False) -> Article:
    return Article("id", "Title", "Paper", "", "2020", url, brief, 3)


def test_a_short_quotation_is_given_in_full_and_encoded() -> None:
    fragment = text_fragment("", "A co-op (the first), A & B, said “no”.")
    assert fragment == "A%20co%2Dop%20%28the%20first%29%2C%20A%20%26%20B%2C%20said%20%E2%80%9Cno"


def test_a_long_quotation_is_given_by_its_ends() -> None:
    words = [f"w{number}" for number in range(30)]
    assert unquote(text_fragment("", " ".join(words) + ".")) == "w0 w1 w2 w3 w4,w25 w26 w27 w28 w29"


def test_words_that_occur_earlier_get_a_prefix() -> None:
    fragment = text_fragment("It said no. Much later it came: it", "It said no.")
    assert unquote(fragment) == "Much later it came: it-,It said no."


def test_a_link_is_the_address_and_the_fragment() -> None:
    text = "First. Second one."
    assert link(_article(), "", text, Span(7, 18)) == f"{_URL}#:~:text=Second%20one"
    anchored = link(_article(f"{_URL}#part"), "", text, Span(7, 18))
    assert anchored == f"{_URL}#part:~:text=Second%20one"


@pytest.mark.parametrize("anchor", ["#", "#part"])
def test_a_text_fragment_already_there_is_replaced(anchor: str) -> None:
    copied = _article(f"{_URL}{anchor}:~:text=some%20other,words")
    assert link(copied, "", "One.", Span(0, 4)) == f"{_URL}{anchor}:~:text=One"


def test_a_brief_links_to_its_original_and_a_file_to_nothing() -> None:
    assert link(_article(brief=True), "", "Some words.", Span(0, 11)) == _URL
    assert link(_article(""), "", "Some words.", Span(0, 11)) == ""


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "javascript:alert(1)", "https://", "http://[", "http://a b"]
)
def test_other_addresses_are_not_linked(url: str) -> None:
    assert not is_web_address(url)
    assert link(_article(url), "", "Some words.", Span(0, 11)) == ""
