"""Markdown with front matter -> an `ExtractedArticle`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.model import Block, ExtractedArticle
from index.sources.details import one_line
from index.sources.extraction.front_matter import split_front_matter
from index.sources.extraction.hidden import hidden_elements, remove, remove_unread
from index.sources.extraction.markup import markup_blocks, parse
from index.sources.loose_fields import read_details

# What note-taking tools add to Markdown, which nobody sees as it is written: (pattern, shown).
_NOTE_MARKS = (
    (re.compile(r"%%.{,2000}?%%", re.DOTALL), ""),  # a comment
    (re.compile(r"!\[\[[^\[\]]*\]\]"), ""),  # an embedded file
    (re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]"), r"\1"),  # a link to another note
    (re.compile(r"==(?=\S)(.{1,500}?)(?<=\S)=="), r"\1"),  # highlighted
    (re.compile(r"\[\^[^\[\]\s]{1,100}\]"), ""),  # the mark of a footnote
    (re.compile(r"\A\[[ xX]\]\s"), ""),  # the box of a task
    (re.compile(r"\s\^[\w-]+\Z"), ""),  # the name of a block
)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,100}\]:")
_CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*(.*)\n?")


def read_markdown(text: str) -> ExtractedArticle:
    """Extract the article: its paragraphs, list items, rows and quotes, as a reader sees them.

    The title is that of the front matter, else the first heading.
    """
    fields, body, problem = split_front_matter(text.replace("\r\n", "\n").strip())
    details, unknown_keys, odd_fields = read_details(fields)
    # Indented text is code in Markdown, and an indented paragraph in articles.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    tokens = parser.parse(body)
    return details.apply_to(
        ExtractedArticle(
            blocks=tuple(block for block in _blocks(tokens) if block.text),
            title=_first_heading(tokens),
            unknown_keys=unknown_keys,
            problems=(
                *filter(None, [problem]),
                *(f"in its front matter, {odd}" for odd in odd_fields),
            ),
        )
    )


def _first_heading(tokens: Sequence[Token]) -> str:
    headings = (
        one_line(_shown(token))
        for before, token in pairwise(tokens)
        if before.type == "heading_open"
    )
    return next(filter(None, headings), "")


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    row: list[str] = []
    for before, token in pairwise([*tokens, *tokens[-1:]]):
        match before.type:
            case "html_block":
                yield from _html_blocks(before.content)
            case "fence":
                yield Block(one_line(before.content), "code")
            case "tr_close":
                yield Block(" ".join(filter(None, row)))
                row.clear()
        if token.type != "inline":
            continue
        if before.type in {"td_open", "th_open"}:
            row.append(one_line(_shown(token)))
        elif before.type == "heading_open":
            yield Block(one_line(_shown(token)), "a heading")
        else:
            yield from _paragraph(token)


def _paragraph(inline: Token) -> Iterator[Block]:
    if _FOOTNOTE.match(inline.content):
        yield Block(one_line(inline.content), "a footnote")
        return
    text = _plain_text(inline)
    if found := _CALLOUT.match(text):
        yield Block(one_line(found[1]), "a heading")
        text = text[found.end() :]
    yield Block(one_line(_without_marks(text)))


def _html_blocks(markup: str) -> Iterator[Block]:
    tree = parse(markup)
    if tree is not None:
        remove_unread(tree)
        remove(tree, hidden_elements(tree))
        yield from (Block(block.text) for block in markup_blocks(tree))


def _shown(inline: Token) -> str:
    return _without_marks(_plain_text(inline))


def _without_marks(text: str) -> str:
    for mark, shown in _NOTE_MARKS:
        text = mark.sub(shown, text)
    return text


def _plain_text(inline: Token) -> str:
    """The text of an inline token without markup: links and emphasis are not quoted."""
    parts = {"softbreak": "\n", "hardbreak": "\n", "html_inline": "", "image": ""}
    text = []
    struck = 0  # open tags of text that is struck out
    for child in inline.children or ():
        struck += (child.type == "s_open") - (child.type == "s_close")
        if not struck:
            text.append(parts.get(child.type, child.content))
    return "".join(text)
