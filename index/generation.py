"""One generation of the coverage as arrays: all that is needed to find its passages.

They are made of what the lexicon read of each article, and can be made again, for other articles,
from what was read before: only what is new is analysed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from index.forward import Forward, join, ranges, starts_of
from index.impacts import weigh
from index.lexicon import COMMON, Lexicon
from index.okapi import Okapi
from index.postings import invert, of_groups, pair
from index.strings import Arrays, Strings, named, within
from index.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of some articles, in order.

    `headlines` has a text for each of them, and `passages` one for each of their paragraphs, of
    which they have as many as `counts` says, `int64[articles]`.
    """

    headlines: Forward
    passages: Forward
    counts: NDArray[np.int64]

    def take(self, articles: NDArray[np.int64]) -> "Read":
        """Those of the articles, in that order."""
        passages, _ = ranges(starts_of(self.counts), articles)
        return Read(
            self.headlines.take_most(articles),
            self.passages.take_most(passages),
            self.counts[articles],
        )

    def renumbered(self, ids: NDArray[np.int32]) -> "Read":
        """The same with `ids[i]` in place of the id i."""
        return Read(self.headlines.renumbered(ids), self.passages.renumbered(ids), self.counts)


@dataclass(frozen=True, slots=True)
class Generation:
    """The arrays of a corpus.

    `first` is the first passage of each article, and one more for the end: `int64[articles + 1]`;
    `article_of` the article of each passage, `int32[passages]`. `source_of` and `date_of` are the
    articles' places in `sources` and `dates`, `int32[articles]`: publisher and author with a tab
    between them, and the day of publication as it is known.
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
        )


def read_articles(lexicon: Lexicon, articles: Iterable[tuple[str, Sequence[str]]]) -> Read:
    """What the lexicon reads of articles, each a title and its paragraphs."""
    titles: list[str] = []
    counts: list[int] = []

    def paragraphs() -> Iterable[str]:
        for title, texts in articles:
            titles.append(title)
            counts.append(len(texts))
            yield from texts

    passages = lexicon.read(paragraphs())
    return Read(lexicon.read(titles), passages, np.array(counts, np.int64))


def join_read(parts: Sequence[Read]) -> Read:
    """What was read of the articles of all parts, one after another."""
    return Read(
        join([part.headlines for part in parts]),
        join([part.passages for part in parts]),
        np.concatenate([np.empty(0, np.int64), *(part.counts for part in parts)]),
    )


def make_generation(
    read: Read, vocabulary: Vocabulary, articles: Iterable[tuple[str, str, str]]
) -> Generation:
    """The arrays for what was read of some articles, each with publisher, author, publication."""
    first = starts_of(read.counts)
    article_of = np.repeat(np.arange(len(read.counts), dtype=np.int32), read.counts)
    about = list(articles)
    sources, source_of = _pool([f"{publisher}\t{author}" for publisher, author, _ in about])
    dates, date_of = _pool([published for *_, published in about])
    passage_ranker, article_ranker = _rankers(read, first, article_of, len(vocabulary))
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
        passage_ranker=passage_ranker,
        article_ranker=article_ranker,
    )


def _rankers(
    read: Read, first: NDArray[np.int64], article_of: NDArray[np.int32], vocabulary: int
) -> tuple[Okapi, Okapi]:
    """The rankers of passages, and of articles with their headlines."""
    tokens, lengths = _content(read.passages)
    pairs = pair(tokens, np.repeat(np.arange(len(lengths), dtype=np.int32), lengths))
    pairs.sort()
    passages = weigh(invert(pairs, vocabulary), lengths, k1=0.9, b=0.4)

    headline_tokens, headline_lengths = _content(read.headlines)
    headlines = pair(headline_tokens, np.repeat(np.arange(len(first) - 1), headline_lengths))
    headlines.sort()
    pairs = np.concatenate([of_groups(pairs, article_of), headlines])
    pairs.sort(kind="stable")  # which merges what is sorted in itself
    lengths = headline_lengths + np.diff(starts_of(lengths)[first])
    articles = weigh(invert(pairs, vocabulary), lengths, k1=1.2, b=0.75)
    return Okapi(passages), Okapi(articles)


def _content(forward: Forward) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The tokens that are searched for, function words left out, and how many each text has."""
    content = np.flatnonzero(forward.tokens >= COMMON)
    return forward.tokens[content], np.diff(np.searchsorted(content, forward.starts))


def _pool(values: Sequence[str]) -> tuple[Strings, NDArray[np.int32]]:
    """The distinct values, and the place of each value among them."""
    places: dict[str, int] = {}
    of = [places.setdefault(value.replace("\n", " "), len(places)) for value in values]
    return Strings.of(places), np.array(of, np.int32)
