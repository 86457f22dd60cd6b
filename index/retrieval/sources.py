"""The publishers and authors of the coverage, by every form of their names that people use."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from index.analysis.folding import fold
from index.errors import QuestionError

_CACHED_NAMES = 10_000
_MAX_LISTED = 8  # names in an error

_APOSTROPHE = re.compile("['‘’ʼ`´]")
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s\b")
_HUMP = re.compile(r"(?<=[a-z])[A-Z][a-z]+$")  # "Week" of "SecurityWeek"
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*)\.[a-z]{2,}/?", re.IGNORECASE)
_SECOND_LEVEL = frozenset(["ac", "co", "com", "gov", "net", "org"])  # "co" in "co.uk"
_CONNECTIVES = "a and d da de der des di du e el et for in la le of on the und"
_NOT_IN_INITIALS = frozenset(_CONNECTIVES.split())


class Sources:
    """The names of publishers and authors, and how they may be abbreviated.

    `names` maps the key of each name to its spelling, see `source_key`.
    """

    def __init__(
        self,
        sources: Iterable[tuple[str, str]],
        mentions: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Collect the names of pairs of publisher and author.

        `mentions` tells whether the articles use a word: then it is a name in a question only if
        it is written as one.
        """
        self._sources = [*sources]
        self.names = {source_key(one): one for pair in self._sources for one in source_names(*pair)}
        self.mentions = mentions

    def find(self, written: str) -> str:
        """The name that is written in full, or in part if only one has that part.

        Raises QuestionError for no name, and for several, which it lists.
        """
        found = self.matching(written) or self.completing(written)
        if not found:
            raise QuestionError(
                "No article is from {source!r}; /sources lists all articles with their sources.",
                source=written,
            )
        return only(written, found)

    def matching(self, written: str, *, authors: bool = True) -> Sequence[str]:
        """The name with that key, otherwise the names with that abbreviation.

        An outlet is abbreviated to its last words, to its initials, and to its domain without the
        ending; an author, unless `authors` is false, to the last words, such as the surname.
        """
        keys = [source_key(one) for one in (written, *_without_ending(written))]
        if exact := next((self.names[key] for key in keys if key in self.names), None):
            return [exact]
        tables = (self._outlets, self._authors) if authors else (self._outlets,)
        return sorted({name for table in tables for key in keys for name in table.get(key, ())})

    def is_full(self, written: str) -> bool:
        """True if it is a name, not an abbreviation of one."""
        return source_key(written) in self.names

    def is_outlet(self, name: str) -> bool:
        """True if one of `names` is that of a publisher, or of a news agency as an author."""
        return name in self._publishers or len(_words(name)) == 1

    def may_be_named(self, question: str) -> bool:
        """True if a question has a word with which a name or an abbreviation ends: a fast check."""
        return not self._endings.isdisjoint(_words(_POSSESSIVE.sub("", question)))

    @cached_property
    def _endings(self) -> set[str]:
        parts = (
            part
            for name in self.names.values()
            for part in (name, *_without_ending(name), *_HUMP.findall(name))
        )
        endings = {words[-1] for words in map(_words, parts) if words}
        return endings | self.names.keys() | self._outlets.keys()

    @cached_property
    def _publishers(self) -> set[str]:
        return {self.names[source_key(one)] for one, _ in self._sources if one}

    @cached_property
    def _outlets(self) -> dict[str, set[str]]:
        return self._table(
            (form, name) for name in self._publishers for form in _outlet_forms(name)
        )

    @cached_property
    def _authors(self) -> dict[str, set[str]]:
        authors = {name for _, author in self._sources for name in source_names("", author)}
        return self._table((form, name) for name in authors for form in _last_words(name))

    def _table(self, pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
        table: dict[str, set[str]] = defaultdict(set)
        for form, name in pairs:
            table[form].add(self.names[source_key(name)])  # one spelling of each
        return table

    def completing(self, written: str) -> Sequence[str]:
        """The names in which each of the words is the beginning of a word: "H. Lisle"."""
        typed = _words(written)
        return sorted(
            name
            for name in self.names.values()
            if typed and all(any(word.startswith(one) for word in _words(name)) for one in typed)
        )


def only(written: str, found: Sequence[str]) -> str:
    """The only name of one or more. Raises QuestionError, which lists them, for several."""
    if len(found) == 1:
        return found[0]
    listed = ", ".join(found[:_MAX_LISTED]) + (" …" if len(found) > _MAX_LISTED else "")
    raise QuestionError(
        "{source!r} may be any of these: {names}. Write more of the name.",
        source=written,
        names=listed,
    )


def is_last_words(written: str, name: str) -> bool:
    """True if a name ends with what is written."""
    return source_key(name).endswith(source_key(written))


def source_names(publisher: str, author: str) -> list[str]:
    """The names of a source: the publisher and each author."""
    return [name for name in (publisher, *author.split(", ")) if name]


@lru_cache(_CACHED_NAMES)
def source_key(name: str) -> str:
    """A name without case, accents, spaces, signs, "www" and "the": the same for all spellings."""
    return "".join(_words(name)) or name.casefold()


def _words(name: str) -> list[str]:
    words = _WORD.findall(_APOSTROPHE.sub("", fold(name)).casefold())
    return words[1:] if len(words) > 1 and words[0] in {"the", "www"} else words


def _outlet_forms(name: str) -> Iterator[str]:
    """The abbreviations of a publisher."""
    hosts = [*_without_ending(name)]
    yield from map(source_key, hosts)
    if not hosts:
        yield from _last_words(name, outlet=True)
        yield from initials(name)


def initials(name: str) -> set[str]:
    """The initials of a name of several words, with and without those of words such as "of"."""
    words = _words(name)
    main = [word for word in words if word not in _NOT_IN_INITIALS]
    return {"".join(word[0] for word in some) for some in (words, main) if len(some) > 1}


def _last_words(name: str, *, outlet: bool = False) -> Iterator[str]:
    """The last words of a name; of an outlet, no place, such as that of a "Mirror of Sandby"."""
    words = _words(name)
    for at in range(1, len(words)):
        if not (outlet and {*words[at - 1 : at + 1]} & _NOT_IN_INITIALS):
            yield "".join(words[at:])


def _without_ending(name: str) -> Iterator[str]:
    """A domain without its ending and, if that leaves several labels, the last of these."""
    if domain := _DOMAIN.fullmatch(name.strip()):
        labels = domain[1].split(".")
        if len(labels) > 1 and labels[-1].lower() in _SECOND_LEVEL:
            labels.pop()
        yield ".".join(labels)
        if len(labels) > 1:
            yield labels[-1]
