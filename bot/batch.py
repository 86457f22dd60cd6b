"""Questions in a file, one JSON object a line: `{"id": …, "question": …, "asked": …}`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from index import iso_date


class _Line(msgspec.Struct, frozen=True):
    question: str
    id: msgspec.Raw | None = None
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line: the question, its id as it was given, and the date that it is read as of.

    `problem` says what is wrong with the line; then there is nothing to ask.
    """

    id: object
    question: str
    asked: str
    problem: str = ""


def read_batch(lines: Iterable[str]) -> Iterator[BatchQuestion]:
    """The questions of `lines`, in order; blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, number)


def _read_line(line: str, number: int) -> BatchQuestion:
    where = f"line {number}"
    try:
        record = msgspec.json.decode(line, type=_Line)
    except msgspec.DecodeError as error:
        return BatchQuestion(None, "", "", f"{where} is not a question: {error}; mend it")
    asked = iso_date(record.asked or "")
    problem = ""
    if record.asked and not asked:
        problem = f"{where}: asked = {record.asked!r}; expected a date like 2020-11-12"
    question_id = msgspec.json.decode(record.id) if record.id else None
    return BatchQuestion(question_id, record.question, asked, problem)
