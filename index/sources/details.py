"""What is known about an article beside its text: from front matter, a manifest or the settings."""

from dataclasses import replace
from typing import Any

import msgspec

from index.dates import iso_date
from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.files import holds_controls


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of an article, each optional. `published` may be a date, a month or a year."""

    id: str | int | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | list[str] | None = None
    published: Any = None  # TOML and YAML have dates of their own
    url: str | None = None
    brief: bool = False

    def over(self, page: ExtractedArticle) -> ExtractedArticle:
        """`page` with these details in place of what it says of itself, where they are given.

        Raises CoverageError for a field that is no text.
        """
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
        for name, value in given.items():
            if holds_controls(value):
                raise CoverageError(f"its {name} holds control characters; mend it")
        known: dict[str, Any] = {name: value for name, value in given.items() if value}
        return replace(page, **known, brief=self.brief or page.brief)


class DatedDetails(Details, frozen=True, kw_only=True):
    """Details that a person wrote for clipdesk: a date that is none is a mistake in them."""

    def __post_init__(self) -> None:
        if self.published is not None and not iso_date(self.published):
            raise ValueError(f"published = {self.published!r}; expected a date like 2020-11-12")


def one_line(text: str) -> str:
    """`text` with every run of white space made one space: a field is a line."""
    return " ".join(text.split())
