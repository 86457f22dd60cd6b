"""Fit the weights of the sentence and ranking features, and measure each of them.

    PYTHONPATH=tests uv run --group benchmarks python tests/benchmarks/fit_ranking.py [FOLDER]

Both are softmaxes (ListNet with one right list): over the sentences of right passages, and over the
candidates of a question. News questions are mixed with wiki questions, so that a
speciality of one kind (first paragraphs answer most news quizzes) does not dominate. A news
candidate is right where its answering sentence holds the answer, which no long passage does by
chance. All figures are of five-fold cross-validation by week and by page; the answering
sentences are those of the current weights, so run the script again after a change of these.
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import datetime as dt
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.learning import Case, Floats, held_back_scores, softmax
from benchmarks.peers import all_candidates
from index import MEMORY, Source, open_engine
from index.answers.features import Features
from index.answers.highlight import SentenceFeatures, sentence_features
from index.answers.matches import Matches
from index.answers.pipeline import rank
from index.answers.ranking import RankedPassage
from index.evaluation import Judged, contains, read_judged
from index.model import Hit, Passage
from index.queries.parsing import parse_question
from index.queries.query import Query
from index.retrieval.embedded.searcher import Searcher

SENTENCE_MIX = {"news": 0.5, "wiki": 1.0}
MIX = {"news": 1.0, "wiki": 1.0, "small": 0.25}
SMALL = Path(__file__).parents[1] / "questions" / "two_articles.jsonl"
LONG_AGO = dt.date(1900, 1, 1)
KIND = SentenceFeatures._fields.index("kind")
RIGHT_PASSAGES = 3  # of a news question, whose sentences are used


@dataclass(frozen=True)
class Ranked:
    """A question with the features of its candidates: right by the passage, and by the sentence."""

    kind: str
    group: str
    features: Floats
    right: NDArray[np.bool_]
    right_sentence: NDArray[np.bool_]


def main() -> None:
    """Print the fitted weights and what is lost without each feature."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval").resolve()
    sentences, ranked = asyncio.run(gather_all(folder))
    fit_sentences(sentences)
    fit_features([one for one in ranked if one.kind != "dated"])
    fit_freshness([one for one in ranked if one.kind != "news"])


async def gather_all(folder: Path) -> tuple[list[Case], list[Ranked]]:
    """The training cases, of sentences and of passages."""
    sentences: list[Case] = []
    ranked: list[Ranked] = []
    for kind, coverage in (("news", "news_articles"), ("wiki", "wiki_paragraphs")):
        judged = [
            one for one in read_judged(folder / f"{kind}_questions.jsonl.gz") if one.in_coverage
        ]
        async with load(folder / f"{coverage}.jsonl.gz") as searcher:
            sentences += gather_sentences(kind, searcher, judged)
            ranked += gather(kind, searcher, judged, LONG_AGO)
            if kind == "news":
                ranked += gather("dated", searcher, judged, None)
    async with load(folder.parent / "coverage") as searcher:
        judged = [one for one in read_judged(SMALL) if one.in_coverage]
        ranked += gather("small", searcher, judged, LONG_AGO)
    return sentences, ranked


@asynccontextmanager
async def load(coverage: Path) -> AsyncIterator[Searcher]:
    """The searcher of an archive, while its engine is open."""
    async with open_engine(MEMORY, [Source(str(coverage))]) as engine:
        await engine.reindex()
        yield engine.searcher


def ask(
    searcher: Searcher, judged: Iterable[Judged], day: dt.date | None
) -> Iterator[tuple[Judged, Query]]:
    """Each question with terms, parsed for `day`, or else for the day it was asked."""
    for one in judged:
        query = parse_question(searcher, one.question, day or one.day or LONG_AGO)
        if query.idf_of:
            yield one, query


def group_of(judged: Judged) -> str:
    """The group of a question, which is not split between folds: its week, or its page."""
    return judged.date or judged.paragraph.partition("#")[0] or judged.question


def gather_sentences(kind: str, searcher: Searcher, judged: Iterable[Judged]) -> Iterator[Case]:
    """The sentences of right passages that have several."""
    every = all_candidates(searcher).keys()
    ids = [article.id for article in searcher.articles]
    position_of = {ids[article]: at for at, (article, _) in enumerate(every)}
    index_of = {key: at for at, key in enumerate(every)}
    for one, query in ask(searcher, judged, LONG_AGO):
        if one.paragraph:
            positions = [position_of[one.paragraph]]
        else:
            positions = [
                index_of[ranked.article, ranked.number]
                for ranked in rank(searcher, query)
                if contains(ranked.text, one.answers)
            ]
        for at in positions[:RIGHT_PASSAGES]:
            candidates = searcher.candidates(
                np.array([at], np.int32), np.zeros(1), np.zeros(len(searcher.order))
            )
            [text], matches = searcher.texts(candidates.keys()), Matches(query, candidates)
            sentences = [text[start:end] for start, end in matches.text.spans.tolist()]
            if len(sentences) > 1:
                features = sentence_features(query, matches)
                features[:, KIND] = [*map(query.may_be_answered_by, sentences)]
                right = [contains(sentence, one.answers) for sentence in sentences]
                yield Case(kind, group_of(one), features, np.array(right))


def gather(
    kind: str, searcher: Searcher, judged: Iterable[Judged], day: dt.date | None
) -> Iterator[Ranked]:
    """The candidates of the questions, as asked on `day`, or on their own day."""
    for one, query in ask(searcher, judged, day):
        if candidates := [*rank(searcher, query)]:
            hits = [hit_of(searcher, candidate) for candidate in candidates]
            yield Ranked(
                kind,
                group_of(one),
                np.array([candidate.features for candidate in candidates]),
                np.array([one.right(hit) for hit in hits]),
                np.array([one.right_sentence(hit) for hit in hits]),
            )


def hit_of(searcher: Searcher, candidate: RankedPassage) -> Hit:
    """The candidate as a hit, to be judged."""
    article = searcher.articles_at([candidate.article])[0]
    passage = Passage(article, candidate.number, candidate.text)
    return Hit(passage, candidate.score, candidate.sentence, "")


def fit_sentences(cases: Sequence[Case]) -> None:
    """Print the weights of the sentence, and its figures with and without each feature."""

    def figures(columns: NDArray[np.intp]) -> str:
        scores = held_back_scores(cases, columns, SENTENCE_MIX)
        chosen = [
            (case.kind, case.right[np.argmax(score)])
            for case, score in zip(cases, scores, strict=True)
        ]
        shares = [np.mean([good for kind, good in chosen if kind == one]) for one in SENTENCE_MIX]
        return "".join(f"{share:9.3f}" for share in shares)

    print("\nright sentence in a right passage of several      news     wiki")
    report(cases, SentenceFeatures._fields, SENTENCE_MIX, figures)


def fit_features(ranked: Sequence[Ranked]) -> None:
    """Print the weights of the features except `fresh`, and the figures with and without each."""
    cases = [training_case(one) for one in ranked]
    names = [name for name in Features._fields if name != "fresh"]
    print(f"\n{'cross-validated':40}" + "     hit@1     @5    MRR  sent." * len(MIX))
    report(cases, names, MIX, lambda columns: "  ".join(measure(ranked, cases, columns, MIX)))


def fit_freshness(ranked: Sequence[Ranked]) -> None:
    """Print the weight of `fresh` and the figures with and without it, the day being known."""
    mix = {"dated": MIX["news"], "wiki": MIX["wiki"], "small": MIX["small"]}
    cases = [training_case(one) for one in ranked]
    every = np.arange(len(Features._fields))
    print(f"\nfresh={softmax(cases, every, mix)[-1]:.1f}")
    print(f"with the day       {measure(ranked, cases, every, mix)[0]}")
    print(f"without            {measure(ranked, cases, every[:-1], mix)[0]}")


def training_case(one: Ranked) -> Case:
    """The training case of a question; see the module."""
    right = one.right if one.kind == "wiki" else one.right_sentence
    return Case(one.kind, one.group, one.features, right)


def report(
    cases: Sequence[Case],
    names: Sequence[str],
    mix: Mapping[str, float],
    figures: Callable[[NDArray[np.intp]], str],
) -> None:
    """Print the weights fitted to all cases, and the figures with and without each feature."""
    every = np.arange(len(names))
    weights = softmax(cases, every, mix)
    print(f"{'all features':40}{figures(every)}")
    for feature, name in enumerate(names):
        label = f"without {name} ({weights[feature]:.1f})"
        print(f"{label:40}{figures(np.delete(every, feature))}", flush=True)
    print(", ".join(f"{name}={weight:.1f}" for name, weight in zip(names, weights, strict=True)))


def measure(
    ranked: Sequence[Ranked],
    cases: Sequence[Case],
    columns: NDArray[np.intp],
    mix: Mapping[str, float],
) -> list[str]:
    """hit@1, hit@5, MRR@10 and sentence@1 of each kind, by weights fitted without the question."""
    scores = held_back_scores(cases, columns, mix)
    lines = []
    for kind in mix:
        ranks, sentences = [], []
        for one, score in zip(ranked, scores, strict=True):
            if one.kind == kind:
                order = np.argsort(-score, kind="stable")
                first = np.flatnonzero(one.right[order][:10])
                ranks.append(first[0] + 1 if len(first) else np.inf)
                sentences.append(one.right_sentence[order[0]])
        found = np.array(ranks)
        lines.append(
            f"{np.mean(found == 1):10.3f}{np.mean(found <= 5):7.3f}"
            f"{np.mean(1 / found):7.3f}{np.mean(sentences):7.3f}"
        )
    return lines


if __name__ == "__main__":
    main()
