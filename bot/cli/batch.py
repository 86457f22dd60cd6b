"""Reads a batch of questions, one JSON object per line: `{"id": …, "question": …, "asked": …}`."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from index import CoverageError, explain_json_error, first_day, iso_date

_MAX_BYTES = 4 << 20  # of a line
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


def read_batch(file: BinaryIO) -> Iterator[BatchQuestion]:
    """Yield the questions in `file`, in order; skip blank lines.

    Raises CoverageError for a line of endless length, as a device gives it.
    """
    for number, line in enumerate(iter(lambda: file.readline(_MAX_BYTES), b""), start=1):
        if len(line) == _MAX_BYTES:
            raise CoverageError(f"line {number} is longer than {_MAX_BYTES >> 20} MiB; split it")
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
