"""From a question to the passages that answer it, or to "the coverage doesn't say"."""

import datetime as dt
import time

from index.answer_kinds import holds
from index.citation import link
from index.confidence import confidence
from index.corpus import Corpus
from index.evidence import WEIGHTS, Candidate, gather
from index.model import Answer, Hit, Span
from index.question import Query, parse_question
from index.sentences import split_sentences

# The confidence from which on a question counts as answered. On news, this one answers nine in ten
# of the questions that the coverage answers and refuses two in three of those that it does not.
THRESHOLD = 0.45

_CANDIDATES = 150  # passages that are looked at closely after BM25 has found them

# What a sentence gains by all of the question's words, and by an answer of the right kind.
_SENTENCE_WORDS = 0.6
_SENTENCE_KIND = 0.2

# Another article's best passage is shown, too, when it holds this share of what the best one does.
_ALSO_SPEAKS = 0.6


def answer(
    corpus: Corpus,
    question: str,
    *,
    top: int,
    threshold: float = THRESHOLD,
    asked: dt.date | None = None,
) -> Answer:
    """The `top` best passages of `corpus` for `question`, and whether they answer it.

    The question is read as of the day `asked`, by default today. Raises QuestionError where it
    cannot be searched for.
    """
    started = time.perf_counter()
    query = parse_question(corpus, question, asked or dt.datetime.now(dt.UTC).date())
    found = [] if query.small_talk else rank(corpus, query)
    sure = confidence(corpus, query, found)
    return Answer(
        question=question,
        answered=sure >= threshold,
        confidence=sure,
        unmatched=query.unmatched,
        corrected=query.corrected,
        hits=tuple(_cite(corpus, query, one) for one in _choose(corpus, query, found, top)),
        took_ms=(time.perf_counter() - started) * 1000,
        small_talk=query.small_talk,
    )


def rank(corpus: Corpus, query: Query) -> list[Candidate]:
    """The passages that BM25 finds, best first by all evidence, ties by position."""
    articles = corpus.article_ranker.get_scores(query.weights)
    candidates = []
    within = corpus.passages_of(query.wanted)
    for scored in corpus.passage_ranker.top(query.weights, _CANDIDATES, within):
        article = float(articles[corpus.article_of[scored.position]])
        evidence = gather(corpus, query, scored.position, scored.score, article)
        candidates.append(Candidate(scored.position, evidence, evidence.weigh(WEIGHTS)))
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.position))


def _choose(corpus: Corpus, query: Query, found: list[Candidate], top: int) -> list[Candidate]:
    """The `top` best with no text twice, and with another article's best where that speaks too.

    Where `each` article is asked for, the best of each.
    """
    texts: dict[str, Candidate] = {}
    for candidate in found:
        texts.setdefault(corpus.passages[candidate.position].text, candidate)
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


def _cite(corpus: Corpus, query: Query, candidate: Candidate) -> Hit:
    passage = corpus.passages[candidate.position]
    highlight = answering_sentence(corpus, query, passage.text)
    first = candidate.position - passage.number + 1
    before = "\n".join(other.text for other in corpus.passages[first : candidate.position])
    address = link(passage.article, before, passage.text, highlight)
    return Hit(passage, candidate.score, highlight, address)


def answering_sentence(corpus: Corpus, query: Query, text: str) -> Span:
    """The sentence of `text` that answers best; the earliest of equals.

    What it holds of the question, by the worth of the terms, and of all the question's words, since
    "was … by" and "in" tell one sentence from the next; and whether it holds an answer of the kind
    that is asked for. On wiki paragraphs, 85.7 % right; 84.4 % by the worth of the terms alone. The
    whole text where it has no sentence of its own.
    """
    sentences = split_sentences(text) or [Span(0, len(text))]

    def value(span: Span) -> float:
        tokens = corpus.analyzer.tokens(span.of(text))
        words = query.words & {token.term for token in tokens}
        return (
            query.worth({token.term for token in tokens if not token.common})
            + _SENTENCE_WORDS * len(words) / len(query.words)
            + _SENTENCE_KIND * holds(query.kind, span.of(text), query.text)
        )

    return max(sentences, key=value)
