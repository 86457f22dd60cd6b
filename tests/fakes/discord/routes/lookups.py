"""Routes that look up objects, and the route that opens direct messages."""

from fakes.discord import payloads
from fakes.discord.permissions import Permissions
from fakes.discord.refusals import Refusal, Refused

from .endpoint import Auth, Call, Reply, endpoint


@endpoint("GET", "/gateway", Auth.IN_PATH)
def get_gateway(call: Call) -> Reply:
    return Reply({"url": call.backend.gateway.url})


@endpoint("GET", "/gateway/bot")
def get_bot_gateway(call: Call) -> Reply:
    starts = call.backend.gateway.starts.payload
    return Reply({"url": call.backend.gateway.url, "shards": 1, "session_start_limit": starts})


@endpoint("GET", "/users/@me")
def get_my_user(call: Call) -> Reply:
    return Reply(payloads.own_user(call.backend.world.application))


@endpoint("GET", "/oauth2/applications/@me")
@endpoint("GET", "/applications/@me")
def get_my_application(call: Call) -> Reply:
    world = call.backend.world
    return Reply(payloads.application(world.application, len(world.guilds)))


@endpoint("POST", "/users/@me/channels")
def create_dm(call: Call) -> Reply:
    world = call.backend.world
    recipient = world.user(int(call.body.get("recipient_id") or 0))
    if recipient.bot:
        raise Refused(Refusal.CANNOT_MESSAGE_USER)
    return Reply(payloads.channel(world.dm_with(recipient)))


@endpoint("GET", "/channels/{channel_id}")
def get_channel(call: Call) -> Reply:
    return Reply(payloads.channel(call.channel(Permissions.VIEW_CHANNEL)))


@endpoint("GET", "/guilds/{guild_id}")
def get_guild(call: Call) -> Reply:
    guild = call.guild()
    payload = payloads.guild(guild)
    if call.query.get("with_counts") in ("1", "true", "True"):
        counted = len(guild.members)
        payload |= {"approximate_member_count": counted, "approximate_presence_count": counted}
    return Reply(payload)


@endpoint("GET", "/guilds/{guild_id}/members/{user_id}")
def get_guild_member(call: Call) -> Reply:
    guild = call.guild()
    member = guild.members.get(call.id("user_id"))
    if member is None:
        raise Refused(Refusal.UNKNOWN_MEMBER)
    return Reply(payloads.member(member))


@endpoint("GET", "/guilds/{guild_id}/roles")
def list_guild_roles(call: Call) -> Reply:
    guild = call.guild()
    return Reply([payloads.role(role) for role in guild.roles.values()])
