"""What is stored in place of people's ids: not to be guessed from what is shown."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from bot.discord.components import answer_state as cards
from bot.pseudonyms import pseudonym
from index.store import key_values as key_values
from index.store.store import MEMORY, Store, open_store

MEMBER = 123_456_789_012_345_678


async def test_a_card_does_not_tell_its_asker_to_who_knows_its_id_and_the_members(
    store: Store,
) -> None:
    kept = await cards.asker_hash(store.key_values, "card", MEMBER)
    for key in (b"", b"card"):
        for text in (f"{MEMBER}", f"card {MEMBER}", f"asker card {MEMBER}"):
            guess = hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()
            assert guess != kept
    async with open_store(MEMORY) as other:  # with all of it, but for the secret
        assert await cards.asker_hash(other.key_values, "card", MEMBER) != kept


async def test_the_asker_is_known_again_after_a_restart(database: Path) -> None:
    async with open_store(str(database)) as store:
        kept = await cards.asker_hash(store.key_values, "card", MEMBER)
    async with open_store(str(database)) as store:
        assert await cards.asker_hash(store.key_values, "card", MEMBER) == kept
        assert await cards.asker_hash(store.key_values, "card", MEMBER + 1) != kept
        assert await cards.asker_hash(store.key_values, "other", MEMBER) != kept


async def test_a_vote_cannot_be_linked_to_an_asker(store: Store) -> None:
    as_voter = await pseudonym(store.key_values, f"card {MEMBER}")
    assert as_voter != await cards.asker_hash(store.key_values, "card", MEMBER)


async def test_many_at_once_share_one_secret(store: Store) -> None:
    assert len(set(await asyncio.gather(*(store.key_values.secret() for _ in range(20))))) == 1


async def test_votes_of_before_keep_their_secret(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.key_values.put("secret of votes", b"s" * 32)
    monkeypatch.setattr(key_values, "secrets", None)  # no other one can be made
    assert await store.key_values.secret() == b"s" * 32
