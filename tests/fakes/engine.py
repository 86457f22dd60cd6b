"""An engine in memory: for tests of the bot that need no index.

    engine = FakeEngine([(article, ["First paragraph.", "Second."])])
    await engine.reindex()

A passage matches a question by the words of four letters or more that it contains as substrings.
`tests/unit/test_engine_contract.py` holds it to what `SearchEngine` does.
"""

import asyncio
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from index import (
    AnotherInstanceError,
    Answer,
    Article,
    Hit,
    Outcome,
    Passage,
    Progress,
    QuestionError,
    Reference,
    ReindexRunningError,
    Report,
    Source,
    Sources,
    Span,
    Status,
    __version__,
    make_ref,
)

NOW = "2022-03-31T12:00:00+00:00"  # of every reindex
_MIN_LETTERS = 4

Coverage = list[tuple[Article, list[str]]]


class FakeKeyValues:
    """A dict; nothing expires, and a write is immediate."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    async def put(self, key: str, value: bytes, days: int | None = None) -> None:
        self.put_later(key, value, days)

    def put_later(self, key: str, value: bytes, days: int | None = None) -> None:  # noqa: ARG002
        self.values.pop(key, None)  # the newest comes last
        self.values[key] = value

    async def write(self) -> None:
        pass

    async def get(self, key: str) -> bytes | None:
        return self.values.get(key)

    async def get_all(self, prefix: str) -> dict[str, bytes]:
        return {key: value for key, value in self.values.items() if key.startswith(prefix)}

    async def secret(self) -> bytes:
        return b"secret"

    async def delete(self, key: str) -> None:
        self.values.pop(key, None)


class FakeEngine:
    """Articles with their paragraphs; a change of `coverage` counts from the next reindex on."""

    def __init__(self, coverage: Coverage, sources: Sequence[Source] = ()) -> None:
        self.coverage = coverage
        self.sources = sources
        self.database = "fake.db"
        self.key_values = FakeKeyValues()
        self.version: object = object()
        self._indexed: Coverage = []
        self._reindexed = self._reindexing = self._taken = False

    @property
    def size(self) -> tuple[int, int]:
        return len(self._indexed), sum(len(texts) for _, texts in self._indexed)

    @property
    def source_names(self) -> Sources:
        return Sources((article.publisher, article.author) for article, _ in self._indexed)

    async def ask(  # noqa: PLR0913 - as in `Engine`
        self,
        question: str,
        *,
        previous: str | None = None,  # noqa: ARG002 - every question is searched for alone
        top: int = 3,
        more: int = 0,
        asked_on: dt.date | None = None,  # noqa: ARG002 - no passage is fresher than another
        hurry: bool = False,  # noqa: ARG002 - nothing is read
    ) -> Answer:
        written = [word for word in map(_bare, question.split()) if word]
        if not written:
            raise QuestionError("The question has no words; ask about something in the news.")
        words = [word for word in written if len(word) >= _MIN_LETTERS]
        scores = {passage: _matches(words, passage.text) for passage in self._passages()}
        ranked = sorted(filter(scores.get, scores), key=lambda passage: -scores[passage])
        hits = [_hit(passage, scores[passage]) for passage in ranked[: top + more]]
        best = hits[0].score / len(words) if hits else 0.0
        return Answer(
            question=question,
            outcome=Outcome.ANSWERED if hits else Outcome.ABSENT,
            confidence=best,
            unmatched=tuple(word for word in words if not self._contains(word)),
            hits=tuple(hits[:top]),
            took_ms=1.0,
            further=tuple(make_ref(hit.passage, hit.highlight) for hit in hits[top:]),
        )

    async def articles(self) -> list[Article]:
        return [article for article, _ in self._indexed]

    async def paragraphs_of(self, article: Article) -> list[str] | None:
        return next((texts for one, texts in self._indexed if one == article), None)

    async def resolve_ref(self, reference: Reference) -> Hit | None:
        highlight = Span(reference.start, reference.end)
        for passage in self._passages():
            if make_ref(passage, highlight) == reference:
                return Hit(passage, 0.0, highlight, passage.article.url)
        return None

    async def neighbours(self, passage: Passage) -> tuple[str, str]:
        texts = ["", *(await self.paragraphs_of(passage.article) or []), ""]
        return texts[passage.number - 1], texts[passage.number + 1]

    async def load(self) -> bool:
        return self._reindexed

    async def reindex(
        self,
        progress: Progress = lambda *_: None,
        *,
        thorough: bool = True,  # noqa: ARG002 - there is nothing to fetch
    ) -> Report:
        if self._reindexing:
            raise ReindexRunningError("A reindex is already running; wait for its report.")
        self._reindexing = True
        progress("Indexing", 0, len(self.coverage))
        await asyncio.sleep(0)  # so that another call can come in between
        self._reindexing = False
        old, new = dict(self._indexed), dict(self.coverage)
        if self._indexed != self.coverage:
            self._indexed, self.version = [*self.coverage], object()
        self._reindexed = True
        progress("Indexing", len(new), len(new))
        return Report(
            added=len(new.keys() - old.keys()),
            changed=0,
            removed=len(old.keys() - new.keys()),
            unchanged=len(new.keys() & old.keys()),
            skipped=(),
            warnings=(),
            articles=self.size[0],
            paragraphs=self.size[1],
            took_s=0.1,
        )

    async def status(self) -> Status:
        articles, paragraphs = self.size
        time = NOW if self._reindexed else ""
        return Status(
            articles=articles,
            paragraphs=paragraphs,
            sources=tuple(source.location for source in self.sources),
            indexed=time,
            checked=time,
            database=self.database,
            kept=True,
            version=__version__,
            sqlite="3",
        )

    @contextmanager
    def single_instance(self) -> Iterator[None]:
        if self._taken:
            raise AnotherInstanceError("Another clipdesk uses this database; stop it.")
        self._taken = True
        try:
            yield
        finally:
            self._taken = False

    def keep_fresh(self, *, dedicated_process: bool = False) -> None:
        pass

    def _passages(self) -> Iterator[Passage]:
        for article, texts in self._indexed:
            for number, text in enumerate(texts, start=1):
                yield Passage(article, number, text)

    def _contains(self, word: str) -> bool:
        return any(_matches([word], passage.text) for passage in self._passages())


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word))


def _matches(words: Sequence[str], text: str) -> int:
    """The number of words that `text` contains, in capitals or not."""
    return sum(word.casefold() in text.casefold() for word in words)


def _hit(passage: Passage, score: float) -> Hit:
    """The passage, all of it highlighted."""
    return Hit(passage, score, Span(0, len(passage.text)), passage.article.url)
