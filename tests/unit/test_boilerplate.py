"""Plain text of a saved page becomes the paragraphs of its article."""

import textwrap
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.extraction import block_features
from index.sources.extraction.boilerplate import clean, guess_title, split_blocks

COVERAGE = Path(__file__).parents[3] / "shared" / "coverage"

TITLE = "Harbour Council Votes to Reopen the Old Ferry Line"
ARTICLE = """
The harbour council voted on Monday to reopen the old ferry line, shut since a storm broke its pier.
Two boats will cross the bay every hour, and the first of them leaves at dawn on the first of May.
Nobody spoke against it.
“We have waited nine years for this,” said Ada Quill, who sells nets and recalls the last crossing.
The pier will be rebuilt in oak, which costs four million crowns, the council says, or six.
""".strip().splitlines()
MENU = ["Home", "Markets", "Weather", "Sign in", "Search"]
FOOT = ["Related", "Whales seen off the cape", "New mayor for Tarn", "Share this", "© Bay Courier"]


def kept(blocks: list[str], title: str = "") -> list[str]:
    return [block.text for block in clean(blocks, title) if block.kept]


@pytest.mark.parametrize("title", ["", TITLE, "A title that stands nowhere on the page"])
def test_an_article_is_found_between_its_menus_with_its_short_paragraphs(title: str) -> None:
    page = [*MENU, TITLE, "By Tom Reed", "4 March 2024", *ARTICLE, *FOOT]
    assert kept(page, title) == ARTICLE


def test_an_advert_in_the_middle_is_left_out_and_does_not_end_the_article() -> None:
    page = [*MENU, TITLE, *ARTICLE[:2], "Advertisement", *ARTICLE[2:], *FOOT]
    assert kept(page) == ARTICLE
    assert clean(page)[page.index("Advertisement")].left_out == "an advertisement"


def test_a_sentence_about_advertising_is_kept() -> None:
    article = [*ARTICLE[:2], "Advertisement sales fell by a third.", *ARTICLE[2:]]
    assert kept([*MENU, TITLE, *article, *FOOT]) == article


def test_a_standfirst_that_repeats_the_first_paragraph_is_left_out() -> None:
    page = clean([*MENU, TITLE, ARTICLE[0], *ARTICLE, *FOOT])
    assert [block.text for block in page if block.kept] == ARTICLE
    assert "repeats an earlier block" in {block.left_out for block in page}


def test_an_article_alone_is_kept_whole_with_its_lists() -> None:
    article = [*ARTICLE, "Where the boats call:", "Tarn: 7", "Cape Ode: 8", "Tarn: 9", "Ulm: 10"]
    assert kept(article) == article
    assert kept([TITLE, *article], TITLE) == article


def test_white_space_is_not_a_paragraph() -> None:
    assert [block.left_out for block in clean([*ARTICLE[:2], " \n", *ARTICLE[2:]])][2] == "empty"


def test_every_left_out_block_has_a_reason() -> None:
    page = clean(["Opening hours", *MENU, TITLE, *ARTICLE, *FOOT])
    reasons = {block.text: block.left_out for block in page}
    assert reasons[TITLE] == "the headline"
    assert reasons["Opening hours"] == "before the article"
    assert reasons["New mayor for Tarn"] == "after the end of the article"
    assert reasons["Share this"] == "sharing buttons"


def test_the_title_is_guessed_from_the_words_of_the_article() -> None:
    assert guess_title([*MENU, "Bay news", TITLE, "4 March 2024", *ARTICLE, *FOOT]) == TITLE
    assert guess_title([f"{TITLE} | Bay Courier", *MENU, TITLE, *ARTICLE, *FOOT]) == TITLE
    assert guess_title(["Connect with us", *MENU, TITLE, *ARTICLE, "Connect with us"]) == TITLE
    assert guess_title(ARTICLE) == ""
    assert guess_title([]) == ""


def test_every_feature_has_a_weight() -> None:
    page = [*MENU, TITLE, *ARTICLE, *FOOT]
    found = block_features.feature_rows(
        list(map(block_features.block_features, page)), block_features.headlines(page, TITLE)
    )
    tables = (block_features.INSIDE, block_features.FIRST, block_features.LAST)
    for table, rows in zip(tables, found, strict=True):
        assert {len(row) for row in rows} == {len(table)}


def test_lines_and_blank_lines_separate_blocks() -> None:
    text = "One\r\n\r\n\u00a0 Two\u200b \r\nThree\f\ufeffFour\n \u00a0\n"
    assert split_blocks(text) == ["One", "Two", "Three", "Four"]
    assert split_blocks("") == []


@pytest.mark.parametrize("separator", ["\n", "\n\n"])
@pytest.mark.parametrize("width", [60, 72, 79])
def test_hard_wrapped_paragraphs_are_joined(width: int, separator: str) -> None:
    long = [paragraph for paragraph in ARTICLE if len(paragraph) > 80]
    text = separator.join(textwrap.fill(paragraph, width) for paragraph in long)
    if separator == "\n\n":
        assert split_blocks(text) == long
    else:
        assert " ".join(split_blocks(text)) == " ".join(long)


def test_paragraphs_in_lines_are_not_joined() -> None:
    assert split_blocks("\n".join(ARTICLE)) == ARTICLE
    assert split_blocks("\n".join(MENU)) == MENU


lines = st.sampled_from([*MENU, TITLE, *ARTICLE, *FOOT, "", "Advertisement"]) | st.text(max_size=99)


@given(st.lists(lines), st.sampled_from(["", TITLE]))
def test_blocks_come_back_verbatim_and_no_paragraph_twice(blocks: list[str], title: str) -> None:
    page = clean(blocks, title)
    assert [block.text for block in page] == blocks
    long = [block.text for block in page if block.kept and len(block.text) >= 80]
    assert len(long) == len(set(long))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "word " * 200_000,
        " \u200b" * 500_000,
        "“" * 1_000_000,
        "A short line of a list\n" * 5_000,
        "Advertisement " * 70_000,
    ],
    ids=["letters", "words", "white", "marks", "lines", "adverts"],
)
def test_odd_texts_take_no_quadratic_time(text: str) -> None:
    """With quadratic time it would take hours."""
    clean(split_blocks(text))


@pytest.mark.skipif(not COVERAGE.is_dir(), reason="the saved pages are not in the repository")
@pytest.mark.parametrize(
    ("place", "count", "first", "last"),
    [
        (0, 17, "President Donald Trump", "in the United States."),
        (1, 10, "President", "most downloaded apps in the world."),
    ],
)
@pytest.mark.parametrize("title_known", [True, False], ids=["title known", "title guessed"])
def test_saved_pages(place: int, count: int, first: str, last: str, *, title_known: bool) -> None:
    article = tomllib.loads((COVERAGE / "coverage.toml").read_text("utf-8"))["article"][place]
    blocks = split_blocks((COVERAGE / article["file"]).read_text("utf-8"))
    found = kept(blocks, article["title"] if title_known else "")
    assert guess_title(blocks) == article["title"]
    assert len(found) == len(set(found)) == count
    assert found[0].startswith(first)
    assert found[-1].endswith(last)
