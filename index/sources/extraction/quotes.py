"""Removes from a mail what it quotes of earlier ones, and its signature.

A mail that is passed on is no quotation: that is how articles travel.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

from index.model import Block

_QUOTED = re.compile(r"\s*>")
_SIGNATURE = re.compile(r"-- ?\Z")
_FORWARDED = re.compile(
    r"[\s>-]*(begin )?(forwarded message|original message|weitergeleitete nachricht"
    r"|message (transféré|d'origine)|mensaje (reenviado|original)|ursprüngliche nachricht)"
    r"(:|\s*-{2,})\s*\Z",
    re.IGNORECASE,
)
# Of a reply: "On 5 March 2024, Ada wrote:", on one line or two.
_ATTRIBUTION = re.compile(
    r"(on|am|le|el|il|op|den)\b.{5,200}\b(wrote|schrieb|a écrit|escribió|ha scritto|skrev|schreef)"
    r"[^:]{0,80}:\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_FIELD = re.compile(
    r"[\s>*]*(from|sent|date|to|cc|subject|reply-to|von|gesendet|datum|an|betreff|de|envoyé|à|objet"
    r"|para|enviado|asunto|fecha)\*?\s?:\*?\s",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(r"\s*(fwd?|wg|tr|rv|vs)\s?:", re.IGNORECASE)

# What newsletters say about themselves, in a few words.
_FOOTER = re.compile(
    r"\b(you('|’)?( a)?re receiving this|you received this|unsubscribe (here|from|at)"
    r"|(manage|update|change) (your )?(e-?mail |newsletter )?preferences"
    r"|view (this (e-?mail|newsletter) |it )?(in|on) (your |a )?(web ?)?browser"
    r"|newsletter abbestellen|vous recevez cet|se désabonner|darse de baja|відписатися)\b",
    re.IGNORECASE,
)
_MAX_FOOTER = 400  # characters

# How programs mark quotations in HTML.
_MARKED = etree.XPath(
    "//blockquote[@type='cite'] | //*[contains(@class, 'gmail_quote')]"
    " | //*[contains(@class, 'moz-cite-prefix')] | //*[contains(@class, 'yahoo_quoted')]"
    " | //*[@class='gmail_signature' or @class='moz-signature']"
)


def is_passed_on(subject: str) -> bool:
    """True if the subject is that of a mail which somebody passes on."""
    return _PASSED_ON.match(subject) is not None


def plain_subject(subject: str) -> str:
    """The subject without "Re:" and "Fwd:"."""
    return re.sub(r"\A(\s*(re|aw|sv|antw|fwd?|wg|tr|rv)\s?:)+\s*", "", subject, flags=re.IGNORECASE)


def without_footers(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of a mail; those about the newsletter itself are left out."""
    return tuple(
        Block(block.text, "about the newsletter")
        if block.kept and len(block.text) <= _MAX_FOOTER and _FOOTER.search(block.text)
        else block
        for block in blocks
    )


def split_quotes(text: str, *, passed_on: bool) -> tuple[str, tuple[Block, ...]]:
    """The text that a mail itself says, and what is left out of it."""
    kept: list[str] = []
    left_out: list[Block] = []
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        line = lines[number]
        if _SIGNATURE.match(line):
            left_out += _left_out(lines[number:], "a signature")
            break
        length = _length_of_fields(lines, number)
        if _FORWARDED.match(line) or length:
            if not passed_on and not _is_forward(line):
                left_out += _left_out(lines[number:], "a quoted mail")
                break
            left_out += _left_out(lines[number : number + max(length, 1)], "a quoted header")
            number += max(length, 1)
            continue
        if (taken := _length_of_quotation(lines, number)) and not passed_on:
            left_out += _left_out(lines[number : number + taken], "a quoted line")
            number += taken
            continue
        kept.append(line.lstrip("> ") if _QUOTED.match(line) else line)
        number += 1
    return "\n".join(kept), tuple(left_out)


def _left_out(lines: Sequence[str], reason: str) -> Iterator[Block]:
    return (Block(line.strip(), reason) for line in lines if line.strip())


def _is_forward(line: str) -> bool:
    return re.search(r"forward|weitergeleitet|transféré|reenviado", line, re.IGNORECASE) is not None


def _length_of_fields(lines: Sequence[str], number: int) -> int:
    """The number of lines from that one on which are the headers of another mail."""
    end = number
    while end < len(lines) and _FIELD.match(lines[end]):
        end += 1
    return end - number if end - number > 2 else 0  # noqa: PLR2004 - a sender, a date, a subject


def _length_of_quotation(lines: Sequence[str], number: int) -> int:
    """The number of lines from that one on which are quoted, or say who is quoted."""
    if _QUOTED.match(lines[number]):
        return 1
    for taken in (1, 2):
        said = "\n".join(lines[number : number + taken])
        after = next((line for line in lines[number + taken :] if line.strip()), "")
        if _ATTRIBUTION.match(said) and _QUOTED.match(after):
            return taken
    return 0


def drop_quotes(tree: HtmlElement) -> None:
    """Remove the marked quotations of a mail in HTML; what it passes on stays."""
    for element in _MARKED(tree):
        begins = " ".join("".join(element.itertext()).split()[:4])
        if element.getparent() is not None and not _is_forward(begins):
            element.drop_tree()
