"""The engine as the bot sees it; `engine.SearchEngine` is the real one."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from index.model import Answer, Article, Hit, Passage, Reference, Report, Status
from index.retrieval.filters import Sources
from index.sources.source import Source

# Is called with what is being done, how much of it is done, and how much there is to do: looking
# for changes (in sources), reading (in bytes), indexing (in articles).
Progress: TypeAlias = Callable[[str, int, int], None]


class KeyValues(Protocol):
    """What the bot itself keeps beside the coverage: bytes by key, which may expire.

    Every method raises StoreError where the database cannot do it.
    """

    async def put(self, key: str, value: bytes, days: int | None = None) -> None:
        """Store a value in place of an earlier one, for so many days; None for good."""

    def put_later(self, key: str, value: bytes, days: int | None = None) -> None:
        """As `put`, but leave the writing to the next `write`, together with others."""

    async def write(self) -> None:
        """Write what is waiting to be written."""

    async def get(self, key: str) -> bytes | None:
        """The value under a key; None where there is none, or it has expired."""

    async def get_all(self, prefix: str) -> dict[str, bytes]:
        """All values whose key has that prefix, in the order in which they were written."""

    async def secret(self) -> bytes:
        """A random key of this database's own, for hashes that nobody else can compute."""

    async def delete(self, key: str) -> None:
        """Delete the value under a key, if there is one."""


class Engine(Protocol):
    """Articles in, cited passages out. Methods that read raise StoreError where they cannot."""

    @property
    def database(self) -> str:
        """The path of the database, as the owner gave it."""

    @property
    def key_values(self) -> KeyValues:
        """What the bot itself keeps in the database."""

    @property
    def sources(self) -> Sequence[Source]:
        """Where the coverage comes from."""

    @property
    def size(self) -> tuple[int, int]:
        """How many articles and paragraphs answer now."""

    @property
    def source_names(self) -> Sources:
        """The publishers and authors that a question can be kept to."""

    @property
    def version(self) -> object:
        """Another object, never equal to the one before, whenever other articles answer."""

    async def ask(
        self,
        question: str,
        *,
        before: str | None = None,
        top: int = 3,
        more: int = 0,
        asked: dt.date | None = None,
    ) -> Answer:
        """Answer a question; see `pipeline.answer`. Raises QuestionError."""

    async def articles(self) -> Sequence[Article]:
        """All articles, in the order of the sources."""

    async def paragraphs_of(self, article: Article) -> list[str] | None:
        """The paragraphs of an article; None where it is no longer there as it was."""

    async def resolve_ref(self, reference: Reference) -> Hit | None:
        """The passage of a reference; None where it is no longer in the coverage."""

    async def neighbours(self, passage: Passage) -> tuple[str, str]:
        """The paragraphs before and after a passage; empty where there is none."""

    async def load(self) -> bool:
        """Answer from what was indexed last; False where nothing was."""

    async def reindex(self, progress: Progress = ..., *, thorough: bool = True) -> Report:
        """Bring the index up to what the sources hold. Raises ReindexRunningError."""

    async def status(self) -> Status:
        """What there is to know of the index now."""

    def single_instance(self) -> AbstractContextManager[None]:
        """Be the only bot on the database within the block. Raises AnotherInstanceError."""

    def keep_fresh(self, *, dedicated_process: bool = False) -> None:
        """Follow from now on what other processes index; see `SearchEngine.keep_fresh`."""
