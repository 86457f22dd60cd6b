"""Frozen records that the packages exchange, instead of dicts and database rows.

Records that are sent between processes have no slots: with slots, pickle is slower, as it runs
Python code.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a saved page.

    `text` is verbatim except for surrounding white space. `left_out` is the reason, in a few words,
    why the block is not part of the article; empty for a paragraph of it. `page` is the number of
    the printed page on which it begins, from 1; 0 where there are no such pages.
    """

    text: str
    left_out: str = ""
    page: int = 0

    @property
    def kept(self) -> bool:
        """True if the block is a paragraph of the article."""
        return not self.left_out


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """One article as extracted from a file: its metadata and all blocks.

    Metadata that the file does not give is empty. `published` is an ISO 8601 date, month or year. A
    `brief` retells an article in other words: its link opens the original, without a text fragment.
    `line` is a digest of the archive line that contains the article; empty for other files.
    `unknown_keys` are the keys of its front matter that are ignored, `problems` what else is odd
    about it, each in a few words.
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
    problems: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The article's paragraphs, in order."""
        return tuple(block.text for block in self.blocks if block.kept)

    @property
    def pages(self) -> tuple[int, ...]:
        """The number of the first paragraph on or after each page; empty without pages."""
        pages = [block.page for block in self.blocks if block.kept]
        last = max(pages, default=0)
        return tuple(bisect_left(pages, page) + 1 for page in range(1, last + 1))


@dataclass(frozen=True, slots=True)
class UnchangedLine:
    """An article of an archive that need not be read again: its `line` and its id are unchanged."""

    id: str
    line: bytes


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that was not read; `reason` is one line that says what to do."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"skipped {self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CoverageWarning:
    """An item that was read, but probably not as its owner intended; `reason` is one line."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"warning: {self.name}: {self.reason}"


@dataclass(frozen=True)
class Article:
    """An indexed article; fields as in `ExtractedArticle`, and the number of its paragraphs.

    `pages` has the number of the first paragraph on or after each of its pages.
    """

    id: str
    title: str
    publisher: str
    author: str
    published: str
    url: str
    brief: bool
    paragraphs: int
    pages: tuple[int, ...] = ()

    @property
    def outlet(self) -> str:
        """The publisher; if that is not known, the host of the address, or nothing."""
        return self.publisher or host_of(self.url)


def host_of(url: str) -> str:
    """The host of an address without "www."; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@dataclass(frozen=True)
class Passage:
    """One paragraph of an article, the unit of retrieval. `number` counts from 1."""

    article: Article
    number: int
    text: str

    @property
    def page(self) -> int:
        """The number of the printed page on which it begins; 0 where there are none."""
        return bisect_right(self.article.pages, self.number)


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
    is the sentence that answers best, as character offsets into `passage.text`. `link` opens the
    article at that sentence; empty if the article is not on the web. It is `overtaken` if a newer
    hit gives another figure. `also_in` are articles of other outlets with nearly the same words,
    one of each outlet, oldest first.
    """

    passage: Passage
    score: float
    highlight: Span
    link: str
    overtaken: bool = False
    also_in: tuple[Article, ...] = ()

    @property
    def sentence(self) -> str:
        """The sentence that answers best."""
        return self.highlight.of(self.passage.text)


@dataclass(frozen=True)
class Reference:
    """A reference to a passage: the id of its article, its number there, a digest of its text.

    `start` and `end` are the highlight, as half-open character offsets into the text.
    """

    article: str
    number: int
    start: int
    end: int
    digest: str


class Outcome(Enum):
    """The outcome of a question, by its confidence."""

    ANSWERED = "the passages answer it"
    CLOSE = "the passages come close, and may not answer it"
    ABSENT = "the coverage does not say; the passages only share words with the question"


@dataclass(frozen=True)
class Answer:
    """The passages that answer a question, with the confidence that they do.

    `question` is the text that was searched for; after a `follow_up`, a combination with the
    previous question. `hits` come best first, whatever the outcome. `confidence`, from 0 to 1, can
    be compared between questions. `unmatched` are the words of the question, as typed, that the
    coverage does not contain; `suggested` has similar words of the coverage for some of them.
    `corrected` maps misspelt words to what was searched for instead. `small_talk` marks greetings
    and thanks, and a follow-up to nothing ("and when?"), which is `incomplete`. `further` are
    passages that rank after `hits`, if they were requested and the
    outcome is not ABSENT. `passages_read` is the number of passages that the reader scored in time.
    `listed` is the time of which the question asks for all that there is, and `published` that of
    the whole coverage: pairs of ISO 8601 dates, '' for an open end, None if not asked or unknown.
    `language` is that of the question, and `coverage_languages` those of the articles, most
    frequent first: ISO 639 codes.
    """

    question: str
    outcome: Outcome
    confidence: float
    unmatched: tuple[str, ...]
    hits: tuple[Hit, ...]
    took_ms: float
    small_talk: bool = False
    incomplete: bool = False
    suggested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    follow_up: bool = False
    further: tuple[Reference, ...] = ()
    passages_read: int = 0
    listed: tuple[str, str] | None = None
    published: tuple[str, str] | None = None
    language: str = ""
    coverage_languages: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """True if the coverage probably answers the question."""
        return self.outcome is Outcome.ANSWERED

    @property
    def language_mismatch(self) -> bool:
        """True if no article is in the language of the question: little can be found then."""
        return bool(self.coverage_languages) and self.language not in self.coverage_languages

    @property
    def shown(self) -> tuple[Hit, ...]:
        """The hits to show; none for ABSENT."""
        return () if self.outcome is Outcome.ABSENT else self.hits


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a reindex: numbers of articles, problems, and the seconds it took.

    `articles` and `paragraphs` are totals. `warnings` are about items that were read, `skipped`
    about items that were not.
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
    """The state of an index.

    `indexed` is the time of its last change, and `checked` that of the last check of all sources
    for changes: ISO 8601 in UTC, empty before the first. `kept` is false for a database in memory.
    `failure` is the reason why the last reindex of this process failed; empty if it did not.
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
    failure: str = ""
