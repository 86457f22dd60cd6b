"""Prints text of untrusted origin so that a terminal or a log shows it, and obeys none of it.

Every headline, address, file name or key may hold escape sequences that colour, hide or rewrite
what is on the screen, and signs that reverse or hide text. All that is printed passes through here.
"""

import json
import re

import click

# Control characters; signs that change the direction of text, take no width, or separate lines; and
# halves of surrogate pairs. Joiners, which emoji and many scripts need, count as hidden next to
# ASCII only.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
_SOFT_HYPHEN = "\u00ad"  # harmless, and not shown within a line


def visible(text: str) -> str:
    """`text` with hidden characters written as escapes; line breaks and tabs stay."""
    return HIDDEN.sub(lambda found: ascii(found[0])[1:-1], text.replace(_SOFT_HYPHEN, ""))


def in_one_line(text: str) -> str:
    """The same with line breaks and tabs as escapes too."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def visible_json(encoded: str) -> str:
    """A line of JSON that means the same, with hidden characters as JSON's own escapes."""
    escaped = HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], encoded)
    return escaped.replace(_SOFT_HYPHEN, "\\u00ad")


def echo(text: str, *, err: bool = False) -> None:
    """Print `text` as lines to stdout or stderr."""
    click.echo(visible(text), err=err)
