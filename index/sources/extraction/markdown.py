"""Extracts the article of a Markdown file with front matter."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import CoverageError
from index.model import Block, ExtractedArticle
from index.sources.details import Details, one_line
from index.validation import explain

_MAX_FRONT_MATTER = 20_000  # characters
_OPENED = re.compile(r"---+[ \t]*\n[\w-]+:")  # not a thematic break: a key follows


def read_markdown(text: str) -> ExtractedArticle:
    """Extract the article: its paragraphs, list items and quotes, as a reader sees them.

    The title is that of the front matter, else the first heading. Raises CoverageError for invalid
    front matter.
    """
    fields, body = _split(text.replace("\r\n", "\n").strip())
    fields = {str(key): value for key, value in fields.items()}
    try:
        details = msgspec.convert(fields, Details)
    except msgspec.ValidationError as error:
        raise CoverageError(f"its front matter is not valid: {explain(error)}; fix it") from error
    blocks = tuple(_blocks(body))
    title = next((block.text for block in blocks if not block.kept), "")
    unknown = tuple(key for key in fields if key not in Details.__struct_fields__)
    return details.apply_to(ExtractedArticle(blocks=blocks, title=title, unknown_keys=unknown))


def _split(text: str) -> tuple[dict[Any, Any], str]:
    """Split `text` into its parsed front matter, {} if there is none, and the body."""
    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        written, body = handler.split(text)
    except ValueError as error:  # no second line of dashes
        if _OPENED.match(text):
            raise CoverageError("its front matter is not closed; end it with ---") from error
        return {}, text
    if len(written) > _MAX_FRONT_MATTER:
        raise CoverageError(
            f"its front matter is longer than {_MAX_FRONT_MATTER:,} characters; shorten it"
        )
    try:
        # Not libyaml, which crashes on deep nesting.
        fields = handler.load(written, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: an invalid date
        where = f" (line {mark.line + 1})" if (mark := getattr(error, "problem_mark", None)) else ""
        raise CoverageError(f"its front matter is not valid YAML{where}; fix it") from error
    if fields is None:
        return {}, body
    # Text between two thematic breaks is valid YAML, but it has no keys.
    return (fields, body) if isinstance(fields, dict) else ({}, text)


def _blocks(body: str) -> Iterator[Block]:
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    for before, token in pairwise(tokens):
        if token.type == "inline" and (text := one_line(_plain_text(token))):
            yield Block(text, "a heading" if before.type == "heading_open" else "")


def _plain_text(inline: Token) -> str:
    """The text of an inline token without markup: links and emphasis are not quoted."""
    parts = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        parts.get(child.type, child.content)
        for child in inline.children or ()
        if child.type not in {"html_inline", "image"}
    )
