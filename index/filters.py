"""Which articles a question is about: those of a source that it names, or of a time.

Written out as `source:NAME`, `after:DATE` and `before:DATE`, or in words where these leave no
doubt: "what does the Post say about …", "according to AFP".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.dates import iso_date
from index.errors import QuestionError
from index.model import Article

_WRITTEN = re.compile(r"""(?<!\w)(source|after|before):\s*("[^"]*"|“[^”]*”|\S+)""", re.IGNORECASE)
_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.[a-z.]{2,}$", re.IGNORECASE)
_SAYING = "say|says|said|report|reports|reported|write|writes|wrote|claim|claims|tell|tells"


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must be: of a publisher or author, and published in a time.

    Each is empty where it does not matter. `source` is compared without regard to case; `after` and
    `before` are ISO 8601 dates, months or years, both inclusive.
    """

    source: str = ""
    after: str = ""
    before: str = ""

    @property
    def written(self) -> str:
        """The filter as it can be typed in a question: `source:"Eldholm Post" after:2020-10`."""
        fields = (("source", _quoted(self.source)), ("after", self.after), ("before", self.before))
        return " ".join(f"{key}:{value}" for key, value in fields if value)

    def or_else(self, other: "Filter") -> "Filter":
        """The same, with what it leaves open as in `other`."""
        return Filter(
            self.source or other.source, self.after or other.after, self.before or other.before
        )

    def admits(self, article: Article) -> bool:
        """Whether the article is one of those."""
        if self.source and self.source.casefold() not in map(str.casefold, _names(article)):
            return False
        published = article.published
        if (self.after or self.before) and not published:
            return False
        # A month is after a year that it lies in, and before it: compare what both tell.
        late_enough = published[: len(self.after)] >= self.after[: len(published)]
        early_enough = published[: len(self.before)] <= self.before[: len(published)]
        return late_enough and early_enough


class Sources:
    """The sources of some articles, and how a question may name one of them in words.

    `names` maps each name, in small letters, to itself; `named` finds one in a question, and is
    None where there are none.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self.names = {name.casefold(): name for article in articles for name in _names(article)}
        spelt = "|".join(re.escape(name) for name in sorted(self.names, key=len, reverse=True))
        self.named = (
            None
            if not spelt
            else re.compile(
                rf"\baccording to (?:the )?({spelt})(?!\w)"
                rf"|\b(?:what|how|why|does|do|did|has|have) (?:the )?({spelt}) (?:{_SAYING})\b"
                rf"|\bwhat (?:does|do|did|has) (?:the )?({spelt}) (?:{_SAYING})\b",
                re.IGNORECASE,
            )
        )


def read_filter(question: str, sources: Sources) -> tuple[Filter, str]:
    """The filter that `question` asks for, and the question without it.

    Raises QuestionError for a date that is none, or a source that is not one of `sources`.
    """
    chosen = Filter()
    for key, value in _WRITTEN.findall(question):
        chosen = replace(chosen, **{key.lower(): _checked(key.lower(), value, sources)})
    rest = _WRITTEN.sub(" ", question)
    if sources.named and not chosen.source and (said := sources.named.search(rest)):
        name = next(filter(None, said.groups()))
        chosen = replace(chosen, source=sources.names[name.casefold()])
        rest = f"{rest[: said.start()]} {rest[said.end() :]}"
    return chosen, rest


def make_filter(sources: Sources, *, source: str, after: str, before: str) -> Filter:
    """The filter of values that were given one by one, each empty where it does not matter.

    Raises QuestionError as `read_filter` does, and where no time lies between the dates.
    """
    given = (("source", source.strip()), ("after", after.strip()), ("before", before.strip()))
    chosen = Filter(**{key: _checked(key, value, sources) for key, value in given if value})
    shorter = min(len(chosen.after), len(chosen.before))
    if chosen.after[:shorter] > chosen.before[:shorter]:
        raise QuestionError(
            "Nothing lies after {after} and before {before}; swap the two.",
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
            "No article is from {source!r}; /sources lists where they are from.", source=value
        )
    if date := iso_date(value):
        return date
    raise QuestionError(
        "{key}:{value} is no date; write it like {key}:2020-11-30.", key=key, value=value
    )


def _quoted(name: str) -> str:
    """`name` as it can be typed after `source:`."""
    if not re.search(r'[\s"“]', name):
        return name
    # A nickname in a name: the other kind of quotation marks holds it.
    return f"“{name}”" if '"' in name else f'"{name}"'


def _names(article: Article) -> list[str]:
    """What an article's source is called: its publisher, a domain also without its ending."""
    names = [article.publisher, *article.author.split(", ")]
    if domain := _DOMAIN.match(article.publisher):
        names.append(domain[1])
    return [name for name in names if name]
