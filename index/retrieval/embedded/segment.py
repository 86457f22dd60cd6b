"""A segment: some articles as arrays, with all that is needed to find their passages.

Segments are immutable.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import AnalyzedArticles
from index.analysis.forward_index import ForwardIndex, Integers, join, starts_of
from index.analysis.string_array import Arrays, StringArray, prefixed, unprefixed
from index.analysis.vocabulary import Vocabulary
from index.retrieval.bm25.inversion import postings_of
from index.retrieval.bm25.postings import Postings


@dataclass(frozen=True, slots=True)
class Segment:
    """The arrays of some articles; these, and their passages, are numbered from 0.

    `name` is unique. `vocabulary` has the terms and words that occur in no earlier segment. `first`
    is the first passage of each article, and the end, `int64[articles + 1]`; `article_of` the
    article of each passage, `int32[passages]`. `source_of` and `date_of` are each article's indices
    in `sources` and `dates`, `int32[articles]`: publisher and author, separated by a tab, and the
    date of publication, as far as known. `digests` has a digest of each article's content,
    `S32[articles]`, and `languages` the index of its language in `LANGUAGES`, `uint8[articles]`.
    """

    name: str
    vocabulary: Vocabulary
    headlines: ForwardIndex
    passages: ForwardIndex
    first: NDArray[np.int64]
    article_of: NDArray[np.int32]
    sources: StringArray
    source_of: NDArray[np.int32]
    dates: StringArray
    date_of: NDArray[np.int32]
    digests: NDArray[np.bytes_]
    languages: NDArray[np.uint8]
    passage_lists: Postings
    article_lists: Postings

    def __len__(self) -> int:
        """The number of articles."""
        return len(self.first) - 1

    @property
    def read(self) -> AnalyzedArticles:
        """The analyzed articles."""
        return AnalyzedArticles(self.headlines, self.passages, np.diff(self.first), self.languages)

    def arrays(self) -> Arrays:
        """All arrays, by their names in the index file."""
        return {
            **prefixed("vocabulary", self.vocabulary.arrays()),
            **prefixed("headlines", self.headlines.arrays()),
            **prefixed("passages", self.passages.arrays()),
            "first": self.first,
            "article_of": self.article_of,
            **prefixed("sources", self.sources.arrays()),
            "source_of": self.source_of,
            **prefixed("dates", self.dates.arrays()),
            "date_of": self.date_of,
            "digests": self.digests,
            "languages": self.languages,
            **prefixed("passage_lists", self.passage_lists.arrays()),
            **prefixed("article_lists", self.article_lists.arrays()),
        }

    @classmethod
    def from_arrays(cls, name: str, first_id: int, arrays: Arrays) -> "Segment":
        """Restore a segment, whose new terms have ids from `first_id` on, from `arrays`."""
        passages, first = ForwardIndex(**unprefixed(arrays, "passages")), arrays["first"]
        return cls(
            name=name,
            vocabulary=Vocabulary.from_arrays(first_id, unprefixed(arrays, "vocabulary")),
            headlines=ForwardIndex(**unprefixed(arrays, "headlines")),
            passages=passages,
            first=first,
            article_of=arrays["article_of"],
            sources=StringArray(**unprefixed(arrays, "sources")),
            source_of=arrays["source_of"],
            dates=StringArray(**unprefixed(arrays, "dates")),
            date_of=arrays["date_of"],
            digests=arrays["digests"],
            languages=arrays["languages"],
            passage_lists=Postings.from_arrays(len(passages), unprefixed(arrays, "passage_lists")),
            article_lists=Postings.from_arrays(len(first) - 1, unprefixed(arrays, "article_lists")),
        )


def make_segment(
    read: AnalyzedArticles,
    vocabulary: Vocabulary,
    articles: Iterable[tuple[str, str, str]],
    digests: Sequence[str] = (),
) -> Segment:
    """Build a segment of analyzed articles, each with publisher, author and date."""
    about = list(articles)
    sources, source_of = _pool([f"{publisher}\t{author}" for publisher, author, _ in about])
    dates, date_of = _pool([published for *_, published in about])
    passage_lists, article_lists = postings_of(read, len(vocabulary))
    return Segment(
        name=uuid4().hex,
        vocabulary=vocabulary,
        headlines=read.headlines,
        passages=read.passages,
        first=starts_of(read.counts),
        article_of=np.repeat(np.arange(len(read.counts), dtype=np.int32), read.counts),
        sources=sources,
        source_of=source_of,
        dates=dates,
        date_of=date_of,
        digests=np.array(digests, "S32"),
        languages=read.languages,
        passage_lists=passage_lists,
        article_lists=article_lists,
    )


def _pool(values: Sequence[str]) -> tuple[StringArray, NDArray[np.int32]]:
    """The distinct values, and the index of each value among them."""
    indices: dict[str, int] = {}
    of = [indices.setdefault(value.replace("\n", " "), len(indices)) for value in values]
    return StringArray.of(indices), np.array(of, np.int32)


class SegmentedTexts:
    """The forward index over the texts of the main segment and, if there is one, the delta."""

    def __init__(self, parts: Sequence[ForwardIndex]) -> None:
        self._main, *self._delta = parts

    def tokens_of(self, text: int) -> NDArray[np.int32]:
        """The tokens of one text."""
        part = self._main
        if text >= len(part):
            [part], text = self._delta, text - len(part)
        first, after = part.sentences[part.texts[text : text + 2]]
        return part.tokens[first:after]

    def take(self, texts: Integers) -> ForwardIndex:
        """Select texts, in that order."""
        is_new = texts >= len(self._main)
        if not np.any(is_new):
            return self._main.take(texts)
        [delta] = self._delta
        taken = join([self._main.take(texts[~is_new]), delta.take(texts[is_new] - len(self._main))])
        order = np.empty(len(texts), np.int64)
        order[~is_new] = np.arange(len(texts) - is_new.sum())
        order[is_new] = np.arange(len(texts) - is_new.sum(), len(texts))
        return taken.take(order)

    def containing(self, run: Sequence[int]) -> NDArray[np.int64]:
        """The texts that have the terms of `run` one after another in a sentence, ascending."""
        found = [self._main.containing(run)]
        found += [delta.containing(run) + len(self._main) for delta in self._delta]
        return np.concatenate(found)
