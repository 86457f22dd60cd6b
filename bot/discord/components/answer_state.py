"""What is kept of an answer for the buttons below it: passages by name, and no question.

Kept for `KEPT_DAYS`, also when the bot starts again.
"""

import secrets

import msgspec

from bot.pseudonyms import pseudonym
from index import Answer, KeyValues, Reference, make_ref

KEPT_DAYS = 30
FURTHER = 12  # passages that can be turned to beyond those that are shown at first
_ID_BYTES = 9  # 12 characters: not to be guessed, and short enough for a button


class AnswerState(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: its passages, best first, `per_page` at a time.

    `asker` is the hash of who asked, and may remove it; `marked` tells that the passages answer;
    `private` that it was shown to the asker alone, and not shared yet.
    """

    id: str
    asker: str
    per_page: int
    passages: tuple[Reference, ...] = ()
    marked: bool = False
    private: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are; none where nothing was found."""
        return -(-len(self.passages) // self.per_page)

    def page(self, number: int) -> tuple[Reference, ...]:
        """The passages of a page; they count from 0."""
        return self.passages[number * self.per_page : (number + 1) * self.per_page]


def new_id() -> str:
    """An id for a card."""
    return secrets.token_urlsafe(_ID_BYTES)


async def asker_hash(key_values: KeyValues, card_id: str, user_id: int) -> str:
    """What is kept in place of Discord's id of who asked: another on each card. Raises StoreError.

    Keyed by the database's secret: an id of Discord's is soon guessed, and that of a card is shown.
    """
    return await pseudonym(key_values, f"asker {card_id} {user_id}")


async def answer_state_of(
    key_values: KeyValues, answer: Answer, asker: int, *, private: bool
) -> AnswerState | None:
    """The card of an answer; None for small talk, which has nothing to look at.

    Raises StoreError.
    """
    if answer.small_talk:
        return None
    shown = [make_ref(hit.passage, hit.highlight) for hit in answer.shown]
    card_id = new_id()
    return AnswerState(
        id=card_id,
        asker=await asker_hash(key_values, card_id, asker),
        per_page=max(1, len(answer.shown)),
        passages=(*shown, *answer.further) if shown else (),
        marked=answer.answered,
        private=private,
    )


async def save(key_values: KeyValues, card: AnswerState) -> None:
    """Keep a card. Raises StoreError."""
    await key_values.put(_key(card.id), msgspec.json.encode(card), KEPT_DAYS)


def save_later(key_values: KeyValues, card: AnswerState) -> None:
    """Keep a card as soon as the store writes its notes; it can be recalled at once."""
    key_values.put_later(_key(card.id), msgspec.json.encode(card), KEPT_DAYS)


async def delete(key_values: KeyValues, card_id: str) -> None:
    """Forget a card. Raises StoreError."""
    await key_values.delete(_key(card_id))


async def load(key_values: KeyValues, card_id: str) -> AnswerState | None:
    """The card with that id; None where it is gone. Raises StoreError."""
    kept = await key_values.get(_key(card_id))
    try:
        return msgspec.json.decode(kept, type=AnswerState) if kept is not None else None
    except msgspec.DecodeError:  # of another version
        return None


def _key(card_id: str) -> str:
    return f"answer {card_id}"
