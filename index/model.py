"""What travels between the parts: frozen records, no dicts and no database rows.

Those that travel between processes have no slots: with them, pickle would go through Python code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a saved page, as it stood there.

    `text` is verbatim but for surrounding white space. `left_out` is empty for a paragraph of the
    article, else the reason, in a few words, why the block is not part of it.
    """

    text: str
    left_out: str = ""

    @property
    def kept(self) -> bool:
        """Whether the block is a paragraph of the article."""
        return not self.left_out


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """One article as a reader found it in a file: what the file says of it, and all its blocks.

    A field that the file does not tell is empty. `published` is an ISO 8601 date, month or year.
    A `brief` retells an article in other words: its link opens the original, not these words.
    `line` is a digest of the line of an archive that all of it was read from; empty for others.
    `unknown_keys` are those of its front matter that say nothing here.
    """

    blocks: tuple[Block, ...]
    id: str = ""
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    url: str = ""
    brief: bool = False
    line: bytes = b""
    unknown_keys: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The article's paragraphs, in order."""
        return tuple(block.text for block in self.blocks if block.kept)


@dataclass(frozen=True, slots=True)
class UnchangedLine:
    """An article of an archive that need not be read: its `line` is as it was, and so is its id."""

    id: str
    line: bytes


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read, and why: `reason` is one line that says what to do."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"skipped {self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CoverageWarning:
    """Something that was read, but probably not as its owner meant it: `reason` is one line."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"warning: {self.name}: {self.reason}"


@dataclass(frozen=True)
class Article:
    """An indexed article. `paragraphs` is their number; the other fields are those of `ExtractedArticle`."""

    id: str
    title: str
    publisher: str
    author: str
    published: str
    url: str
    brief: bool
    paragraphs: int


@dataclass(frozen=True)
class Passage:
    """One paragraph of an article, the unit of retrieval. `number` counts from 1."""

    article: Article
    number: int
    text: str


@dataclass(frozen=True)
class Span:
    """Half-open character offsets into a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class Hit:
    """A passage found for a question.

    `score` orders the hits of one question and cannot be compared between questions. `highlight`
    is the sentence that answers best, as offsets into `passage.text`; `link` opens the article at
    that sentence, and is empty where the article is not on the web.
    """

    passage: Passage
    score: float
    highlight: Span
    link: str

    @property
    def sentence(self) -> str:
        """The sentence that answers best."""
        return self.highlight.of(self.passage.text)


@dataclass(frozen=True)
class Reference:
    """A passage that was found, by name: its article's id, its number there, a digest of its text.

    `start` and `end` are the highlight, as half-open character offsets into that text.
    """

    article: str
    number: int
    start: int
    end: int
    digest: str


class Outcome(Enum):
    """What came of a question."""

    ANSWERED = "the passages answer it"
    CLOSE = "the passages come close, and may not answer it"
    ABSENT = "the coverage does not say; the passages only share words with it"


@dataclass(frozen=True)
class Answer:
    """What the coverage says to a question.

    `hits` come best first, whatever the outcome. `confidence` lies between 0 and 1 and can be
    compared between questions. `unmatched` are the question's words, as typed, that appear nowhere
    in the coverage; `suggested` has, for some of them, words of the coverage that may have been
    meant; `corrected` maps those that clearly were to what was searched for. `small_talk` marks a
    greeting or thanks, which asks nothing. `follow_up` tells that `question`, as it was searched
    for, is made of the one asked and the one before it. `further` are passages that come after
    `hits`, where they were asked for and the coverage may say it.
    """

    question: str
    outcome: Outcome
    confidence: float
    unmatched: tuple[str, ...]
    hits: tuple[Hit, ...]
    took_ms: float
    small_talk: bool = False
    suggested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    follow_up: bool = False
    further: tuple[Reference, ...] = ()
    passages_read: int = 0

    @property
    def answered(self) -> bool:
        """Whether the coverage says it, as far as can be told."""
        return self.outcome is Outcome.ANSWERED

    @property
    def shown(self) -> tuple[Hit, ...]:
        """The hits that are worth a person's look."""
        return () if self.outcome is Outcome.ABSENT else self.hits


@dataclass(frozen=True, slots=True)
class Report:
    """What a reindex did: numbers of articles, then of all paragraphs, then seconds.

    `warnings` are about what was read, and `skipped` was not.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    warnings: tuple[CoverageWarning, ...]
    articles: int
    paragraphs: int
    took_s: float


@dataclass(frozen=True, slots=True)
class Status:
    """What there is to know of an index.

    `indexed` is when it changed last, and `checked` when all sources were last looked through for
    changes: ISO 8601 in UTC, empty before the first time. `kept` is false where the database ends
    with the program.
    """

    articles: int
    paragraphs: int
    sources: tuple[str, ...]
    indexed: str
    checked: str
    database: str
    kept: bool
    version: str
    sqlite: str
