"""From a question to the passages that answer it, or to "the coverage doesn't say"."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from index.citation import link
from index.confidence import confidence
from index.corpus import Corpus
from index.evidence import WEIGHTS, Candidate, Evidence, Found, gather
from index.model import Answer, Hit, Outcome, Passage
from index.okapi import Groups
from index.question import Query, parse_question
from index.vocabulary import UNKNOWN

# From this share of the threshold on, the passages are worth a look: on news, one in a hundred of
# the questions that the coverage answers falls below, and one in six of the others.
_CLOSE = 1 / 3

_CANDIDATES = 80  # passages that are looked at closely after BM25 has found them

# Another article's best passage is shown, too, when it holds this share of what the best one does.
_ALSO_SPEAKS = 0.6


@dataclass(frozen=True, slots=True)
class Tuning:
    """What an owner may set about the answers.

    `threshold` is the confidence from which on a question counts as answered: on news, the default
    answers nine in ten of the questions that the coverage answers, and refuses two in three of the
    others. `freshness` is the weight of newness, see `evidence.Evidence.fresh`; 0 for none.
    """

    threshold: float = 0.3
    freshness: float = WEIGHTS.fresh


def answer(  # noqa: PLR0913 - each but the question can be left to its default
    corpus: Corpus,
    question: str,
    *,
    top: int,
    more: int = 0,
    tuning: Tuning = Tuning(),
    asked: dt.date | None = None,
) -> Answer:
    """The `top` best passages of `corpus` for `question`, and whether they answer it.

    Up to `more` that come next are its `further` ones.

    The question is read as of the day `asked`, by default today. Raises QuestionError where it
    cannot be searched for.
    """
    started = time.perf_counter()
    query = parse_question(corpus, question, asked or dt.datetime.now(dt.UTC).date())
    found = (
        [] if query.small_talk else rank(corpus, query, WEIGHTS._replace(fresh=tuning.freshness))
    )
    sure = confidence(query, found)
    chosen = _choose(corpus, query, found, top)
    cite = partial(_cite, corpus, cache(corpus.passages_in))  # several are often of one article
    return Answer(
        question=question,
        outcome=_outcome(sure, tuning.threshold),
        confidence=sure,
        unmatched=query.unmatched,
        suggested=query.suggested,
        corrected=query.corrected,
        hits=tuple(map(cite, chosen)),
        further=tuple(map(cite, _next(found, chosen)[:more])),
        took_ms=(time.perf_counter() - started) * 1000,
        small_talk=query.small_talk,
    )


def _outcome(sure: float, threshold: float) -> Outcome:
    if sure >= threshold:
        return Outcome.ANSWERED
    return Outcome.CLOSE if sure >= threshold * _CLOSE else Outcome.ABSENT


def rank(corpus: Corpus, query: Query, weights: Evidence = WEIGHTS) -> list[Candidate]:
    """The passages that BM25 finds, best first by all evidence, ties by position.

    BM25 finds them by their own words and those of their article: a paragraph of an article on the
    matter need not name it again. With both, 80 candidates hold as many answers as 150 with one.
    """
    terms = [term for term in query.ids.tolist() if term != UNKNOWN]
    articles = corpus.article_ranker.scores(terms)
    positions, scores = corpus.passage_ranker.top(
        terms,
        _CANDIDATES,
        Groups(corpus.article_of, articles, corpus.admitted(query.wanted)),
    )
    found = Found(positions, scores, articles[corpus.article_of[positions]])
    candidates = gather(corpus, query, found, weights)
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.position))


def _choose(corpus: Corpus, query: Query, found: list[Candidate], top: int) -> list[Candidate]:
    """The `top` best with no text twice, and with another article's best where that speaks too.

    Where `each` article is asked for, the best of each.
    """
    texts: dict[str, Candidate] = {}
    for candidate in found:
        texts.setdefault(candidate.text, candidate)
    distinct = list(texts.values())

    def article(candidate: Candidate) -> int:
        return int(corpus.article_of[candidate.position])

    if query.each:
        firsts: dict[int, Candidate] = {}
        for candidate in distinct:
            firsts.setdefault(article(candidate), candidate)
        return list(firsts.values())[:top]
    chosen = distinct[:top]
    if top > 1 and len({article(candidate) for candidate in chosen}) == 1:
        enough = chosen[0].evidence.coverage * _ALSO_SPEAKS
        for candidate in distinct[top:]:
            if article(candidate) != article(chosen[0]) and candidate.evidence.coverage >= enough:
                return [*chosen[:-1], candidate]
    return chosen


def _next(found: list[Candidate], chosen: list[Candidate]) -> list[Candidate]:
    """What was found and not `chosen`, best first, with no text twice."""
    texts = {candidate.text for candidate in chosen}
    left: list[Candidate] = []
    for candidate in found:
        if candidate.text not in texts:
            texts.add(candidate.text)
            left.append(candidate)
    return left


def _cite(
    corpus: Corpus, passages_in: Callable[[int], Sequence[Passage]], candidate: Candidate
) -> Hit:
    passages = passages_in(int(corpus.article_of[candidate.position]))
    passage = passages[candidate.number - 1]
    before = "\n".join(other.text for other in passages[: passage.number - 1])
    address = link(passage.article, before, passage.text, candidate.sentence)
    return Hit(passage, candidate.score, candidate.sentence, address)
