"""The headline of a web page, without the name of its site."""

import re
from collections.abc import Callable, Iterable, Sequence

_WORD = re.compile(r"\w+")
_SEPARATOR = re.compile(r"\s*[|｜]\s*|\s+(?:[·•»«›‹:~/\u2013\u2014-]|::)\s+")  # noqa: RUF001
_PREFIX = re.compile(r"^(.{2,40}?):\s+")
_MAX_CHARS = 500
_MAX_SITES = 20
_MAX_HEADINGS = 50
_MAX_CUTS = 5  # parts of a title that are looked at from each end
_MIN_SHARED = 0.4  # of the words of the shorter of two wordings of a headline
_MAX_RATIO = 3  # of the lengths of two wordings
_MIN_NAME_SHARE = 0.4  # of the longer name, for one that contains the other to equal it


def headline(named: Sequence[str], headings: Iterable[str], sites: Iterable[str]) -> str:
    """The headline that readers see: the main heading that resembles a title of the page.

    `named` are the titles that the page gives itself, best first, `headings` the texts of its <h1>,
    `sites` the names of the site. Without such a heading, it is the first title.
    """
    names = [name for name in sites if 0 < len(name) <= _MAX_CHARS][:_MAX_SITES]

    def is_site(text: str) -> bool:
        return any(_same_name(text, name) for name in names)

    short = [text for text in headings if len(text) <= _MAX_CHARS][:_MAX_HEADINGS]
    heads = [text for text in short if not is_site(text)]
    named = [text[:_MAX_CHARS] for text in named if text]
    titles = [cut for text in named if not is_site(cut := _cut(text, heads, is_site))]
    for title in titles:
        alike = [head for head in heads if _is_wording(head, title)]
        if alike:
            return max(alike, key=lambda head: _shared(head, title))
    if titles:
        return titles[0]
    return heads[0] if len(heads) == 1 else next(iter(named), "")


def _cut(title: str, heads: list[str], is_site: Callable[[str], bool]) -> str:
    """`title` up to where a heading ends, or without the site's name at either end."""
    cuts = list(_SEPARATOR.finditer(title))
    for cut in reversed(cuts[-_MAX_CUTS:]):
        if title[: cut.start()] in heads:
            return title[: cut.start()]
    if cuts and is_site(title[cuts[-1].end() :]):
        title = title[: cuts[-1].start()]
    first = _SEPARATOR.search(title) or _PREFIX.match(title)
    if first and is_site(title[: first.start() or first.end()].rstrip(" :")):
        title = title[first.end() :]
    return title.strip()


def _is_wording(head: str, title: str) -> bool:
    lengths, shared = sorted((len(head), len(title))), _shared(head, title)
    is_part = shared == 1 and len(title) < len(head)  # "Quay" of "Fishermen keep the quay"
    return is_part or (lengths[1] <= _MAX_RATIO * lengths[0] and shared >= _MIN_SHARED)


def _shared(one: str, other: str) -> float:
    first, second = (set(_WORD.findall(text.casefold())) for text in (one, other))
    return len(first & second) / max(min(len(first), len(second)), 1)


def _same_name(one: str, other: str) -> bool:
    short, long = sorted(
        ("".join(filter(str.isalnum, name.casefold())) for name in (one, other)), key=len
    )
    return bool(short) and short in long and len(short) >= _MIN_NAME_SHARE * len(long)
