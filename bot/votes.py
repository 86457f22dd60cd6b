"""Whether a passage helped: one vote of each person on each answer.

Of a vote are kept the question, the passage, the verdict and the day; and instead of who voted on
what, a hash of both that only the database's own secret can make again.
"""

import datetime as dt
from collections import Counter
from contextlib import suppress
from enum import Enum

import msgspec

from bot.pseudonyms import pseudonym
from index import KeyValues, Reference

KEPT_DAYS = 365


class Verdict(Enum):
    """What somebody thinks of a passage."""

    HELPFUL = "helpful"
    WRONG = "wrong"


class Vote(msgspec.Struct, frozen=True):
    """A vote on the paragraph of that number of that article, as an answer to `question`.

    `day` is ISO 8601, in UTC; `digest` is that of the paragraph's text, as in `Reference`. What was
    asked is empty where it was forgotten before the vote.
    """

    article: str
    number: int
    verdict: Verdict
    day: str
    digest: str = ""
    question: str = ""


async def vote(  # noqa: PLR0913 - all that there is to a vote
    key_values: KeyValues,
    card_id: str,
    user_id: int,
    passage: Reference,
    verdict: Verdict,
    *,
    question: str,
) -> Verdict | None:
    """Count a vote, in place of an earlier one of the same person on the same answer.

    Returns that earlier verdict, if there was one. Raises StoreError.
    """
    key = f"vote {await pseudonym(key_values, f'{card_id} {user_id}')}"
    known = await key_values.get(key)
    before = msgspec.json.decode(known, type=Vote) if known is not None else None
    if before is None or before.verdict is not verdict:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        asked = question or (before.question if before else "")
        made = Vote(passage.article, passage.number, verdict, today, passage.digest, asked)
        await key_values.put(key, msgspec.json.encode(made), KEPT_DAYS)
    return before.verdict if before else None


async def votes(key_values: KeyValues) -> list[Vote]:
    """All votes that are kept, in the order in which they came. Raises StoreError."""
    found = []
    for kept in (await key_values.get_all("vote ")).values():
        with suppress(msgspec.DecodeError):  # of another version
            found.append(msgspec.json.decode(kept, type=Vote))
    return found


async def tally(key_values: KeyValues) -> Counter[Verdict]:
    """How many votes of each kind are kept. Raises StoreError."""
    return Counter(one.verdict for one in await votes(key_values))
