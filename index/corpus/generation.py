"""One generation of the coverage as arrays: all that is needed to find its passages.

They are made of what the lexicon read of each article, and can be made again, for other articles,
from what was read before: only what is new is analysed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from index.bm25.impacts import weigh
from index.bm25.inverting import Kept, moved, postings_of
from index.bm25.okapi import Okapi
from index.bm25.postings import Kinds
from index.terms.forward import Forward, starts_of
from index.terms.read import Read, join_read
from index.terms.strings import Arrays, Strings, named, within
from index.terms.vocabulary import EMPTY, Vocabulary


@dataclass(frozen=True, slots=True)
class Generation:
    """The arrays of a corpus.

    `first` is the first passage of each article, and one more for the end: `int64[articles + 1]`;
    `article_of` the article of each passage, `int32[passages]`. `source_of` and `date_of` are the
    articles' places in `sources` and `dates`, `int32[articles]`: publisher and author with a tab
    between them, and the day of publication as it is known. `passage_kinds` and `article_kinds` are
    what posting lists are brought up to date by; nothing is found by them.
    """

    vocabulary: Vocabulary
    headlines: Forward
    passages: Forward
    first: NDArray[np.int64]
    article_of: NDArray[np.int32]
    sources: Strings
    source_of: NDArray[np.int32]
    dates: Strings
    date_of: NDArray[np.int32]
    passage_ranker: Okapi
    article_ranker: Okapi
    passage_kinds: Kinds
    article_kinds: Kinds

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.first) - 1

    @property
    def read(self) -> Read:
        """What was read of its articles."""
        return Read(self.headlines, self.passages, np.diff(self.first))

    def kept(self, articles: NDArray[np.int64]) -> Kept:
        """What stays of it among `articles`: its own by their numbers, and others beyond these."""
        return Kept(
            passages=self.passage_ranker.postings(self.passage_kinds),
            articles=self.article_ranker.postings(self.article_kinds),
            first=self.first,
            moved=moved(articles, len(self)),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All of it, by name."""
        arrays = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                arrays[field.name] = value
            else:
                arrays |= named(field.name, value.arrays())
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Generation":
        """The generation that has these `arrays`, which are not copied."""
        return cls(
            vocabulary=Vocabulary.from_arrays(within(arrays, "vocabulary")),
            headlines=Forward(**within(arrays, "headlines")),
            passages=Forward(**within(arrays, "passages")),
            first=arrays["first"],
            article_of=arrays["article_of"],
            sources=Strings(**within(arrays, "sources")),
            source_of=arrays["source_of"],
            dates=Strings(**within(arrays, "dates")),
            date_of=arrays["date_of"],
            passage_ranker=Okapi.from_arrays(within(arrays, "passage_ranker")),
            article_ranker=Okapi.from_arrays(within(arrays, "article_ranker")),
            passage_kinds=Kinds(**within(arrays, "passage_kinds")),
            article_kinds=Kinds(**within(arrays, "article_kinds")),
        )


def make_generation(
    read: Read,
    vocabulary: Vocabulary,
    articles: Iterable[tuple[str, str, str]],
    kept: Kept | None = None,
) -> Generation:
    """The arrays for what was read of some articles, each with publisher, author, publication.

    Of what is `kept`, if anything is, the posting lists are taken over.
    """
    first = starts_of(read.counts)
    article_of = np.repeat(np.arange(len(read.counts), dtype=np.int32), read.counts)
    about = list(articles)
    sources, source_of = _pool([f"{publisher}\t{author}" for publisher, author, _ in about])
    dates, date_of = _pool([published for *_, published in about])
    passages, in_articles = (
        kept.updated(read, len(vocabulary)) if kept else postings_of(read, len(vocabulary))
    )
    return Generation(
        vocabulary=vocabulary,
        headlines=read.headlines,
        passages=read.passages,
        first=first,
        article_of=article_of,
        sources=sources,
        source_of=source_of,
        dates=dates,
        date_of=date_of,
        passage_ranker=Okapi(weigh(passages, len(read.passages), k1=0.9, b=0.4)),
        article_ranker=Okapi(weigh(in_articles, len(read.counts), k1=1.2, b=0.75)),
        passage_kinds=passages.kinds,
        article_kinds=in_articles.kinds,
    )


def _pool(values: Sequence[str]) -> tuple[Strings, NDArray[np.int32]]:
    """The distinct values, and the place of each value among them."""
    places: dict[str, int] = {}
    of = [places.setdefault(value.replace("\n", " "), len(places)) for value in values]
    return Strings.of(places), np.array(of, np.int32)


NONE = make_generation(join_read([]), EMPTY, ())
