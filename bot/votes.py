"""Votes on passages: one per person and answer.

A vote stores the question, the passage, the verdict and the day. The voter and the answer are
stored only as a hash keyed by the secret of the database.
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
    """A person's opinion of a passage."""

    HELPFUL = "helpful"
    WRONG = "wrong"


class Vote(msgspec.Struct, frozen=True):
    """A vote on paragraph `number` of an article as an answer to `question`.

    `day` is ISO 8601, in UTC; `digest` is of the paragraph's text, as in `Reference`. `question` is
    empty if the bot no longer remembered it when the vote came.
    """

    article: str
    number: int
    verdict: Verdict
    day: str
    digest: str = ""
    question: str = ""


async def vote(  # noqa: PLR0913 - the parts of a vote
    key_values: KeyValues,
    state_id: str,
    user_id: int,
    passage: Reference,
    verdict: Verdict,
    *,
    question: str,
) -> Verdict | None:
    """Store a vote; replace an earlier one by the same person on the same answer.

    Returns the earlier verdict, or None. Raises StoreError.
    """
    key = f"vote {await pseudonym(key_values, f'{state_id} {user_id}')}"
    stored = await key_values.get(key)
    earlier = msgspec.json.decode(stored, type=Vote) if stored is not None else None
    if earlier is None or earlier.verdict is not verdict:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        asked = question or (earlier.question if earlier else "")
        new = Vote(passage.article, passage.number, verdict, today, passage.digest, asked)
        await key_values.put(key, msgspec.json.encode(new), KEPT_DAYS)
    return earlier.verdict if earlier else None


async def votes(key_values: KeyValues) -> list[Vote]:
    """Return all stored votes, oldest first. Raises StoreError."""
    found = []
    for value in (await key_values.get_all("vote ")).values():
        with suppress(msgspec.DecodeError):  # written by another version
            found.append(msgspec.json.decode(value, type=Vote))
    return found


async def tally(key_values: KeyValues) -> Counter[Verdict]:
    """Count the stored votes by verdict. Raises StoreError."""
    return Counter(one.verdict for one in await votes(key_values))
