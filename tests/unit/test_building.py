"""Updating the index files gives the same index as building them from nothing, with less work."""

import asyncio
import math
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.analyzed_articles import AnalyzedArticles, ArticleTexts, analyze_with
from index.analysis.lexicon import Lexicon
from index.indexing import analyze, building
from index.retrieval.embedded.searcher import Searcher
from random_coverage import WORDS, Archives, Story, archives, features_of, indexed, question

FERRY = Story("Ferry", "AFP", "2021", "The ferry leaves at noon.\nIt is blue.")
BAKERY = Story("Bakery", "AFP", "2021", "The bakery sells rye bread.")


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the articles that are analyzed, in order."""
    titles: list[str] = []

    def watched(lexicon: Lexicon, articles: Iterable[ArticleTexts]) -> AnalyzedArticles:
        some = [*articles]
        titles.extend(one.title for one in some)
        return analyze_with(lexicon, some)

    monkeypatch.setattr(analyze, "analyze_with", watched)
    return titles


@pytest.fixture
def paragraphs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paragraphs that are analyzed, in order."""
    read: list[str] = []

    def watched(lexicon: Lexicon, articles: Iterable[ArticleTexts]) -> AnalyzedArticles:
        some = [*articles]
        read.extend(
            text
            for one in some
            for at, text in enumerate(one.paragraphs)
            if one.to_analyze is None or at in one.to_analyze
        )
        return analyze_with(lexicon, some)

    monkeypatch.setattr(analyze, "analyze_with", watched)
    return read


def suggested(searcher: Searcher) -> set[str]:
    """The terms of the words that may be suggested for misspelt ones."""
    words = {word.lower().removesuffix("’s") for word in WORDS if word.isalpha()}
    return {
        searcher.surface_form(other).term
        for word in words
        for other in searcher.similar_words(word)
    }


_changes = given(
    steps=st.lists(archives, min_size=2, max_size=4),
    questions=st.lists(question, min_size=1, max_size=4),
    little=st.sampled_from([0.125, 0.5, math.inf]),
)


@settings(max_examples=settings().max_examples // 5)
@_changes
def test_incremental_index_equals_a_full_build(
    steps: list[Archives], questions: list[str], little: float
) -> None:
    asyncio.run(_compare(steps, questions, little))


@pytest.mark.long
@settings(max_examples=settings().max_examples * 2)
@_changes
def test_incremental_index_equals_a_full_build_at_length(
    steps: list[Archives], questions: list[str], little: float
) -> None:
    asyncio.run(_compare(steps, questions, little))


async def _compare(steps: list[Archives], questions: list[str], little: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_LITTLE", little)
        async with indexed() as made:
            for number, coverage in enumerate(steps):
                await made.put(coverage)
                updated, rebuilt = await made.searcher(), await made.searcher(f"rebuilt {number}")
                assert suggested(updated) == suggested(rebuilt)
                for text in questions:
                    assert features_of(updated, text) == features_of(rebuilt, text)
                if number % 2:
                    await made.store.collect()


async def test_only_new_articles_are_analyzed(analysed: list[str]) -> None:
    async with indexed() as made:
        await made.put({"one": {"a": FERRY, "b": BAKERY}})
        await made.searcher()
        assert analysed == ["Ferry", "Bakery"]
        analysed.clear()
        mayor = Story("Mayor", "AFP", "2021", "The mayor resigns.")
        await made.put({"one": {"b": BAKERY, "a": FERRY}, "other": {"c": mayor, "d": FERRY}})
        searcher = await made.searcher()
        assert [one.title for one in searcher.articles] == ["Bakery", "Ferry", "Mayor", "Ferry"]
        assert analysed == ["Mayor"]
        analysed.clear()
        changed = Story("Ferry", "AFP", "2022", FERRY.text)
        await made.put({"one": {"a": changed, "b": BAKERY}})
        await made.searcher()
        assert analysed == ["Ferry"]


async def test_unchanged_paragraphs_of_a_changed_article_are_reused(
    paragraphs: list[str],
) -> None:
    blue = Story("Ferry", "AFP", "2021", "The ferry leaves at noon.\nIt is blue.\nIt is slow.")
    green = Story("Ferry", "AFP", "2022", "It is slow.\nIt is green.\nThe ferry leaves at noon.")
    async with indexed() as made:
        await made.put({"one": {"a": blue, "b": BAKERY}})
        await made.searcher()
        paragraphs.clear()
        await made.put({"one": {"a": green, "b": BAKERY}})
        searcher = await made.searcher()
        assert paragraphs == ["It is green."]
        for text in ("What is green?", "What is blue?", "When does the ferry leave?"):
            assert features_of(searcher, text) == features_of(await made.searcher("rebuilt"), text)
        await made.store.collect()
        paragraphs.clear()
        await made.put({"one": {"a": blue, "b": BAKERY}})
        await made.searcher()
        assert paragraphs == ["It is blue."]


async def test_row_that_now_has_another_article_is_not_reused(
    paragraphs: list[str],
) -> None:
    async with indexed() as made:
        await made.put({"one": {"a": FERRY, "b": BAKERY, "c": BAKERY}})
        await made.searcher()
        # As after a database was restored and changed differently than before.
        sql = "UPDATE passage SET text = 'The mayor resigns.' WHERE article = 1 AND number = 1"
        await made.store._db.run(sql)  # noqa: SLF001
        await made.store._db.run("UPDATE article SET digest = 'other' WHERE row = 1")  # noqa: SLF001
        paragraphs.clear()
        searcher = await made.searcher()
        assert paragraphs == ["The mayor resigns.", "It is blue."]
        assert features_of(searcher, "mayor") == features_of(
            await made.searcher("rebuilt"), "mayor"
        )


async def test_few_changes_go_into_the_delta_until_they_are_many() -> None:
    stories = {
        f"{n}": Story(f"Story {n}", "AFP", "2021", f"{WORDS[n]} said so.") for n in range(20)
    }
    async with indexed() as made:
        main, delta = (made.store.file.with_name(name) for name in ("index", "index.delta"))
        await made.put({"one": stories})
        await made.searcher()
        for changed in range(4):
            written = main.stat().st_mtime_ns
            stories[f"{changed}"] = Story("Ferry", "", "", f"The ferry leaves at {changed}.")
            await made.put({"one": stories})
            searcher = await made.searcher()
            assert len(searcher.articles) == searcher.size == 20
            # Each second time, two are new and two gone, a fifth in all: the main is rebuilt.
            assert delta.exists() == (changed % 2 == 0)
            assert (main.stat().st_mtime_ns == written) == delta.exists()
            for text in ("When does the ferry leave?", *WORDS[:6]):
                assert features_of(searcher, text) == features_of(
                    await made.searcher(f"rebuilt {changed}"), text
                )


async def test_index_is_rebuilt_when_most_articles_are_gone(analysed: list[str]) -> None:
    async with indexed() as made:
        gone = {f"{n}": Story(f"Gone {n}", "", "", f"Only here stands word{n}.") for n in range(9)}
        await made.put({"one": {"a": FERRY, **gone}})
        await made.searcher()
        analysed.clear()
        await made.put({"one": {"a": FERRY, "b": BAKERY}})
        searcher = await made.searcher()
        assert analysed == ["Ferry", "Bakery"]
        assert "gone" not in searcher.vocabularies[0].words


async def test_word_that_is_gone_is_not_suggested(analysed: list[str]) -> None:
    async with indexed() as made:
        await made.put({"one": {"a": FERRY, "b": BAKERY, "c": FERRY}})
        assert (await made.searcher()).surface_forms.similar("bakery") == [
            "bakery",
            "blue",
            "bread",
        ]
        analysed.clear()
        await made.put({"one": {"a": FERRY, "c": FERRY}})
        searcher = await made.searcher()
        assert analysed == []
        assert searcher.similar_words("bakery") == ["blue"]


async def test_several_processes_give_the_same_index(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = {
        f"{n}": Story(f"Story {n}", "AFP", "2021", f"The ferry {n} closes.\n{WORDS[n]} said so.")
        for n in range(20)
    }
    async with indexed() as made:
        await made.put({"one": stories})
        alone = await made.searcher("alone")
        monkeypatch.setattr(analyze, "PARALLEL_FROM", 1)
        monkeypatch.setattr(analyze, "_CHUNK", 3)
        progress: list[tuple[int, int]] = []
        together = await made.searcher("together", lambda *done: progress.append(done))
        for text in (*WORDS, "ferry 7 closes", "story 3"):
            assert features_of(together, text) == features_of(alone, text)
        assert progress == [(min(done, 20), 20) for done in range(3, 22, 3)]
