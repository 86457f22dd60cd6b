"""How well questions with known answers are answered.

A question file is JSONL (`.gz` too), one question a line:

    question    the question
    answers     texts that answer it: a passage that contains one is right; or
    paragraphs  the passages that answer it, [{"article": id, "paragraph": number}, …]; or
    paragraph   the id of the article that answers it, where an article is one paragraph
    wrong       passages that do not answer it, as in `paragraphs`; alone, they do not tell whether
                the coverage answers it
    covered     false where the coverage does not answer it (also called `answerable`)
    asked       the day it was asked, where that matters (also called `date`)
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
from index.validation import named_keys, why_unreadable

DEPTH = 10  # passages that are looked at
_CUTOFFS = (1, 3, 5, 10)
_CURVE = tuple(step / 20 for step in range(21))


class _Place(msgspec.Struct, frozen=True):
    article: str
    paragraph: int


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A question with what answers it; see the module."""

    question: str
    answers: tuple[str, ...] = ()
    paragraphs: tuple[_Place, ...] = ()
    paragraph: str = ""
    wrong: tuple[_Place, ...] = ()
    covered: bool = True
    answerable: bool = True
    asked: str = ""
    date: str = ""

    @property
    def in_coverage(self) -> bool:
        """Whether the coverage answers it."""
        return self.covered and self.answerable

    @property
    def decided(self) -> bool:
        """Whether it is known if the coverage answers it, and not only what does not."""
        known = self.answers or self.paragraphs or self.paragraph or not self.in_coverage
        return bool(known or not self.wrong)

    @property
    def day(self) -> dt.date | None:
        """The day it was asked, where that is known."""
        date = iso_date(self.asked or self.date)
        return first_day(date) if date else None

    def right(self, hit: Hit) -> bool:
        """Whether the passage answers it."""
        article, number = hit.passage.article.id, hit.passage.number
        if self.paragraphs:
            return _Place(article, number) in self.paragraphs
        if self.paragraph:
            return article == self.paragraph
        return contains(hit.passage.text, self.answers)

    def known_wrong(self, hit: Hit) -> bool:
        """Whether the passage is one that does not answer it."""
        return _Place(hit.passage.article.id, hit.passage.number) in self.wrong

    def right_sentence(self, hit: Hit) -> bool:
        """Whether the sentence that is marked in the passage answers it."""
        return self.right(hit) and (not self.answers or contains(hit.sentence, self.answers))


_KNOWN = frozenset({*Judged.__struct_fields__, "id"})


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold would do: the share of covered questions answered, and of others refused."""

    threshold: float
    answered: float
    refused: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a run, as shares of the covered questions where nothing else is said.

    `hit` is the share with a right passage among the first 1, 3, 5 and 10; `mrr` the mean of 1/rank
    of the first right one, 0 beyond the tenth; `sentence` the share whose first passage has the
    answering sentence marked; `auroc` the chance that a covered question gets a higher confidence
    than another one, ties counting half, and None where there are none of one kind. `misled` is
    the share of the questions with passages known as wrong that have one of these first, None where
    there are no such questions. `curve` has what each threshold would do.
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
    """The questions in the file at `path`. Raises CoverageError for a line that is none.

    `warn` is given a line that names all keys that are not known, if there are any.
    """
    try:
        data = path.read_bytes()
        lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise CoverageError(f"{path} cannot be read ({error}); check the file") from error
    unknown: dict[str, None] = {}  # in the order of writing
    questions = list(_read_lines(lines, unknown))
    if unknown:
        known = Judged.__struct_fields__
        warn(f"{path}: keys that are not known are ignored: {named_keys(unknown, known)}")
    return questions


def _read_lines(lines: Sequence[bytes], unknown: dict[str, None]) -> Iterator[Judged]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                written = msgspec.json.decode(line)
                judged = msgspec.convert(written, Judged)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                why = why_unreadable(error)
                raise CoverageError(f"line {number} is not a question: {why}; fix it") from error
            unknown |= dict.fromkeys(key for key in written if key not in _KNOWN)
            yield judged


def evaluate(run: Sequence[tuple[Judged, Answer]]) -> Evaluation:
    """The figures of a run: questions with the answers given, each of up to `DEPTH` passages.

    Raises CoverageError where no question is covered.
    """
    covered = [one for one in run if one[0].in_coverage and one[0].decided]
    others = sorted(answer.confidence for judged, answer in run if not judged.in_coverage)
    if not covered:
        raise CoverageError("No question of the file is one that the coverage answers; add some.")
    ranks = [_rank(judged, answer) for judged, answer in covered]
    refused = [not answer.answered for judged, answer in run if not judged.in_coverage]
    firsts = [(judged, answer.hits[0]) for judged, answer in covered if answer.hits]
    misled = [
        bool(answer.hits) and judged.known_wrong(answer.hits[0])
        for judged, answer in run
        if judged.wrong
    ]
    sure = [answer.confidence for _, answer in covered]
    return Evaluation(
        covered=len(covered),
        uncovered=len(others),
        hit={cutoff: fmean(rank <= cutoff for rank in ranks) for cutoff in _CUTOFFS},
        mrr=fmean(1 / rank if rank <= DEPTH else 0.0 for rank in ranks),
        sentence=sum(judged.right_sentence(hit) for judged, hit in firsts) / len(covered),
        passage_chars=fmean([len(hit.passage.text) for _, hit in firsts] or [0]),
        auroc=_auroc(sure, others) if others else None,
        answered=fmean(answer.answered for _, answer in covered),
        refused=fmean(refused or [0]),
        misled=fmean(misled) if misled else None,
        curve=tuple(
            Point(
                threshold,
                fmean(confidence >= threshold for confidence in sure),
                bisect_left(others, threshold) / len(others) if others else 0.0,
            )
            for threshold in _CURVE
        ),
        took_ms=fmean(answer.took_ms for _, answer in run),
    )


def _rank(judged: Judged, answer: Answer) -> float:
    ranks = (rank for rank, hit in enumerate(answer.hits, start=1) if judged.right(hit))
    return next(ranks, float("inf"))


def _auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The area under the ROC curve, as the Mann-Whitney statistic; `negatives` are sorted."""
    below = (bisect_left(negatives, one) + bisect_right(negatives, one) for one in positives)
    return sum(below) / (2 * len(positives) * len(negatives))


def contains(text: str, answers: Sequence[str]) -> bool:
    """Whether `text` contains one of `answers` on word boundaries, however they are written."""
    plain = f" {_plain(text)} "
    return any(f" {_plain(answer)} " in plain for answer in answers)


def _plain(text: str) -> str:
    """`text` without case, accents, punctuation, possessives and articles."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    text = "".join(char for char in decomposed if not unicodedata.combining(char))
    text = re.sub(r"(?<=\d),(?=\d)|['’]s\b", "", text).replace("%", " percent ")
    return " ".join(word for word in re.findall(r"\w+", text) if word not in {"a", "an", "the"})
