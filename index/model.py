"""What travels between the parts: frozen records, no dicts and no database rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a saved page, as it stood there.

    `text` is verbatim but for surrounding white space. `left_out` is empty for a paragraph of the
    article, else the reason, in a few words, why the block is not part of it.
    """

    text: str
    left_out: str = ""

    @property
    def kept(self) -> bool:
        """Whether the block is a paragraph of the article."""
        return not self.left_out


@dataclass(frozen=True, slots=True)
class Page:
    """One article as a reader found it in a file: what the file says of it, and all its blocks.

    A field that the file does not tell is empty. `published` is an ISO 8601 date, month or year.
    """

    blocks: tuple[Block, ...]
    id: str = ""
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    url: str = ""
