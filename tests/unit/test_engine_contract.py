"""The contract of the seam `Engine`: every implementation passes the same tests."""

import ast
import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pytest

import bot
import index
from fakes import engine as fake_engine
from fakes.engine import FakeEngine
from index import (
    AnotherInstanceError,
    Article,
    Engine,
    Outcome,
    QuestionError,
    ReindexRunningError,
    Source,
    make_ref,
    open_engine,
)

_FERRY = [
    "The ferry terminal of Eldholm closes in March.",
    "Rebuilding costs 40 million crowns.",
    "Fishermen may go on using the eastern quay.",
]
_BREWERY = ["The brewery opens beside the ferry terminal in June."]
QUESTION = "When does the ferry terminal close?"


class EditableCoverage(Protocol):
    """Coverage that a test can change, and an engine over it."""

    @property
    def engine(self) -> Engine: ...

    def publish(self, title: str, *paragraphs: str) -> None:
        """Add an article to the coverage; the next reindex finds it."""


@dataclass
class _Archive:
    """The real engine over a file on disk."""

    engine: Engine
    path: Path

    def publish(self, title: str, *paragraphs: str) -> None:
        record = {"id": title, "title": title, "publisher": "Post", "text": "\n".join(paragraphs)}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


@dataclass
class _Memory:
    """The fake engine."""

    engine: FakeEngine

    def publish(self, title: str, *paragraphs: str) -> None:
        article = Article(title, title, "Post", "", "", "", brief=False, paragraphs=len(paragraphs))
        self.engine.coverage.append((article, [*paragraphs]))


@pytest.fixture(params=["SearchEngine", "FakeEngine"])
async def coverage(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[EditableCoverage]:
    archive = tmp_path / "archive.jsonl"
    archive.touch()
    sources = [Source(str(archive))]
    if request.param == "FakeEngine":
        yield _fill(_Memory(FakeEngine([], sources)))
        return
    async with open_engine(str(tmp_path / "clipdesk.db"), sources) as engine:
        yield _fill(_Archive(engine, archive))


def _fill(coverage: EditableCoverage) -> EditableCoverage:
    coverage.publish("Ferry", *_FERRY)
    coverage.publish("Brewery", *_BREWERY)
    return coverage


@pytest.fixture
async def engine(coverage: EditableCoverage) -> Engine:
    await coverage.engine.reindex()
    return coverage.engine


async def test_nothing_answers_before_the_first_reindex(coverage: EditableCoverage) -> None:
    engine = coverage.engine
    assert not await engine.load()
    assert engine.size == (0, 0)
    assert await engine.articles() == []
    answer = await engine.ask(QUESTION)
    assert (answer.outcome, answer.hits) == (Outcome.ABSENT, ())
    status = await engine.status()
    assert (status.articles, status.indexed, status.checked) == (0, "", "")


async def test_reindex_reports_and_shows_its_progress(coverage: EditableCoverage) -> None:
    calls: list[tuple[str, int, int]] = []
    report = await coverage.engine.reindex(lambda *call: calls.append(call), thorough=False)
    assert (report.added, report.unchanged, report.articles, report.paragraphs) == (2, 0, 2, 4)
    assert calls
    assert all(0 <= done <= total for _, done, total in calls)
    assert (await coverage.engine.reindex()).unchanged == 2
    assert await coverage.engine.load()


async def test_only_one_reindex_runs_at_a_time(coverage: EditableCoverage) -> None:
    running = asyncio.create_task(coverage.engine.reindex())
    await asyncio.sleep(0)
    with pytest.raises(ReindexRunningError):
        await coverage.engine.reindex()
    assert (await running).articles == 2


async def test_the_version_changes_with_the_articles(
    coverage: EditableCoverage, engine: Engine
) -> None:
    before = engine.version
    await engine.reindex()
    assert engine.version == before
    coverage.publish("School", "A school in the hills closes.")
    report = await engine.reindex()
    assert (report.added, report.unchanged) == (1, 2)
    assert engine.version != before
    assert engine.size == (3, 5)
    assert "school" in (await engine.ask("Which school closes?")).hits[0].sentence


async def test_answers_are_verbatim_and_limited_to_top_and_more(engine: Engine) -> None:
    answer = await engine.ask(QUESTION, top=1, more=5)
    assert answer.outcome is Outcome.ANSWERED
    assert 0 < answer.confidence <= 1
    [hit] = answer.hits
    assert (hit.passage.article.title, hit.passage.number) == ("Ferry", 1)
    assert hit.passage.text == _FERRY[0]
    assert hit.sentence in hit.passage.text
    further = [await engine.resolve_ref(reference) for reference in answer.further]
    assert [found.passage.text for found in further if found] == _BREWERY
    assert (await engine.ask(QUESTION, top=1)).further == ()


async def test_unknown_words_are_reported(engine: Engine) -> None:
    answer = await engine.ask("penguins zeppelins")
    assert (answer.outcome, answer.hits, answer.confidence) == (Outcome.ABSENT, (), 0)
    assert answer.unmatched == ("penguins", "zeppelins")


@pytest.mark.parametrize("question", ["", "?!", " "])
async def test_a_question_without_a_word_is_refused(engine: Engine, question: str) -> None:
    with pytest.raises(QuestionError):
        await engine.ask(question)


async def test_articles_come_in_order_with_their_paragraphs(engine: Engine) -> None:
    articles = await engine.articles()
    assert [article.title for article in articles] == ["Ferry", "Brewery"]
    assert [await engine.paragraphs_of(article) for article in articles] == [_FERRY, _BREWERY]
    assert await engine.paragraphs_of(replace(articles[0], title="Another")) is None


async def test_a_reference_resolves_while_the_text_is_unchanged(engine: Engine) -> None:
    [hit] = (await engine.ask(QUESTION, top=1)).hits
    reference = make_ref(hit.passage, hit.highlight)
    found = await engine.resolve_ref(reference)
    assert found
    assert (found.passage, found.highlight, found.score) == (hit.passage, hit.highlight, 0)
    assert await engine.resolve_ref(replace(reference, digest="0")) is None
    assert await engine.resolve_ref(replace(reference, article="gone")) is None


async def test_neighbours_are_empty_at_the_ends_of_an_article(engine: Engine) -> None:
    [hit] = (await engine.ask("Rebuilding costs", top=1)).hits
    assert await engine.neighbours(hit.passage) == (_FERRY[0], _FERRY[2])
    [hit] = (await engine.ask("When does the brewery open?", top=1)).hits
    assert await engine.neighbours(hit.passage) == ("", "")


async def test_status_and_properties_agree(engine: Engine) -> None:
    status = await engine.status()
    assert (status.articles, status.paragraphs) == engine.size == (2, 4)
    assert status.indexed.endswith("+00:00")
    assert status.indexed <= status.checked
    assert status.database == engine.database
    assert status.kept
    assert status.sources == tuple(source.location for source in engine.sources)
    assert engine.source_names.names == {"post": "Post"}


async def test_key_values_are_kept_in_the_order_of_writing(engine: Engine) -> None:
    store = engine.key_values
    await store.put("vote b", b"1")
    await store.put("vote a", b"2", days=1)
    store.put_later("vote c", b"3")
    assert await store.get("vote c") == b"3"
    await store.write()
    await store.put("vote b", b"4")
    await store.put("other", b"")
    expected = {"vote a": b"2", "vote c": b"3", "vote b": b"4"}
    assert [*(await store.get_all("vote ")).items()] == [*expected.items()]
    await store.delete("vote a")
    await store.delete("never there")
    assert await store.get("vote a") is None
    assert await store.secret() == await store.secret() != b""


async def test_only_one_instance_uses_a_database(engine: Engine) -> None:
    with engine.single_instance(), pytest.raises(AnotherInstanceError), engine.single_instance():
        pass
    with engine.single_instance():
        engine.keep_fresh()
        assert (await engine.ask(QUESTION)).hits


def test_the_bot_uses_all_exports_and_no_submodule() -> None:
    used: set[str] = set()
    for path in (*Path(bot.__path__[0]).rglob("*.py"), Path(fake_engine.__file__)):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module == "index":
                used.update(name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("index."), path
            elif isinstance(node, ast.Import):
                assert not any(name.name.startswith("index") for name in node.names), path
    assert used == {*index.__all__}
