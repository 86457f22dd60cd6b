"""Payloads that only the gateway sends: READY, and requested members."""

from collections.abc import Iterable

from fakes.discord.model import Application, Guild
from fakes.discord.refusals import Json

from .guilds import member, own_user

VERSION = 10


def ready(
    application: Application, guilds: Iterable[Guild], session_id: str, resume_url: str
) -> Json:
    return {
        "v": VERSION,
        "user": own_user(application),
        "guilds": [
            {"id": str(guild.id), "unavailable": True}
            for guild in guilds
            if application.id in guild.members
        ],
        "session_id": session_id,
        "resume_gateway_url": resume_url,
        "session_type": "normal",
        "private_channels": [],
        "application": {"id": str(application.id), "flags": 0},
    }


def members_chunk(guild: Guild, request: Json) -> Json:
    """Return the members of a guild that a client requested with op 8, in one chunk."""
    wanted = [str(user_id) for user_id in request.get("user_ids") or []]
    query = request.get("query")
    found = [
        member(each)
        for each in guild.members.values()
        if str(each.user.id) in wanted or (query is not None and each.user.name.startswith(query))
    ]
    chunk = {"guild_id": str(guild.id), "members": found, "chunk_index": 0, "chunk_count": 1}
    return chunk | ({"nonce": request["nonce"]} if request.get("nonce") else {})
