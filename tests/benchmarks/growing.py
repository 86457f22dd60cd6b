"""Collections of analysed paragraphs: the news of the evaluation pack, and larger ones of it.

A grown article tells a story of its own in the language of two real ones. It has the paragraphs of
the first, in number and length. Each word of it follows the one before as it does somewhere in the
two, or is any word of the two, or any of the news, at 50, 35 and 15 percent. Then its rare words
are renamed, alike throughout the article, since other news has other names: so many to names never
seen before that the vocabulary goes on to grow by Heaps' law as measured on the real news, and of
the rest one half to names that earlier articles used, at random by their use. So posting lists of
common words grow with the collection, those of names stay short, and no paragraph is there twice.
"""

from pathlib import Path

import numpy as np
from numba import njit

from benchmarks.collection import Collection
from index import ExtractedArticle, Source
from index.analysis.analyzer import Analyzer
from index.sources.source import list_items

_RARE = 5  # a word that stands no oftener in the real news is taken for a name
_SEED = 734_489


def read_news(file: Path) -> tuple[Collection, dict[str, int]]:
    """The paragraphs of a file of articles as clipdesk analyses them, and the ids of terms."""
    analyzer = Analyzer()
    ids: dict[str, int] = {}
    tokens: list[int] = []
    offsets = [0]
    article_of: list[int] = []
    [item] = list_items(Source(str(file.resolve()))).items
    articles = [
        page for page in item.articles() if isinstance(page, ExtractedArticle) and page.paragraphs
    ]
    for number, page in enumerate(articles):
        for paragraph in page.paragraphs:
            tokens += (ids.setdefault(term, len(ids)) for term in analyzer.terms(paragraph))
            offsets.append(len(tokens))
            article_of.append(number)
    return Collection(
        np.array(tokens, np.int32), np.array(offsets, np.int64), np.array(article_of, np.int32)
    ), ids


def grow(real: Collection, paragraphs: int) -> Collection:
    """A collection of at least so many paragraphs that begins with the real one."""
    factor, power = heaps(real)
    tokens, lengths, articles = _grow(
        real.tokens,
        real.offsets,
        np.searchsorted(real.article_of, np.arange(real.article_of[-1] + 2)),
        np.bincount(real.tokens),
        paragraphs - len(real.article_of),
        factor,
        power,
        _SEED,
    )
    return Collection(
        np.concatenate([real.tokens, tokens]),
        np.concatenate([real.offsets, real.offsets[-1] + np.cumsum(lengths)]),
        np.concatenate([real.article_of, articles]),
    )


def heaps(collection: Collection) -> tuple[float, float]:
    """Factor and power of Heaps' law, V(n) = factor · n ** power, over the last three quarters."""
    _, firsts = np.unique(collection.tokens, return_index=True)
    firsts.sort()
    sizes = np.linspace(len(collection.tokens) / 4, len(collection.tokens), 20)
    distinct = np.searchsorted(firsts, sizes)
    power, log_factor = np.polyfit(np.log(sizes), np.log(distinct), 1)
    return float(np.exp(log_factor)), float(power)


def zipf(collection: Collection) -> float:
    """The power by which frequency falls with rank, from rank 100 to 10,000."""
    counts = np.sort(np.bincount(collection.tokens))[::-1][100:10_000]
    power, _ = np.polyfit(np.log(np.arange(100, 100 + len(counts))), np.log(counts), 1)
    return float(-power)


@njit(cache=True)
def _grow(tokens, offsets, firsts, counts, paragraphs, factor, power, seed):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, C901, PLR0912, PLR0913, PLR0915, PLR0917
    np.random.seed(seed)  # noqa: NPY002 - what numba has
    articles = len(firsts) - 1
    is_frequent = counts > _RARE
    fresh = len(counts)
    written = np.empty(len(tokens) * (2 + paragraphs // (len(offsets) - 1)), np.int32)
    size = 0
    lengths = np.empty(paragraphs, np.int64)
    article_of = np.empty(paragraphs, np.int32)
    renamed = np.full(len(counts), -1, np.int32)
    made = 0
    article = articles
    while made < paragraphs:
        one, other = np.random.randint(articles), np.random.randint(articles)  # noqa: NPY002
        begin, end = offsets[firsts[one]], offsets[firsts[one + 1]]
        begin2, end2 = offsets[firsts[other]], offsets[firsts[other + 1]]
        story = np.concatenate((tokens[begin:end], tokens[begin2:end2]))
        if len(story) < 2:
            continue
        start = size
        for paragraph in range(firsts[one], min(firsts[one + 1], firsts[one] + paragraphs - made)):
            length = offsets[paragraph + 1] - offsets[paragraph]
            at = np.random.randint(len(story))  # noqa: NPY002
            for _ in range(length):
                dice = np.random.random()  # noqa: NPY002
                if dice < 0.5:
                    # Another place of the same word, a few tries, and on from there.
                    for _ in range(30):
                        place = np.random.randint(len(story) - 1)  # noqa: NPY002
                        if story[place] == story[at]:
                            at = place
                            break
                    at = (at + 1) % len(story)
                    written[size] = story[at]
                elif dice < 0.85:
                    at = np.random.randint(len(story))  # noqa: NPY002
                    written[size] = story[at]
                else:
                    written[size] = tokens[np.random.randint(len(tokens))]  # noqa: NPY002
                size += 1
            lengths[made] = length
            article_of[made] = article
            made += 1
        article += 1
        rare = 0
        for at in range(start, size):
            if not is_frequent[written[at]] and renamed[written[at]] == -1:
                renamed[written[at]] = -2
                rare += 1
        seen = len(tokens) + size
        wanted = factor * (seen**power - (seen - (size - start)) ** power)
        news = wanted / max(1, rare)
        touched = written[start:size].copy()
        for at in range(start, size):
            term = written[at]
            if is_frequent[term]:
                continue
            if renamed[term] == -2:
                dice = np.random.random()  # noqa: NPY002
                renamed[term] = term
                if dice < news:
                    renamed[term] = fresh
                    fresh += 1
                elif dice < (1 + news) / 2 and start:
                    for _ in range(200):
                        name = written[np.random.randint(start)]  # noqa: NPY002
                        if name >= len(counts) or not is_frequent[name]:
                            renamed[term] = name
                            break
            written[at] = renamed[term]
        for term in touched:
            renamed[term] = -1
    return written[:size].copy(), lengths, article_of
