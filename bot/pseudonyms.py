"""Keyed hashes that are stored in place of people's Discord ids."""

import hashlib

from index.storage.store import Store

_HASH_BYTES = 16


async def pseudonym(store: Store, who: str) -> str:
    """A hash of `who` that nobody can recompute without the secret of that database.

    Include the purpose and the occasion in `who`, so that hashes cannot be linked to each other.
    Raises StoreError.
    """
    key = await store.notes.secret()
    return hashlib.blake2b(who.encode(), key=key, digest_size=_HASH_BYTES).hexdigest()
