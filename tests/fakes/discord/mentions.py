"""Whom a message pings, from its text and its `allowed_mentions`.

The answer is the worst case: it does not ask whether the author may mention everyone, since the
owner of a guild can grant that at any time.
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
    """Whom a message notifies."""

    everyone: bool = False
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everyone or bool(self.users or self.roles)


def pings_of(body: Json, replied_to: int | None = None) -> Pings:
    """Return whom a message body pings; `replied_to` is the author it replies to, if any."""
    text = "\n".join([body.get("content") or "", *displayed(body.get("components") or [])])
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


def displayed(components: list[Json]) -> Iterator[str]:
    """Yield the texts that "Components V2" show, nested ones included."""
    for component in components:
        if component["type"] == TEXT_DISPLAY:
            yield component["content"]
        yield from displayed(component.get("components") or [])
