"""Answers a listing: the newest articles of a period or a source, by their first paragraphs."""

import numpy as np

from index.answers.citation import cite, to_passages
from index.answers.features import Features
from index.answers.ranking import RankedPassage
from index.answers.references import make_refs
from index.answers.selection import choose, further
from index.model import Answer, Outcome, Span
from index.queries.query import Query
from index.retrieval.retriever import Retriever

_NO_FEATURES = Features(*(0.0 for _ in Features._fields))
_NO_FLAGS = np.empty(0, bool)
_MORE = 3  # times as many passages, as repeated texts are left out


def list_newest(retriever: Retriever, query: Query, top: int, more: int) -> Answer:
    """The answer with the `top` newest leads, and `more` further ones. Raises StaleIndexError.

    Absent if there is nothing of that time.
    """
    ranked = _newest(retriever, query, _MORE * (top + more))
    chosen = choose(retriever.analyzer, query, ranked, top)
    rest = [*further(retriever.analyzer, ranked, chosen)][:more]
    passages = to_passages(retriever, [*chosen, *rest])
    published, wanted = retriever.published, query.article_filter
    has_time = wanted.after or wanted.before
    return Answer(
        question=query.text,
        outcome=Outcome.ANSWERED if chosen else Outcome.ABSENT,
        confidence=float(bool(chosen)),
        unmatched=(),
        hits=cite(retriever, chosen, passages[: len(chosen)]),
        took_ms=0.0,
        further=make_refs(rest, passages[len(chosen) :]),
        listed=(wanted.after, wanted.before) if has_time and not wanted.sources else None,
        language=query.language,
        coverage_languages=tuple(retriever.languages),
        published=(published.first.isoformat(), published.last.isoformat()) if published else None,
    )


def _newest(retriever: Retriever, query: Query, k: int) -> list[RankedPassage]:
    found = retriever.newest(query.article_filter, k)
    keys, text = found.keys(), found.passages
    return [
        RankedPassage(
            *key,
            passage,
            Span(*text.spans[text.texts[at]].tolist()),
            _NO_FLAGS,
            _NO_FLAGS,
            _NO_FEATURES,
            0.0,
        )
        for at, (key, passage) in enumerate(zip(keys, retriever.texts(keys), strict=True))
    ]
