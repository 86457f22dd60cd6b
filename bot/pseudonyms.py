"""Keyed hashes that are stored in place of people's Discord ids."""

import hashlib

from index import KeyValues

_HASH_BYTES = 16


async def pseudonym(key_values: KeyValues, who: str) -> str:
    """Hash `who` with the secret of the database; nobody can recompute it without that secret.

    Include the purpose and the occasion in `who`, so that hashes cannot be linked to each other.
    Raises StoreError.
    """
    key = await key_values.secret()
    return hashlib.blake2b(who.encode(), key=key, digest_size=_HASH_BYTES).hexdigest()
