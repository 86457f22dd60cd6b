"""Determines whom a message pings, from its text and its `allowed_mentions`.

This is the worst case: the author's permission to mention everyone is not checked, because the
owner of a guild can grant it at any time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .refusals import Json

TEXT_DISPLAY = 10

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Pings:
    """The users and roles that a message notifies."""

    everyone: bool = False
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everyone or bool(self.users or self.roles)


def pings_of(body: Json, replied_to: int | None = None) -> Pings:
    """Return the pings of a message body; `replied_to` is the author it replies to, if any."""
    text = "\n".join([body.get("content") or "", *text_displays(body.get("components") or [])])
    users = frozenset(map(int, _USER.findall(text)))
    roles = frozenset(map(int, _ROLE.findall(text)))
    everyone = bool(_EVERYONE.search(text))
    replied = frozenset() if replied_to is None else frozenset({replied_to})

    allowed = body.get("allowed_mentions")
    if allowed is None:
        return Pings(everyone, users | replied, roles)
    parse = allowed.get("parse") or []
    if "users" not in parse:
        users &= frozenset(map(int, allowed.get("users") or []))
    if "roles" not in parse:
        roles &= frozenset(map(int, allowed.get("roles") or []))
    if allowed.get("replied_user"):
        users |= replied
    return Pings(everyone and "everyone" in parse, users, roles)


def text_displays(components: list[Json]) -> Iterator[str]:
    """Yield the texts of "Components V2", nested ones included."""
    for component in components:
        if component["type"] == TEXT_DISPLAY:
            yield component["content"]
        yield from text_displays(component.get("components") or [])
