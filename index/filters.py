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


def source_names(articles: Iterable[Article]) -> dict[str, str]:
    """The names of all sources of `articles`, each by itself in small letters."""
    return {name.casefold(): name for article in articles for name in _names(article)}


def read_filter(question: str, known: dict[str, str]) -> tuple[Filter, str]:
    """The filter that `question` asks for, and the question without it.

    `known` are the sources there are, see `source_names`. Raises QuestionError for a date that is
    none, or a source that is not known.
    """
    chosen = Filter()
    for key, value in _WRITTEN.findall(question):
        chosen = replace(chosen, **{key.lower(): _checked(key.lower(), value, known)})
    rest = _WRITTEN.sub(" ", question)
    if not chosen.source and known:
        names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        said = re.search(
            rf"\baccording to (?:the )?({names})(?!\w)"
            rf"|\b(?:what|how|why|does|do|did|has|have) (?:the )?({names}) (?:{_SAYING})\b"
            rf"|\bwhat (?:does|do|did|has) (?:the )?({names}) (?:{_SAYING})\b",
            rest,
            re.IGNORECASE,
        )
        if said:
            name = next(filter(None, said.groups()))
            chosen = replace(chosen, source=known[name.casefold()])
            rest = f"{rest[: said.start()]} {rest[said.end() :]}"
    return chosen, rest


def _checked(key: str, value: str, known: dict[str, str]) -> str:
    value = value.strip('"“”')
    if key == "source":
        if value.casefold() in known:
            return known[value.casefold()]
        raise QuestionError(f"No article is from {value!r}; /sources lists where they are from.")
    if date := iso_date(value):
        return date
    raise QuestionError(f"{key}:{value} is no date; write it like {key}:2020-11-30.")


def _names(article: Article) -> list[str]:
    """What an article's source is called: its publisher, a domain also without its ending."""
    names = [article.publisher, *article.author.split(", ")]
    if domain := _DOMAIN.match(article.publisher):
        names.append(domain[1])
    return [name for name in names if name]
