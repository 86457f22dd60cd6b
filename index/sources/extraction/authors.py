"""The names in a byline: persons, else agencies and the staff of a house."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

_LABEL = re.compile(
    r"""^\W*(?:
        (?:(?!brought|edit|fact|illus|photo|pict|power|present|produc|review|sponsor)\w+\ )?
        by\b(?!-)\s*:?
      | (?:von|par|por|door)\b
        (?=\s+(?:[\w.'’-]+\s+\w|(?:afp|apa|dpa|epd|sda)$))  # else a part of a name
      | (?:authors?|autor(?:in|a|es|en)?|auteure?s?|reporters?|text|texte|texto|автор[иік]?)\s*:
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
# "and" in other languages: some join surnames too, so two words must follow.
_OTHER_AND = re.compile(r"(?<=\w )(?:e|et|i|och|og|und|y|і|й|та)(?= [\w.'’-]+ [^\W\d_])")  # noqa: RUF001
_AND = re.compile(r"\s*,?\s*(?:;|/|&|\band\b)\s*", re.IGNORECASE)
_JOINT = re.compile(rf"({_AND.pattern}|\s*[,|(·•–—]\s*|\s-\s)", re.IGNORECASE)

# Mail and web addresses, and accounts, with the brackets around them.
_CONTACT = re.compile(
    r"[(<\[]?(?:\S*@\S+|\S*://\S+|\bwww\.\S+|(?<!\S)(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?(?!\S))[)>\]]?"
)
_LOWER_CASE_AGENCIES = frozenset({"afp", "apa", "dpa", "epd", "sda"})
_NO_NAME = re.compile(
    r"\d|^(?:admin\w*|n/?a|none|null|root|super ?user|undefined|unknown|user|webmaster)$",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"\b(?:contributors?|correspondents?|desk|editor(?:ial|s)?|editor-\S+|newsroom|reporters?"
    r"|reporting|staff|team|writers?|redaktion|redacción|rédaction|редакція)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:[A-Z]\.?|[A-Z]h\.?){2,5}")  # of a person, or where one works: PhD, RN, AFP
_MAX_BYLINE_CHARS = 500
_MAX_NAMES = 50
_MAX_NAME_CHARS = 60  # more is a biography

_MAX_LINE_CHARS = 200
_AFTER_NAMES = re.compile(
    r"\s+(?:\d|(?:at|avec|con|for|from|has|in|is|mit|of|on|published|updated|posted|with"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b).*",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’\u2010-]*")
_MAX_NAME_WORDS = 5
_PARTICLES = frozenset(
    {"al", "bin", "da", "dal", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du"}
    | {"el", "ibn", "la", "le", "les", "ten", "ter", "the", "van", "vom", "von", "zu", "zur", "y"}
)
# Headings that begin like a byline.
_NO_BYLINE = re.compile(
    r"(?:the )?(?:day|design|land|law|night|numbers|sea|train|way)", re.IGNORECASE
)


def authors(sources: Iterable[Iterable[str]], publisher: str) -> str:
    """The names from the first source that has any, joined by commas.

    Each source is a list of bylines. One with persons or agencies is preferred to one with only the
    staff of a house; the publisher itself is no author.
    """
    staff = ""
    for source in sources:
        found = chain.from_iterable(_names(one, publisher) for one in source)
        names = list(dict.fromkeys(islice(found, _MAX_NAMES)))
        persons = [name for name in names if not _is_staff(name, publisher)]
        if persons:
            return ", ".join(persons)
        staff = staff or next(iter(names), "")
    return staff


def _names(byline: str, publisher: str) -> Iterator[str]:
    text = _LABEL.sub("", " ".join(byline[:_MAX_BYLINE_CHARS].split()))
    text = _OTHER_AND.sub("and", _CONTACT.sub(" ", text))
    after_person = False
    for part in _JOINT.split(text)[::2]:
        name = part.strip(" .:'\")")
        if (
            1 < len(name) <= _MAX_NAME_CHARS
            and (not name.islower() or name in _LOWER_CASE_AGENCIES)  # else an account name
            and not _NO_NAME.search(name)
            and not (after_person and _TITLE.fullmatch(name))
            and _letters(name) != _letters(publisher)
        ):
            after_person = after_person or " " in name
            yield name


def _is_staff(name: str, publisher: str) -> bool:
    words, of_publisher = ({*text.casefold().split()} for text in (name, publisher))
    return words <= of_publisher or bool(_HOUSE.search(name))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold())).removeprefix("the")


def byline_names(line: str) -> list[str]:
    """The authors that a line of text names, such as "By Ana Berg and Jon Lund, Gazette".

    Empty for other lines: a label must come first, and then names only. What follows the last name
    is where they work, or are.
    """
    line = " ".join(line[:_MAX_LINE_CHARS].split())
    label = _LABEL.match(line)
    if not label:
        return []
    text = _CONTACT.sub(" ", line[label.end() :])
    parts = _JOINT.split(_OTHER_AND.sub("and", text.strip()))
    names, between = [_AFTER_NAMES.sub("", parts[0])], list[str]()
    for joint, part in zip(parts[1::2], parts[2::2], strict=True):
        name = _AFTER_NAMES.sub("", part)
        if joint.strip() == ",":  # another author, if an "and" is to come
            between.append(name)
        elif _AND.fullmatch(joint) and _joins(name, names[0]):
            names += [*between, name]
            between.clear()
        else:
            break
    return names if all(map(is_name, names)) else []


def _joins(name: str, first: str) -> bool:
    """True if `name` is another author: not "Science Editor", of "Health and Science Editor"."""
    return len(name.split()) >= min(len(first.split()), 2) and not _HOUSE.search(name)


def is_name(text: str) -> bool:
    """True if `text` is written as a name is, of a person or an agency."""
    words = text.strip(" .").split()
    return text in _LOWER_CASE_AGENCIES or (
        0 < len(words) <= _MAX_NAME_WORDS
        and not _NO_BYLINE.fullmatch(text)
        and all(map(_NAME_WORD.fullmatch, words))
        and all(word[0].isupper() or word in _PARTICLES for word in words)
        and any(word[0].isupper() for word in words)
    )
