"""Stores the state of an answer that its buttons need: references to passages, no question.

Kept for `KEPT_DAYS`, across restarts.
"""

import secrets

import msgspec

from bot.pseudonyms import pseudonym
from index import Answer, KeyValues, Reference, make_ref

KEPT_DAYS = 30
FURTHER = 12  # passages stored beyond those that are shown at first
_ID_BYTES = 9  # 12 characters: not guessable, and short enough for a button's id


class AnswerState(msgspec.Struct, frozen=True, kw_only=True):
    """An answer's passages, best first, in pages of `per_page`.

    `asker` is a pseudonym of the user who asked, who may remove the answer. `marked` is whether the
    passages answer the question. `private` is whether only the asker sees the answer so far.
    """

    id: str
    asker: str
    per_page: int
    passages: tuple[Reference, ...] = ()
    marked: bool = False
    private: bool = False

    @property
    def pages(self) -> int:
        """The number of pages; 0 without passages."""
        return -(-len(self.passages) // self.per_page)

    def page(self, number: int) -> tuple[Reference, ...]:
        """The passages of a page; `number` counts from 0."""
        return self.passages[number * self.per_page : (number + 1) * self.per_page]


def new_id() -> str:
    """A random id for an answer state."""
    return secrets.token_urlsafe(_ID_BYTES)


async def asker_hash(key_values: KeyValues, state_id: str, user_id: int) -> str:
    """The pseudonym stored in place of a user's Discord id. Raises StoreError.

    It depends on the state, so that answers of one user cannot be linked, and on the database's
    secret, because Discord's ids are guessable and the state's id is public.
    """
    return await pseudonym(key_values, f"asker {state_id} {user_id}")


async def answer_state_of(
    key_values: KeyValues, answer: Answer, asker: int, *, private: bool
) -> AnswerState | None:
    """The state of a new answer; None for small talk, which needs no buttons. Raises StoreError."""
    if answer.small_talk:
        return None
    shown = [make_ref(hit.passage, hit.highlight) for hit in answer.shown]
    state_id = new_id()
    return AnswerState(
        id=state_id,
        asker=await asker_hash(key_values, state_id, asker),
        per_page=max(1, len(answer.shown)),
        passages=(*shown, *answer.further) if shown else (),
        marked=answer.answered,
        private=private,
    )


async def save(key_values: KeyValues, state: AnswerState) -> None:
    """Store a state. Raises StoreError."""
    await key_values.put(_key(state.id), msgspec.json.encode(state), KEPT_DAYS)


def save_later(key_values: KeyValues, state: AnswerState) -> None:
    """Store a state at the next `KeyValues.write`; it can be loaded at once."""
    key_values.put_later(_key(state.id), msgspec.json.encode(state), KEPT_DAYS)


async def delete(key_values: KeyValues, state_id: str) -> None:
    """Delete a state. Raises StoreError."""
    await key_values.delete(_key(state_id))


async def load(key_values: KeyValues, state_id: str) -> AnswerState | None:
    """The state with that id; None if it has expired or has another format. Raises StoreError."""
    stored = await key_values.get(_key(state_id))
    try:
        return msgspec.json.decode(stored, type=AnswerState) if stored is not None else None
    except msgspec.DecodeError:  # written by another version
        return None


def _key(state_id: str) -> str:
    return f"answer {state_id}"
