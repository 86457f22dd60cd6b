"""Warnings about coverage that is read, but probably not as its owner meant it."""

from collections.abc import Iterable, Iterator

from index.model import CoverageWarning
from index.sources.details import Details
from index.validation import named_keys

KEYS = Details.__struct_fields__
_OF_ONE_ARTICLE = ("id", "title", "published", "url")
# Keys that note-taking and clipping tools write into front matter: they are no mistakes.
_OF_OTHER_TOOLS = frozenset(
    {
        "aliases", "categories", "category", "clipped", "created", "cssclasses", "date",
        "description", "draft", "excerpt", "favicon", "image", "keywords", "lang", "language",
        "layout", "modified", "site", "slug", "source", "status", "summary", "tag", "tags",
        "type", "updated", "words",
    }
)  # fmt: skip


def unknown_in_front_matter(location: str, keys: Iterable[str]) -> Iterator[CoverageWarning]:
    """One warning at most for all files of a source."""
    unknown = sorted(key for key in keys if key.lower() not in _OF_OTHER_TOOLS)
    if unknown:
        line = f"keys of front matter that are not known are ignored: {named_keys(unknown, KEYS)}"
        yield CoverageWarning(location, line)


def meant_for_one(location: str, details: Details) -> Iterator[CoverageWarning]:
    """A warning where the details of a source of many articles can only be meant for one."""
    given = [key for key in _OF_ONE_ARTICLE if getattr(details, key) is not None]
    if given:
        line = (
            f"its [[coverage]] gives {', '.join(given)}, which now stands for all its articles; "
            "give that for each article, and only publisher or author for all"
        )
        yield CoverageWarning(location, line)
