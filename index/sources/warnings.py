"""Warnings about coverage that is read, but probably not as its owner intended."""

from collections.abc import Iterable, Iterator

from index.model import CoverageWarning
from index.sources.details import Details
from index.validation import list_unknown_keys

KEYS = Details.__struct_fields__
_SINGLE_ARTICLE_KEYS = ("id", "title", "published", "url")
# Keys that note-taking and clipping tools write into front matter: not mistakes.
_KEYS_OF_OTHER_TOOLS = frozenset(
    {
        "aliases", "categories", "category", "clipped", "cover", "created", "cssclasses", "date",
        "description", "domain", "draft", "excerpt", "extra", "favicon", "guid", "highlights",
        "image", "keywords", "lang", "language", "layout", "math", "modified", "params", "rating",
        "read", "series", "site", "slug", "source", "status", "summary", "tag", "tags",
        "taxonomies", "toc", "topics", "type", "updated", "weight", "wordcount", "words",
    }
)  # fmt: skip


def front_matter_warnings(location: str, keys: Iterable[str]) -> Iterator[CoverageWarning]:
    """A warning about the unknown `keys` in all files of a source, if any."""
    unknown = sorted(key for key in keys if key.lower() not in _KEYS_OF_OTHER_TOOLS)
    if unknown:
        listed = list_unknown_keys(unknown, KEYS)
        reason = f"unknown keys in front matter are ignored: {listed}"
        yield CoverageWarning(location, reason)


def shared_details(location: str, details: Details) -> Iterator[CoverageWarning]:
    """A warning if a source of many articles is given details that suit only one of them."""
    given = [key for key in _SINGLE_ARTICLE_KEYS if getattr(details, key) is not None]
    if given:
        reason = (
            f"its [[coverage]] gives {', '.join(given)}, which now applies to all its articles; "
            "set it for each article; only publisher and author can apply to all"
        )
        yield CoverageWarning(location, reason)
