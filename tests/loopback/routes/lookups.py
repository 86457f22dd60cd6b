"""Routes that only tell what there is, and the opening of direct messages."""

from loopback import limits, payloads
from loopback.permissions import Permissions
from loopback.refusals import Refusal, Refused

from .endpoint import Auth, Call, Reply, endpoint

ONE_DAY_MS = 24 * 60 * 60 * 1000


@endpoint("GET", "/gateway", Auth.IN_PATH)
def get_gateway(call: Call) -> Reply:
    return Reply({"url": _gateway_url(call)})


@endpoint("GET", "/gateway/bot")
def get_bot_gateway(call: Call) -> Reply:
    session_start_limit = {
        "total": limits.IDENTIFIES_A_DAY,
        "remaining": max(0, limits.IDENTIFIES_A_DAY - call.backend.gateway.identifies),
        "reset_after": ONE_DAY_MS,
        "max_concurrency": 1,
    }
    url = _gateway_url(call)
    return Reply({"url": url, "shards": 1, "session_start_limit": session_start_limit})


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
    guild = call.backend.world.guild(call.id("guild_id"))
    payload = payloads.guild(guild)
    if call.query.get("with_counts") in ("1", "true", "True"):
        counted = len(guild.members)
        payload |= {"approximate_member_count": counted, "approximate_presence_count": counted}
    return Reply(payload)


@endpoint("GET", "/guilds/{guild_id}/members/{user_id}")
def get_guild_member(call: Call) -> Reply:
    guild = call.backend.world.guild(call.id("guild_id"))
    member = guild.members.get(call.id("user_id"))
    if member is None:
        raise Refused(Refusal.UNKNOWN_MEMBER)
    return Reply(payloads.member(member))


@endpoint("GET", "/guilds/{guild_id}/roles")
def list_guild_roles(call: Call) -> Reply:
    guild = call.backend.world.guild(call.id("guild_id"))
    return Reply([payloads.role(role) for role in guild.roles.values()])


def _gateway_url(call: Call) -> str:
    return call.backend.base_url.replace("http://", "ws://", 1) + "/"
