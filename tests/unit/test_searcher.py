"""A searcher over index files answers like one in memory."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import MEMORY, SAMPLE, Source, open_engine
from index.model import Article
from index.retrieval.embedded.searcher import Searcher
from random_coverage import Archives, archives, asked, indexed, question

QUESTIONS = Path(__file__).parent.parent / "questions" / "two_articles.jsonl"


def in_memory(searcher: Searcher) -> Searcher:
    """A searcher over the same articles, analyzed again from their texts."""
    return Searcher.of(
        (article, [passage.text for passage in searcher.passages_in(at)])
        for at, article in zip(searcher.order.tolist(), searcher.articles, strict=True)
    )


async def test_same_answers_from_the_sample() -> None:
    lines = QUESTIONS.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) > 50
    async with open_engine(MEMORY, [Source(str(SAMPLE))]) as engine:
        await engine.reindex()
        memory = in_memory(engine.searcher)
        for text in questions:
            assert asked(engine.searcher, text) == asked(memory, text)


@settings(max_examples=settings().max_examples // 5)
@given(coverage=archives, questions=st.lists(question, min_size=1, max_size=5))
def test_same_answers_from_any_coverage(coverage: Archives, questions: list[str]) -> None:
    async def compare() -> None:
        async with indexed() as made:
            await made.put(coverage)
            mapped = await made.searcher()
            memory = in_memory(mapped)
            stories = [*coverage["one"].values(), *coverage["other"].values()]
            assert [article.title for article in mapped.articles] == [one.title for one in stories]
            for text in questions:
                assert asked(mapped, text) == asked(memory, text)

    asyncio.run(compare())


@pytest.mark.parametrize("part", [slice(None), slice(1, 3), slice(None, None, -1), slice(3, 0, -2)])
def test_articles_slice_like_a_list(part: slice) -> None:
    articles = [
        Article(key, "", "", "", "", "", brief=False, paragraphs=1) for key in ("a", "b", "c", "d")
    ]
    searcher = Searcher.of((one, ["Text."]) for one in articles)
    assert searcher.articles[part] == articles[part]
