"""Filters: restrict a question to articles of some sources or of a period.

Written as `source:NAME`, `after:DATE` and `before:DATE`, or in unambiguous words, see `naming.py`.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace

from index.errors import QuestionError
from index.periods.reading import SPACED_DATE, read_date
from index.retrieval.naming import named_sources
from index.retrieval.sources import Sources, source_key, source_names

_WRITTEN = re.compile(
    r"""(?<!\w)(?P<key>source|after|before):(?P<gap>\s*)(?P<value>"[^"]*"|“[^”]*”"""
    rf"""|(?<!source:)(?:{SPACED_DATE})|[^\s?!,;]+(?:[?!,;]+[^\s?!,;]+)*)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """The conditions on an article: its publisher or author, and its date. Empty ones are ignored.

    An article of any of the `sources` passes; `after` and `before` are ISO 8601 dates, months or
    years, both inclusive.
    """

    sources: tuple[str, ...] = ()
    after: str = ""
    before: str = ""

    @property
    def written(self) -> str:
        """The filter as typed in a question: `source:"Eldholm Post" after:2020-10`."""
        source = _quoted(", ".join(self.sources))
        fields = (("source", source), ("after", self.after), ("before", self.before))
        return " ".join(f"{key}:{value}" for key, value in fields if value)

    def or_else(self, other: "Filter") -> "Filter":
        """Fill in the empty conditions from `other`."""
        return Filter(
            self.sources or other.sources, self.after or other.after, self.before or other.before
        )

    def admits_source(self, publisher: str, author: str) -> bool:
        """True if an article of that publisher and author passes."""
        wanted = {*map(source_key, self.sources)}
        return not wanted or not wanted.isdisjoint(map(source_key, source_names(publisher, author)))

    def admits_date(self, published: str) -> bool:
        """True if an article of that day, month or year passes; '' needs a filter without dates."""
        if (self.after or self.before) and not published:
            return False
        # Compare at the coarser precision: a month is both after and before its own year.
        late_enough = published[: len(self.after)] >= self.after[: len(published)]
        early_enough = published[: len(self.before)] <= self.before[: len(published)]
        return late_enough and early_enough


def read_filter(
    question: str, sources: Sources, *, asked_on: dt.date | None = None
) -> tuple[Filter, str]:
    """Parse the filter of a question; returns it, and the question without it.

    "Yesterday" is seen from `asked_on`, by default today (UTC). After a colon and a space, what is
    no date or no source is prose: "the power source: coal". Raises QuestionError for an invalid
    date, and for a source that is not in `sources` or may be several of them.
    """
    chosen, rest = read_written_filter(question, sources, asked_on=asked_on)
    if not chosen.sources and (found := named_sources(rest, sources)):
        names, where = found
        chosen = replace(chosen, sources=names)
        rest = f"{rest[: where.start]} {rest[where.end :]}"
    return chosen, rest


def read_written_filter(
    question: str, sources: Sources, *, asked_on: dt.date | None = None
) -> tuple[Filter, str]:
    """As `read_filter`, but sources in words stay in the question."""
    chosen = Filter()

    def take(written: re.Match[str]) -> str:
        nonlocal chosen
        try:
            condition = _condition(written["key"].lower(), written["value"], sources, asked_on)
        except QuestionError:
            if written["gap"]:
                return written[0]
            raise
        chosen = condition.or_else(chosen)
        return " "

    rest = _WRITTEN.sub(take, question)
    return chosen, rest


def make_filter(
    sources: Sources,
    *,
    source: str,
    after: str,
    before: str,
    asked_on: dt.date | None = None,
) -> Filter:
    """Build a filter from separate values, each of which may be empty.

    Raises QuestionError as `read_filter` does, and for an empty period.
    """
    given = (("source", source.strip()), ("after", after.strip()), ("before", before.strip()))
    chosen = Filter()
    for key, value in given:
        if value:
            chosen = _condition(key, value, sources, asked_on).or_else(chosen)
    shorter = min(len(chosen.after), len(chosen.before))
    if chosen.after[:shorter] > chosen.before[:shorter]:
        raise QuestionError(
            "No date is after {after} and before {before}; swap the two.",
            after=chosen.after,
            before=chosen.before,
        )
    return chosen


def _condition(key: str, value: str, sources: Sources, asked_on: dt.date | None) -> Filter:
    """The filter that is written as `key:value`."""
    value = value.strip('"“”')
    if key == "source":
        # "Ledger, Post" are two sources; "Sandby Press, Ltd" is one.
        names = [value] if sources.matching(value) else filter(str.strip, value.split(","))
        return Filter(tuple(dict.fromkeys(map(sources.find, names))))
    today = asked_on or dt.datetime.now(dt.UTC).date()
    if date := read_date(value, today, last=key == "before"):
        return Filter(after=date) if key == "after" else Filter(before=date)
    raise QuestionError(
        "{key}:{value} is not a date; write it like {key}:2020-11-30, {key}:2020-11, "
        "{key}:yesterday, {key}:3-weeks or {key}:last-month.",
        key=key,
        value=value,
    )


def _quoted(name: str) -> str:
    """Quote a name, where needed, for use after `source:`."""
    if not re.search(r'[\s"“]', name):
        return name
    # A name with a nickname in straight quotes needs curly ones.
    return f"“{name}”" if '"' in name else f'"{name}"'
