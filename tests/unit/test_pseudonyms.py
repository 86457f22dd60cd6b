"""Pseudonyms: keyed hashes that cannot be recomputed from public ids."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from bot.discord.components.answer_state import asker_hash
from bot.pseudonyms import pseudonym
from index.store import key_values
from index.store.store import MEMORY, Store, open_store

MEMBER = 123_456_789_012_345_678


async def test_asker_hash_cannot_be_recomputed_from_ids(
    store: Store,
) -> None:
    stored = await asker_hash(store.key_values, "card", MEMBER)
    for key in (b"", b"card"):
        for text in (f"{MEMBER}", f"card {MEMBER}", f"asker card {MEMBER}"):
            guess = hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()
            assert guess != stored
    async with open_store(MEMORY) as other:  # everything but the secret
        assert await asker_hash(other.key_values, "card", MEMBER) != stored


async def test_asker_hash_survives_restart(database: Path) -> None:
    async with open_store(str(database)) as store:
        stored = await asker_hash(store.key_values, "card", MEMBER)
    async with open_store(str(database)) as store:
        assert await asker_hash(store.key_values, "card", MEMBER) == stored
        assert await asker_hash(store.key_values, "card", MEMBER + 1) != stored
        assert await asker_hash(store.key_values, "other", MEMBER) != stored


async def test_a_vote_cannot_be_linked_to_an_asker(store: Store) -> None:
    as_voter = await pseudonym(store.key_values, f"card {MEMBER}")
    assert as_voter != await asker_hash(store.key_values, "card", MEMBER)


async def test_concurrent_calls_share_one_secret(store: Store) -> None:
    assert len(set(await asyncio.gather(*(store.key_values.secret() for _ in range(20))))) == 1


async def test_earlier_votes_keep_their_secret(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.key_values.put("secret of votes", b"s" * 32)
    monkeypatch.setattr(key_values, "secrets", None)  # no new secret can be made
    assert await store.key_values.secret() == b"s" * 32
