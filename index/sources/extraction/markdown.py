"""Markdown with front matter -> an `ExtractedArticle`."""

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
_OPENED = re.compile(r"---+[ \t]*\n[\w-]+:")  # a thematic break is not followed by a key


def read_markdown(text: str) -> ExtractedArticle:
    """The article in `text`: its paragraphs, list items and quotes, as a reader sees them.

    The title is that of the front matter, else the first heading. Raises CoverageError for front
    matter that cannot be read.
    """
    fields, body = _split(text.replace("\r\n", "\n").strip())
    fields = {str(key): value for key, value in fields.items()}
    try:
        details = msgspec.convert(fields, Details)
    except msgspec.ValidationError as error:
        raise CoverageError(f"its front matter is wrong: {explain(error)}; fix it") from error
    blocks = tuple(_blocks(body))
    title = next((block.text for block in blocks if not block.kept), "")
    unknown = tuple(key for key in fields if key not in Details.__struct_fields__)
    return details.over(ExtractedArticle(blocks=blocks, title=title, unknown_keys=unknown))


def _split(text: str) -> tuple[dict[Any, Any], str]:
    """The front matter, read, and what follows it; all of `text` follows where there is none."""
    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        written, body = handler.split(text)
    except ValueError as error:  # there is no second line of dashes
        if _OPENED.match(text):
            raise CoverageError("its front matter has no end; close it with ---") from error
        return {}, text
    if len(written) > _MAX_FRONT_MATTER:
        raise CoverageError(
            f"its front matter is longer than {_MAX_FRONT_MATTER:,} characters; shorten it"
        )
    try:
        # Not libyaml, which deep nesting crashes.
        fields = handler.load(written, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date that is none
        where = f" (line {mark.line + 1})" if (mark := getattr(error, "problem_mark", None)) else ""
        raise CoverageError(f"its front matter is not valid YAML{where}; mend it") from error
    if fields is None:
        return {}, body
    # Text between two thematic breaks is YAML, too, but it has no keys.
    return (fields, body) if isinstance(fields, dict) else ({}, text)


def _blocks(body: str) -> Iterator[Block]:
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    for before, token in pairwise(tokens):
        if token.type == "inline" and (text := one_line(_plain(token))):
            yield Block(text, "a heading" if before.type == "heading_open" else "")


def _plain(inline: Token) -> str:
    """Text of an inline token without its markup: links and emphasis are not part of a quote."""
    parts = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        parts.get(child.type, child.content)
        for child in inline.children or ()
        if child.type not in {"html_inline", "image"}
    )
