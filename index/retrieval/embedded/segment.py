"""A segment: some articles as arrays, which hold all that is needed to find their passages.

It is made once, of what the lexicon read of each article, and never changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import Read
from index.analysis.forward_index import ForwardIndex, starts_of
from index.analysis.string_array import Arrays, StringArray, named, within
from index.analysis.vocabulary import Vocabulary
from index.retrieval.bm25.inversion import postings_of
from index.retrieval.bm25.postings import Postings


@dataclass(frozen=True, slots=True)
class Segment:
    """The arrays of some articles, which count from 0, as do their passages.

    No other segment has its `name`. `vocabulary` has what occurs in no segment before. `first` is
    the first passage of each article, and one more for the end: `int64[articles + 1]`; `article_of`
    the article of each passage, `int32[passages]`. `source_of` and `date_of` are the articles'
    places in `sources` and `dates`, `int32[articles]`: publisher and author with a tab between
    them, and the day of publication as it is known. `digests` are those of all that an article
    says, `S32[articles]`.
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
    passage_lists: Postings
    article_lists: Postings

    def __len__(self) -> int:
        """How many articles it has."""
        return len(self.first) - 1

    @property
    def read(self) -> Read:
        """What was read of its articles."""
        return Read(self.headlines, self.passages, np.diff(self.first))

    def arrays(self) -> Arrays:
        """All of it but its name, by name."""
        return {
            **named("vocabulary", self.vocabulary.arrays()),
            **named("headlines", self.headlines.arrays()),
            **named("passages", self.passages.arrays()),
            "first": self.first,
            "article_of": self.article_of,
            **named("sources", self.sources.arrays()),
            "source_of": self.source_of,
            **named("dates", self.dates.arrays()),
            "date_of": self.date_of,
            "digests": self.digests,
            **named("passage_lists", self.passage_lists.arrays()),
            **named("article_lists", self.article_lists.arrays()),
        }

    @classmethod
    def from_arrays(cls, name: str, first_id: int, arrays: Arrays) -> "Segment":
        """The segment with new terms from that id on and these `arrays`, which are not copied."""
        passages, first = ForwardIndex(**within(arrays, "passages")), arrays["first"]
        return cls(
            name=name,
            vocabulary=Vocabulary.from_arrays(first_id, within(arrays, "vocabulary")),
            headlines=ForwardIndex(**within(arrays, "headlines")),
            passages=passages,
            first=first,
            article_of=arrays["article_of"],
            sources=StringArray(**within(arrays, "sources")),
            source_of=arrays["source_of"],
            dates=StringArray(**within(arrays, "dates")),
            date_of=arrays["date_of"],
            digests=arrays["digests"],
            passage_lists=Postings.from_arrays(len(passages), within(arrays, "passage_lists")),
            article_lists=Postings.from_arrays(len(first) - 1, within(arrays, "article_lists")),
        )


def make_segment(
    read: Read,
    vocabulary: Vocabulary,
    articles: Iterable[tuple[str, str, str]],
    digests: Sequence[str] = (),
) -> Segment:
    """The segment of what was read of articles, each with publisher, author and publication."""
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
        passage_lists=passage_lists,
        article_lists=article_lists,
    )


def _pool(values: Sequence[str]) -> tuple[StringArray, NDArray[np.int32]]:
    """The distinct values, and the place of each value among them."""
    places: dict[str, int] = {}
    of = [places.setdefault(value.replace("\n", " "), len(places)) for value in values]
    return StringArray.of(places), np.array(of, np.int32)
