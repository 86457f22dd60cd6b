"""Evaluates answers against relevance judgments.

A question file is JSONL (also `.gz`) with one question per line:

    question    the question
    answers     texts that answer it: a passage that contains one is right; or
    paragraphs  the passages that answer it, [{"article": id, "paragraph": number}, …]; or
    paragraph   the id of the article that answers it, if articles have one paragraph each
    wrong       passages that do not answer it, as in `paragraphs`; alone, they do not decide
                whether the coverage answers it
    covered     false if the coverage does not answer it (or `answerable`)
    asked       the day it was asked, if that matters (or `date`)
"""

import datetime as dt
import gzip
import re
import unicodedata
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import msgspec

from index.dates import first_day, iso_date
from index.errors import CoverageError
from index.model import Answer, Hit
from index.validation import explain_json_error, list_unknown_keys

DEPTH = 10  # passages of an answer that are judged
_MAX_BYTES = 64 << 20  # of a question file, unpacked: some 500,000 questions
_CUTOFFS = (1, 3, 5, 10)
_THRESHOLDS = tuple(step / 20 for step in range(21))


class _PassageKey(msgspec.Struct, frozen=True):
    article: str
    paragraph: int


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its relevance judgments; see the module."""

    question: str
    answers: tuple[str, ...] = ()
    paragraphs: tuple[_PassageKey, ...] = ()
    paragraph: str = ""
    wrong: tuple[_PassageKey, ...] = ()
    covered: bool = True
    answerable: bool = True
    asked: str = ""
    date: str = ""

    @property
    def in_coverage(self) -> bool:
        """True if the coverage answers it."""
        return self.covered and self.answerable

    @property
    def decided(self) -> bool:
        """True if the judgments decide whether the coverage answers it."""
        known = self.answers or self.paragraphs or self.paragraph or not self.in_coverage
        return bool(known or not self.wrong)

    @property
    def day(self) -> dt.date | None:
        """The day it was asked, if known."""
        date = iso_date(self.asked or self.date)
        return first_day(date) if date else None

    def right(self, hit: Hit) -> bool:
        """True if the passage answers it."""
        article, number = hit.passage.article.id, hit.passage.number
        if self.paragraphs:
            return _PassageKey(article, number) in self.paragraphs
        if self.paragraph:
            return article == self.paragraph
        return contains(hit.passage.text, self.answers)

    def known_wrong(self, hit: Hit) -> bool:
        """True if the passage is judged wrong."""
        return _PassageKey(hit.passage.article.id, hit.passage.number) in self.wrong

    def right_sentence(self, hit: Hit) -> bool:
        """True if the passage is right and its highlight contains the answer."""
        return self.right(hit) and (not self.answers or contains(hit.sentence, self.answers))


_KNOWN = frozenset({*Judged.__struct_fields__, "id"})


@dataclass(frozen=True, slots=True)
class Point:
    """The shares of covered questions answered, and of others refused, at a threshold."""

    threshold: float
    answered: float
    refused: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a run, as shares of the covered questions unless noted otherwise.

    `hit` is the share with a right passage among the first 1, 3, 5 and 10. `mrr` is the mean
    reciprocal rank of the first right passage, 0 beyond the tenth. `sentence` is the share whose
    first passage has the right sentence highlighted. `auroc` is the chance that a covered question
    gets a higher confidence than another one, ties counting half; None without both. `refused` is a
    share of the questions that are not covered. `misled` is the share of the questions with
    passages judged wrong that have one of these first; None without such questions. `curve` has a
    point for each threshold. `passage_chars` and `took_ms` are means.
    """

    covered: int
    uncovered: int
    hit: dict[int, float]
    mrr: float
    sentence: float
    passage_chars: float
    auroc: float | None
    answered: float
    refused: float
    misled: float | None
    curve: tuple[Point, ...]
    took_ms: float


def read_judged(path: Path, warn: Callable[[str], object] = lambda _: None) -> list[Judged]:
    """Read a question file, in order. Raises CoverageError for an invalid line.

    `warn` is called with one line that names all unknown keys, if there are any.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise CoverageError(f"{path} cannot be read ({error}); check the file") from error
    if len(data) > _MAX_BYTES:  # a device, perhaps
        raise CoverageError(f"{path} is larger than {_MAX_BYTES >> 20} MiB; split it")
    lines = data.splitlines()
    unknown: dict[str, None] = {}  # in the order of the file
    questions = list(_read_lines(lines, unknown))
    if unknown:
        known = Judged.__struct_fields__
        warn(f"{path}: unknown keys are ignored: {list_unknown_keys(unknown, known)}")
    return questions


def _read_lines(lines: Sequence[bytes], unknown: dict[str, None]) -> Iterator[Judged]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                record = msgspec.json.decode(line)
                judged = msgspec.convert(record, Judged)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                why = explain_json_error(error)
                raise CoverageError(f"line {number} is not a question: {why}; fix it") from error
            unknown |= dict.fromkeys(key for key in record if key not in _KNOWN)
            yield judged


def evaluate(run: Sequence[tuple[Judged, Answer]]) -> Evaluation:
    """The figures of a run: questions with their answers, each of up to `DEPTH` passages.

    Raises CoverageError if no question is covered.
    """
    covered = [one for one in run if one[0].in_coverage and one[0].decided]
    others = sorted(answer.confidence for judged, answer in run if not judged.in_coverage)
    if not covered:
        raise CoverageError("The file has no question that the coverage answers; add at least one.")
    ranks = [_rank(judged, answer) for judged, answer in covered]
    refused = [not answer.answered for judged, answer in run if not judged.in_coverage]
    firsts = [(judged, answer.hits[0]) for judged, answer in covered if answer.hits]
    misled = [
        bool(answer.hits) and judged.known_wrong(answer.hits[0])
        for judged, answer in run
        if judged.wrong
    ]
    confidences = [answer.confidence for _, answer in covered]
    return Evaluation(
        covered=len(covered),
        uncovered=len(others),
        hit={cutoff: fmean(rank <= cutoff for rank in ranks) for cutoff in _CUTOFFS},
        mrr=fmean(1 / rank if rank <= DEPTH else 0.0 for rank in ranks),
        sentence=sum(judged.right_sentence(hit) for judged, hit in firsts) / len(covered),
        passage_chars=fmean([len(hit.passage.text) for _, hit in firsts] or [0]),
        auroc=_auroc(confidences, others) if others else None,
        answered=fmean(answer.answered for _, answer in covered),
        refused=fmean(refused or [0]),
        misled=fmean(misled) if misled else None,
        curve=tuple(
            Point(
                threshold,
                fmean(confidence >= threshold for confidence in confidences),
                bisect_left(others, threshold) / len(others) if others else 0.0,
            )
            for threshold in _THRESHOLDS
        ),
        took_ms=fmean(answer.took_ms for _, answer in run),
    )


def _rank(judged: Judged, answer: Answer) -> float:
    ranks = (rank for rank, hit in enumerate(answer.hits, start=1) if judged.right(hit))
    return next(ranks, float("inf"))


def _auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The area under the ROC curve, by the Mann-Whitney U statistic; `negatives` are sorted."""
    below = (bisect_left(negatives, one) + bisect_right(negatives, one) for one in positives)
    return sum(below) / (2 * len(positives) * len(negatives))


def contains(text: str, answers: Sequence[str]) -> bool:
    """True if `text` contains one of `answers` on word boundaries, both normalized."""
    normalized = f" {_normalize(text)} "
    return any(f" {_normalize(answer)} " in normalized for answer in answers)


def _normalize(text: str) -> str:
    """`text` without case, accents, punctuation, possessives and articles."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    text = "".join(char for char in decomposed if not unicodedata.combining(char))
    text = re.sub(r"(?<=\d),(?=\d)|['’]s\b", "", text).replace("%", " percent ")
    return " ".join(word for word in re.findall(r"\w+", text) if word not in {"a", "an", "the"})
