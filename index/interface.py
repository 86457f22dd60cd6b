"""The seam between the bot and the engine; `engine.SearchEngine` is the real one.

`tests/unit/test_engine_contract.py` is the contract that every implementation passes.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from index.model import Answer, Article, Hit, Passage, Reference, Report, Status
from index.retrieval.sources import Sources
from index.sources.source import Source

# Called with the name of a stage, the amount done and the total: "Looking for changes" counts
# sources, "Reading" bytes, "Indexing" articles.
Progress: TypeAlias = Callable[[str, int, int], None]


class KeyValues(Protocol):
    """A key-value store for the bot's own data: bytes that may expire.

    All methods raise StoreError if the database fails.
    """

    async def put(self, key: str, value: bytes, days: int | None = None) -> None:
        """Set the value of a key; it expires after so many days, or never for None."""

    def put_later(self, key: str, value: bytes, days: int | None = None) -> None:
        """As `put`, but in memory until the next `write`."""

    async def write(self) -> None:
        """Write all values that are only in memory so far."""

    async def get(self, key: str) -> bytes | None:
        """The value of a key; None if it is missing or has expired."""

    async def get_all(self, prefix: str) -> dict[str, bytes]:
        """All values by key for a prefix, in the order of their last `put`."""

    async def secret(self) -> bytes:
        """A random key of this database, for hashes that nobody else can compute."""

    async def delete(self, key: str) -> None:
        """Delete a key; missing ones are ignored."""


class Engine(Protocol):
    """Articles in, cited passages out. Async methods raise StoreError if the database fails."""

    @property
    def database(self) -> str:
        """The path of the database, as given by the owner."""

    @property
    def key_values(self) -> KeyValues:
        """The bot's own key-value store in the database."""

    @property
    def sources(self) -> Sequence[Source]:
        """The sources of the coverage."""

    @property
    def size(self) -> tuple[int, int]:
        """The numbers of indexed articles and paragraphs."""

    @property
    def source_names(self) -> Sources:
        """The publishers and authors that a question can be filtered by."""

    @property
    def version(self) -> object:
        """An object that is replaced, by an unequal one, whenever the indexed articles change."""

    async def ask(  # noqa: PLR0913 - each but the question has a default
        self,
        question: str,
        *,
        previous: str | None = None,
        top: int = 3,
        more: int = 0,
        asked_on: dt.date | None = None,
        hurry: bool = False,
    ) -> Answer:
        """Answer a question; see `index.answers.pipeline.answer`. Raises QuestionError.

        In a `hurry`, because others wait, no passages are read.
        """

    async def articles(self) -> Sequence[Article]:
        """All articles, in the order of the sources."""

    async def paragraphs_of(self, article: Article) -> list[str] | None:
        """The paragraphs of an article; None if it has changed or is gone."""

    async def resolve_ref(self, reference: Reference) -> Hit | None:
        """The passage of a reference, as a hit; None if it is gone."""

    async def neighbours(self, passage: Passage) -> tuple[str, str]:
        """The paragraphs before and after a passage; empty at the ends of the article."""

    async def load(self) -> bool:
        """Open the last index; False if there is none yet."""

    async def reindex(self, progress: Progress = ..., *, thorough: bool = True) -> Report:
        """Bring the index up to date with the sources. Raises ReindexRunningError.

        Unless `thorough`, files of the same size and time, and addresses that were fetched before,
        count as unchanged.
        """

    async def status(self) -> Status:
        """The current state of the index."""

    def single_instance(self) -> AbstractContextManager[None]:
        """Lock the database against other bots within the block. Raises AnotherInstanceError."""

    def keep_fresh(self, *, dedicated_process: bool = False) -> None:
        """Poll from now on for indexes written by other processes.

        With a dedicated process, a search does not block the event loop.
        """
