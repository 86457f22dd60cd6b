"""Filters: restrict a question to articles of a source or a period.

Written as `source:NAME`, `after:DATE` and `before:DATE`, or in unambiguous words: "what does the
Post say about …", "according to AFP".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.dates import iso_date
from index.errors import QuestionError
from index.model import Span

_WRITTEN = re.compile(r"""(?<!\w)(source|after|before):\s*("[^"]*"|“[^”]*”|\S+)""", re.IGNORECASE)
_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.[a-z.]{2,}$", re.IGNORECASE)
_SAYING = "say|says|said|report|reports|reported|write|writes|wrote|claim|claims|tell|tells"
# The words before and after the name of a source, which may itself begin with "the".
_NAMING = (
    (
        re.compile(r"\baccording to (?P<the>(?:the )?)", re.IGNORECASE),
        re.compile(r"(?<=\S)(?!\w)|$"),
    ),
    (
        re.compile(
            r"\b(?:what (?:does|do|did|has)|what|how|why|does|do|did|has|have) (?P<the>(?:the )?)",
            re.IGNORECASE,
        ),
        re.compile(rf" (?:{_SAYING})\b", re.IGNORECASE),
    ),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """The conditions on an article: its publisher or author, and its date. Empty ones are ignored.

    `source` is compared without regard to case; `after` and `before` are ISO 8601 dates, months or
    years, both inclusive.
    """

    source: str = ""
    after: str = ""
    before: str = ""

    @property
    def written(self) -> str:
        """The filter as typed in a question: `source:"Eldholm Post" after:2020-10`."""
        fields = (("source", _quoted(self.source)), ("after", self.after), ("before", self.before))
        return " ".join(f"{key}:{value}" for key, value in fields if value)

    def or_else(self, other: "Filter") -> "Filter":
        """Fill in the empty conditions from `other`."""
        return Filter(
            self.source or other.source, self.after or other.after, self.before or other.before
        )

    def admits_source(self, publisher: str, author: str) -> bool:
        """Whether an article of that publisher and author passes."""
        wanted = self.source.casefold()
        return not wanted or wanted in map(str.casefold, _names(publisher, author))

    def admits_date(self, published: str) -> bool:
        """Whether an article of that day, month or year passes; '' needs a filter without dates."""
        if (self.after or self.before) and not published:
            return False
        # Compare at the coarser precision: a month is both after and before its own year.
        late_enough = published[: len(self.after)] >= self.after[: len(published)]
        early_enough = published[: len(self.before)] <= self.before[: len(published)]
        return late_enough and early_enough


class Sources:
    """The names of publishers and authors, and recognition of them in questions.

    `names` maps each name, case-folded, to its spelling.
    """

    def __init__(self, sources: Iterable[tuple[str, str]]) -> None:
        """Collect the names of pairs of publisher and author."""
        self.names = {name.casefold(): name for source in sources for name in _names(*source)}

    def named(self, question: str) -> tuple[str, Span] | None:
        """The source that a question names in words, and the span to cut out; None for none."""
        for opening, closing in _NAMING:
            for opened in opening.finditer(question):
                ends = [one.span() for one in closing.finditer(question, opened.end())]
                for start in {opened.start("the"), opened.end()}:
                    for until, end in reversed(ends):
                        if name := self.names.get(question[start:until].casefold()):
                            return name, Span(opened.start(), end)
        return None


def read_filter(question: str, sources: Sources) -> tuple[Filter, str]:
    """Parse the filter of a question; returns it, and the question without it.

    Raises QuestionError for an invalid date and for a source that is not in `sources`.
    """
    chosen, rest = read_written_filter(question, sources)
    if not chosen.source and (found := sources.named(rest)):
        name, where = found
        chosen = replace(chosen, source=name)
        rest = f"{rest[: where.start]} {rest[where.end :]}"
    return chosen, rest


def read_written_filter(question: str, sources: Sources) -> tuple[Filter, str]:
    """As `read_filter`, but a source in words stays in the question."""
    chosen = Filter()
    for key, value in _WRITTEN.findall(question):
        chosen = replace(chosen, **{key.lower(): _checked(key.lower(), value, sources)})
    return chosen, _WRITTEN.sub(" ", question)


def make_filter(sources: Sources, *, source: str, after: str, before: str) -> Filter:
    """Build a filter from separate values, each of which may be empty.

    Raises QuestionError as `read_filter` does, and for an empty period.
    """
    given = (("source", source.strip()), ("after", after.strip()), ("before", before.strip()))
    chosen = Filter(**{key: _checked(key, value, sources) for key, value in given if value})
    shorter = min(len(chosen.after), len(chosen.before))
    if chosen.after[:shorter] > chosen.before[:shorter]:
        raise QuestionError(
            "No date is after {after} and before {before}; swap the two.",
            after=chosen.after,
            before=chosen.before,
        )
    return chosen


def _checked(key: str, value: str, sources: Sources) -> str:
    value = value.strip('"“”')
    if key == "source":
        if value.casefold() in sources.names:
            return sources.names[value.casefold()]
        raise QuestionError(
            "No article is from {source!r}; /sources lists all articles with their sources.",
            source=value,
        )
    if date := iso_date(value):
        return date
    raise QuestionError(
        "{key}:{value} is not a date; write it like {key}:2020-11-30.", key=key, value=value
    )


def _quoted(name: str) -> str:
    """Quote a name, where needed, for use after `source:`."""
    if not re.search(r'[\s"“]', name):
        return name
    # A name with a nickname in straight quotes needs curly ones.
    return f"“{name}”" if '"' in name else f'"{name}"'


def _names(publisher: str, author: str) -> list[str]:
    """The names of a source: the publisher and each author; a domain also without its ending."""
    names = [publisher, *author.split(", ")]
    if domain := _DOMAIN.match(publisher):
        names.append(domain[1])
    return [name for name in names if name]
