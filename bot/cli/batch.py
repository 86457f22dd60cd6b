"""Reads a batch of questions, one JSON object per line: `{"id": …, "question": …, "asked": …}`."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from index import explain_json_error, first_day, iso_date

_NO_ID = msgspec.Raw(b"null")


class _Line(msgspec.Struct, frozen=True):
    question: object = None
    id: msgspec.Raw = _NO_ID
    asked: object = None


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line: the question, its id as raw JSON, and the date it was asked.

    If `problem` is not empty, it says what is wrong with the line, and nothing is asked.
    """

    id: msgspec.Raw
    question: str
    asked: dt.date | None
    problem: str = ""


def read_batch(lines: Iterable[bytes]) -> Iterator[BatchQuestion]:
    """Yield the questions in `lines`, in order; skip blank lines."""
    for number, line in enumerate(lines, start=1):
        if content := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield _read_line(content, number)


def _read_line(line: bytes, number: int) -> BatchQuestion:
    where = f"line {number}"
    try:
        record = msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = f"{where} is not a question: {explain_json_error(error)}; fix it"
        return BatchQuestion(_NO_ID, "", None, problem)
    if not isinstance(record.question, str):
        problem = f'{where} is not a question: "question" must be text; fix it'
        return BatchQuestion(record.id, "", None, problem)
    asked = iso_date(record.asked)
    problem = ""
    if record.asked and not asked:
        problem = f"{where}: asked = {record.asked!r}; expected a date like 2020-11-12"
    day = first_day(asked) if asked else None
    return BatchQuestion(record.id, record.question, day, problem)
