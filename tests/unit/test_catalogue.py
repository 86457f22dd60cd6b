"""Output of commands, without Discord: pages of articles, completions, clicked texts."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.channel_modes import Mode, get_mode
from bot.discord.commands.articles import (
    PER_PAGE,
    article_pages,
    choice_label,
    list_page,
    plain_article_pages,
)
from bot.discord.commands.catalogue import Catalogue, CatalogueCache, article_key
from bot.discord.commands.message_to_question import cut
from bot.discord.commands.paging import MAX_SUBJECT
from bot.discord.commands.prefixes import Prefixes, folded
from bot.discord.layout.messages import escaped
from bot.latency import KEPT, LatencyRecorder
from index import MEMORY, Article, QuestionError, Source, open_engine
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.filters import Filter, make_filter
from index.retrieval.sources import Sources

_RISKY = "ab .*_~`|[]()<>@#\\:1-+\n“"
_texts = st.text(_RISKY, max_size=6_000)


def _article(title: str = "T", publisher: str = "P", published: str = "2020-01-02") -> Article:
    return Article(title, title, publisher, "", published, "https://a.example", False, 1)  # noqa: FBT003


def _catalogue(*articles: Article) -> Catalogue:
    return Catalogue(
        articles, Sources((one.publisher, one.author) for one in articles).names.values()
    )


@given(st.lists(_texts, min_size=1, max_size=8), _texts, _texts)
@example(["*" * 6_000] * 2, "*" * 300, "*" * 2_000)
def test_an_article_fits_into_embeds_with_all_its_words(
    paragraphs: list[str], title: str, author: str
) -> None:
    article = Article("i", title, "P", author, "2020", "", False, len(paragraphs))  # noqa: FBT003
    pages = article_pages(article, paragraphs)
    for page in pages:
        assert len(page.title or "") <= 256
        assert 0 < len(page.description or "") <= 4_096
        assert len(page) <= 6_000
    shown = "".join(page.description or "" for page in pages)
    assert shown.count("a") >= sum(text.count("a") for text in paragraphs)
    texts = plain_article_pages(article, paragraphs)
    assert max(map(len, texts)) <= 2_000
    assert "".join(texts).count("a") >= sum(text.count("a") for text in paragraphs)


@given(st.lists(_texts, min_size=1, max_size=30), st.text(max_size=MAX_SUBJECT), st.integers(-2, 9))
@example(["x*" * 90] * 10, "*" * MAX_SUBJECT, 1)
def test_a_list_fits_into_a_message(titles: list[str], publisher: str, number: int) -> None:
    page = list_page([_article(title) for title in titles], publisher, number)
    assert len(page.content) <= 2_000
    assert 1 <= page.number <= page.of == -(-len(titles) // PER_PAGE)


@given(_texts, st.integers(2, 300))
def test_escaped_text_is_never_cut_within_an_escape(text: str, limit: int) -> None:
    shown = escaped(text, limit)
    assert len(shown) <= limit
    if shown.endswith("…"):
        before = shown[:-1]
        assert (len(before) - len(before.rstrip("\\"))) % 2 == 0


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["", "2020", "2020-11-30"]))
def test_a_choice_is_within_its_limit(title: str, publisher: str, published: str) -> None:
    label = choice_label(_article(title, publisher, published), 100)
    assert 1 <= len(label) <= 100


@given(_texts, st.integers(1, 500))
def test_a_text_is_cut_to_its_beginning(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert len(shown) <= limit
    assert text.startswith(shown)


def test_a_text_is_cut_after_a_sentence_else_a_word() -> None:
    assert cut("The port closes. The quay does not close at all.", 30) == "The port closes."
    assert (
        cut("The port of Eldholm closes in March, they say", 30) == "The port of Eldholm closes in"
    )
    assert cut("x" * 50, 30) == "x" * 30


def test_headlines_are_found_by_words_newest_first() -> None:
    articles = [
        _article("Port closes", "Eldholm Post", "2021-03"),
        _article("Port opens", "AFP", "2022"),
        _article("Port closes", "AFP", "2020-01-02"),
    ]
    catalogue = _catalogue(*articles)
    assert catalogue.headlines("PORT", 2) == [articles[1], articles[0]]
    assert catalogue.headlines("afp clos", 9) == [articles[2]]
    assert catalogue.find("port closes") == articles[0]
    assert catalogue.find(article_key(articles[2])) == articles[2]
    assert catalogue.find("opens 2022") == articles[1]
    assert catalogue.find("zanzibar") is catalogue.find(" ") is None


def test_names_are_found_by_their_words_and_misspelt() -> None:
    names = ["Eldholm Post", "Post Scriptum", "Le Médiateur", "Harbour Gazette", "POST", "x" * 101]
    catalogue = _catalogue(*(_article(publisher=name) for name in [*names, "POST"]))
    # Those that begin with it come first.
    assert list(catalogue.sources("post")) == ["POST", "Post Scriptum", "Eldholm Post"]
    assert list(catalogue.publishers("post")) == ["POST", "Eldholm Post", "Post Scriptum"]
    for typed, name in (
        ("mediat", "Le Médiateur"),
        ("MÉDIATEUR le", "Le Médiateur"),
        ("eldhlom", "Eldholm Post"),
        ("harbuor gaz", "Harbour Gazette"),
    ):
        assert list(catalogue.sources(typed)) == list(catalogue.publishers(typed)) == [name]
    for typed in ("zanzibar", "post gazette", "holm"):
        assert not list(catalogue.sources(typed))
    assert next(catalogue.sources(" ")) == "POST"  # has most articles
    assert list(catalogue.sources("hg")) == list(catalogue.publishers("HG")) == ["Harbour Gazette"]
    assert [one.title for one in catalogue.of_publisher("holm")] == ["T"]
    for typed in ("hg", "harbour-gaz", "the mediateur"):
        assert len(catalogue.of_publisher(typed)) == 1


@given(
    st.lists(st.text("abé -", max_size=12), max_size=12),
    st.text("abe -", min_size=1, max_size=6),
)
def test_a_prefix_index_finds_what_a_linear_search_finds(texts: list[str], typed: str) -> None:
    def has(text: str, word: str) -> bool:
        return any(part.startswith(word) for part in re.findall(r"\w+", folded(text)))

    words = re.findall(r"\w+", typed)
    wanted = [at for at, text in enumerate(texts) if all(has(text, word) for word in words)]
    assert Prefixes(texts).find(typed).tolist() == wanted


def test_a_completion_does_not_look_at_each_article() -> None:
    publishers = [f"{word} {kind}" for word in "abcdefghij" for kind in ("Post", "Times")]
    articles = [
        _article(f"Word{at % 997} and w{at % 3} of {at}", publishers[at % 20], "2020")
        for at in range(20_000)
    ]
    catalogue = _catalogue(*articles)
    for typed in ("w", "a post b times", "zanzibar", "word996 post", "w0 w1 w2"):
        assert _instructions(lambda: catalogue.headlines(typed, 25)) < len(articles)  # noqa: B023
        assert _instructions(lambda: catalogue.find(typed)) < len(articles)  # noqa: B023


def _instructions(work: Callable[[], object]) -> int:
    """Count the instructions of Python that it takes."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401 - as `settrace` has
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_paragraphs_are_those_of_the_article() -> None:
    texts = [["a", "b"], ["c"], ["d", "e", "f"]]
    searcher = Searcher.of((_article(str(at)), text) for at, text in enumerate(texts))
    assert [[one.text for one in searcher.passages_in(at)] for at in range(3)] == texts


async def test_the_catalogue_cache_follows_the_coverage(folder: Path) -> None:
    note = folder / "a.md"
    note.write_text("---\ntitle: First\n---\n\nThe port closes in March, it said.\n", "utf-8")
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        cache = CatalogueCache(engine)
        assert len(await cache.catalogue()) == 0
        await engine.reindex()
        catalogue = await cache.catalogue()
        assert catalogue.headlines("first", 5)
        assert await cache.catalogue() is catalogue


def test_options_make_the_filter_that_can_be_typed() -> None:
    sources = Sources([("Eldholm Post", "")])
    made = make_filter(sources, source=" eldholm post ", after="2020-11", before="2020-11-30")
    assert made == Filter(("Eldholm Post",), "2020-11", "2020-11-30")
    assert made.written == 'source:"Eldholm Post" after:2020-11 before:2020-11-30'
    assert make_filter(sources, source="", after=" ", before="") == Filter()
    for source, after, before in (("", "2021", "2020-12"), ("", "soon", ""), ("AFP", "", "")):
        with pytest.raises(QuestionError):
            make_filter(sources, source=source, after=after, before=before)


def test_times_are_of_the_newest_answers() -> None:
    took = LatencyRecorder()
    assert took.quantiles() is None
    took.note(7)
    only = took.quantiles()
    assert only
    assert (only.p50_ms, only.p95_ms, only.answers) == (7, 7, 1)
    for time_ms in range(KEPT + 1):
        took.note(time_ms)
    all_kept = took.quantiles()
    assert all_kept
    assert all_kept.answers == KEPT
    assert (round(all_kept.p50_ms), round(all_kept.p95_ms)) == (500, 950)


async def test_an_unknown_mode_is_ignored() -> None:
    async with open_engine(MEMORY, []) as engine:
        assert await get_mode(engine, 1) is Mode.REPLY
        await engine.key_values.put("mentions in 1", b"by carrier pigeon")
        assert await get_mode(engine, 1) is Mode.REPLY
        await engine.key_values.put("mentions in 2", b"thread")
        assert await get_mode(engine, 3, parent_id=2) is Mode.THREAD
