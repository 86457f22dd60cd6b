"""Turns votes into relevance judgments: which passages answer a question, and which do not.

A judgment is a line of the file that `clipdesk eval` reads, see `index.evaluation`, so votes can
test later versions.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.votes import Verdict, Vote
from index import Engine, Hit, Passage, Reference


@dataclass(frozen=True, slots=True)
class Judgment:
    """A question asked on `day` (ISO 8601), with right passages and wrong ones."""

    question: str
    day: str
    right: tuple[Hit, ...]
    wrong: tuple[Hit, ...]


async def judge(engine: Engine, votes: Iterable[Vote]) -> tuple[list[Judgment], int]:
    """Return judgments in the order of their first votes, and the number of unusable votes.

    A vote is unusable if its question is unknown or its passage is gone. The majority decides on
    each passage; passages with a tie are left out.
    """
    balances: dict[tuple[str, str], Counter[Passage]] = {}
    hits: dict[Passage, Hit] = {}
    unused = 0
    for vote in votes:
        hit = await engine.resolve_ref(Reference(vote.article, vote.number, 0, 0, vote.digest))
        if not vote.question or hit is None:
            unused += 1
            continue
        hits[hit.passage] = hit
        balance = balances.setdefault((vote.question, vote.day), Counter())
        balance[hit.passage] += 1 if vote.verdict is Verdict.HELPFUL else -1
    judgments = [
        Judgment(
            *asked,
            right=tuple(hits[passage] for passage, votes_up in balance.items() if votes_up > 0),
            wrong=tuple(hits[passage] for passage, votes_up in balance.items() if votes_up < 0),
        )
        for asked, balance in balances.items()
    ]
    return [one for one in judgments if one.right or one.wrong], unused
