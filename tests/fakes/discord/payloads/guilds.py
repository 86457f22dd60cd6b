"""Payloads of users, guilds, channels and roles."""

from fakes.discord.clock import iso
from fakes.discord.model import LOCALE, Application, Channel, ChannelKind, Guild, Member, Role, User
from fakes.discord.refusals import Json

NO_PUBLIC_KEY = "0" * 64


def user(entity: User) -> Json:
    payload: Json = {
        "id": str(entity.id),
        "username": entity.name,
        "avatar": None,
        "discriminator": "0000" if entity.bot else "0",
        "public_flags": 0,
        "flags": 0,
        "global_name": None,
        "primary_guild": None,
    }
    return {**payload, "bot": True} if entity.bot else payload


def own_user(application: Application) -> Json:
    return {**user(application.user), "mfa_enabled": True, "locale": LOCALE, "verified": True}


def application(app: Application, guild_count: int) -> Json:
    return {
        "id": str(app.id),
        "name": app.user.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(app.user),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": NO_PUBLIC_KEY,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(app.owner),
        "approximate_guild_count": guild_count,
        "approximate_user_install_count": len(app.installed_by),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def role(entity: Role) -> Json:
    return {
        "id": str(entity.id),
        "name": entity.name,
        "permissions": str(int(entity.permissions)),
        "position": entity.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def member(entity: Member, *, with_user: bool = True) -> Json:
    payload: Json = {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": iso(entity.joined_at),
        "nick": None,
        "pending": False,
        "premium_since": None,
        "roles": [str(role_id) for role_id in entity.role_ids],
        "mute": False,
        "deaf": False,
    }
    return {**payload, "user": user(entity.user)} if with_user else payload


def channel(entity: Channel) -> Json:
    payload: Json = {"id": str(entity.id), "type": int(entity.kind), "flags": 0}
    if entity.guild is None:
        people = [user(entity) for entity in entity.recipients if not entity.bot]
        payload |= {"last_message_id": None, "recipients": people}
        if entity.kind is ChannelKind.GROUP_DM:
            payload |= {"name": entity.name, "icon": None, "owner_id": str(entity.owner_id)}
        return payload
    payload |= {"guild_id": str(entity.guild.id), "name": entity.name, "last_message_id": None}
    payload |= {"rate_limit_per_user": 0}
    if entity.kind is ChannelKind.PUBLIC_THREAD and entity.parent:
        created = iso(entity.created_at)
        return payload | {
            "parent_id": str(entity.parent.id),
            "owner_id": str(entity.owner_id),
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "thread_metadata": {
                "archived": entity.locked,
                "archive_timestamp": created,
                "auto_archive_duration": 1440,
                "locked": entity.locked,
                "create_timestamp": created,
            },
        }
    return payload | {
        "position": list(entity.guild.channels).index(entity.id),
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": [
            {
                "id": str(target),
                "type": int(overwrite.of_member),
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for target, overwrite in entity.overwrites.items()
        ],
    }


def guild(entity: Guild) -> Json:
    nothing = dict.fromkeys(
        [
            "icon",
            "description",
            "home_header",
            "splash",
            "discovery_splash",
            "banner",
            "application_id",
            "afk_channel_id",
            "system_channel_id",
            "widget_channel_id",
            "max_presences",
            "vanity_url_code",
            "rules_channel_id",
            "safety_alerts_channel_id",
            "public_updates_channel_id",
            "incidents_data",
        ]
    )
    return nothing | {
        "id": str(entity.id),
        "name": entity.name,
        "owner_id": str(entity.owner_id),
        "roles": [role(each) for each in entity.roles.values()],
        "features": [],
        "emojis": [],
        "stickers": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": entity.preferred_locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
    }


def guild_create(entity: Guild, bot: User, *, all_members: bool) -> Json:
    """Return a guild as in GUILD_CREATE: with channels and members."""
    threads = [each for each in entity.channels.values() if each.parent]
    channels = [each for each in entity.channels.values() if not each.parent]
    seen = entity.members.values() if all_members else [entity.members[bot.id]]
    return guild(entity) | {
        "joined_at": iso(entity.members[bot.id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(entity.members),
        "members": [member(each) for each in seen],
        "channels": [channel(each) for each in channels],
        "threads": [channel(each) for each in threads],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
