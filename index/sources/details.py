"""Details of an article besides its text: from front matter, a manifest or the settings."""

from dataclasses import replace
from typing import Any

import msgspec

from index.dates import iso_date
from index.model import ExtractedArticle


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of an article, each optional. `published` may be a date, a month or a year.

    Its repr is part of digests and stamps: any change to it has every item read again.
    """

    id: str | int | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | list[str] | None = None
    published: Any = None  # TOML and YAML have their own date types
    url: str | None = None
    brief: bool = False

    def apply_to(self, article: ExtractedArticle) -> ExtractedArticle:
        """The article with its fields replaced by the details that are given."""
        author = ", ".join(self.author) if isinstance(self.author, list) else self.author
        fields = {
            "id": self.id,
            "title": self.title,
            "publisher": self.publisher,
            "author": author,
            "published": iso_date(self.published),
            "url": self.url,
        }
        given = {name: one_line(str(value)) for name, value in fields.items() if value is not None}
        replaced: dict[str, Any] = {name: value for name, value in given.items() if value}
        return replace(article, **replaced, brief=self.brief or article.brief)


class DatedDetails(Details, frozen=True, kw_only=True):
    """Details written for clipdesk by hand: an invalid date is an error."""

    def __post_init__(self) -> None:
        if self.published is not None and not iso_date(self.published):
            raise ValueError(f"published = {self.published!r}; expected a date like 2020-11-12")


def one_line(text: str) -> str:
    """`text` with each run of white space collapsed to one space."""
    return " ".join(text.split())
