"""Random small coverages, and what a searcher finds in them."""

import datetime as dt
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import strategies as st

from index.answers.confidence import confidence
from index.answers.pipeline import answer, rank
from index.errors import QuestionError
from index.indexing.analyze import OnProgress
from index.indexing.building import build
from index.indexing.reindex import reindex
from index.model import Answer
from index.queries.parsing import parse_question
from index.retrieval.embedded.index_files import IndexFiles
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.embedded.sqlite_documents import open_searcher
from index.sources.http_result import HttpResult, Validators
from index.sources.source import Source
from index.store.read_connection import ReadConnection
from index.store.store import MEMORY, Store, open_store

TODAY = dt.date(2021, 3, 9)
_WORDS = """
    the of in and said Ada Berg ferry harbour storm mayor bakery 2020 40% naïve 漢字 US U.S. United
    States of America Musical.ly closes closed £5 TikTok’s AFP
    der die und ist Brücke Brücken
"""
WORDS = _WORDS.split()

word = st.sampled_from(WORDS)
sentence = st.lists(word, min_size=1, max_size=7).map(" ".join)
paragraph = st.lists(sentence, min_size=1, max_size=3).map(". ".join)
question = st.lists(word, min_size=1, max_size=4).map(" ".join).filter(str.strip)


@dataclass(frozen=True)
class Story:
    """An article of an archive."""

    title: str
    publisher: str
    published: str
    text: str


story = st.builds(
    Story,
    sentence,
    st.sampled_from(["", "AFP", "Eldholm Post"]),
    st.sampled_from(["", "2020", "2021-03-04", "2021-03-08"]),
    st.lists(paragraph, min_size=1, max_size=4).map("\n".join),
)
# Archives by their names; the articles of each by their ids, in order.
Archives = Mapping[str, Mapping[str, Story]]
_archive = st.dictionaries(st.sampled_from("abcdef"), story, max_size=6)
archives = st.fixed_dictionaries({"one": _archive, "other": _archive})


class Indexed:
    """A folder of archives, the database that they are stored in, and its index files."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self._reader = ReadConnection(store.file)
        self._folder = folder

    async def put(self, archives: Archives) -> None:
        """Replace the archives and reindex; an empty archive is deleted."""
        for name, stories in archives.items():
            path = self._folder / f"{name}.jsonl"
            lines = [json.dumps({"id": key, **asdict(one)}) + "\n" for key, one in stories.items()]
            path.write_text("".join(lines), "utf-8")
            if not lines:
                path.unlink()
        await reindex(
            self.store,
            [Source(str(self._folder))],
            fetch=_fetch,
            thorough=True,
            progress=lambda _what, _done, _total: None,
        )

    async def searcher(self, name: str = "index", told: OnProgress = lambda *_: None) -> Searcher:
        """Build the index file of that name, and open a searcher over it."""
        files = IndexFiles(self.store.file.with_name(name), [str(self._folder)])
        build(self.store.file, files, told)
        made = open_searcher(self._reader, files, await self.store.snapshot_id())
        assert made
        return made

    def close(self) -> None:
        self._reader.close()


@asynccontextmanager
async def indexed() -> AsyncIterator[Indexed]:
    """An empty folder of archives."""
    with TemporaryDirectory() as folder:
        async with open_store(MEMORY) as store:
            made = Indexed(store, Path(folder))
            try:
                yield made
            finally:
                made.close()


async def _fetch(url: str, *, validators: Validators) -> HttpResult | None:
    raise AssertionError(url, validators)


def asked(searcher: Searcher, text: str) -> Answer | str:
    """The answer without its latency, or the message of the error."""
    try:
        return replace(answer(searcher, text, top=3, more=9, asked_on=TODAY), took_ms=0)
    except QuestionError as error:
        return str(error)


def features_of(searcher: Searcher, text: str) -> dict[str, Any]:
    """The ranked passages with their features, and the analysis of the question.

    Rounded, because sums may differ in the last digit where term ids differ.
    """
    query = parse_question(searcher, text, TODAY)
    admitted = searcher._admitted(query.article_filter)  # noqa: SLF001 - what a filter lets in
    if not len(admitted):
        admitted = np.ones(len(searcher.order), np.bool_)
    # Passages that differ by less than the rounding are put in the order of the sources.
    ranking = rank(searcher, query)
    place = {article: place for place, article in enumerate(searcher.order.tolist())}
    best = sorted(ranking, key=lambda one: (-round(one.score, 6), place[one.article], one.number))
    return {
        "found": [
            (
                place[one.article],
                one.number,
                one.text,
                one.sentence,
                [*one.matched],
                [*one.headline],
            )
            for one in best
        ],
        "scores": [round(one.score, 6) for one in best],
        "evidence": [[round(sign, 6) for sign in one.features] for one in best],
        "confidence": round(confidence(query, best, ranking.coverage), 6),
        "weights": {term: round(weight, 6) for term, weight in query.idf_of.items()},
        "unmatched": query.unmatched,
        "admitted": admitted[searcher.order].tolist(),
        "articles": [*searcher.articles],
    }
