"""The `resolved` data of an interaction: users, members, roles, channels, files."""

from . import payloads
from .model import Attachment, Channel, Guild, Message, Role, User
from .permissions import ALL
from .refusals import Json

Resolvable = User | Role | Channel | Attachment | Message


class Resolved:
    """Collects the `resolved` data of an interaction, each object once."""

    def __init__(self, guild: Guild | None) -> None:
        self.payload: dict[str, Json] = {}
        self._guild = guild

    def add(self, thing: Resolvable, users: dict[int, User] | None = None) -> str:
        """Add an object; return its id as a string."""
        match thing:
            case User():
                self._put("users", thing, payloads.user(thing))
                if self._guild and thing.id in self._guild.members:
                    member = self._guild.members[thing.id]
                    self._put("members", thing, payloads.resolved_member(member, self._guild))
            case Role():
                self._put("roles", thing, payloads.role(thing))
            case Channel():
                permissions = {"permissions": str(int(ALL))}
                self._put("channels", thing, payloads.channel(thing) | permissions)
            case Attachment():
                self._put("attachments", thing, payloads.attachment(thing, ephemeral=True))
            case Message():
                self._put("messages", thing, payloads.message(thing, users or {}))
        return str(thing.id)

    def added_to(self, data: Json) -> Json:
        """Return interaction data with its `resolved` part."""
        return data | ({"resolved": self.payload} if self.payload else {})

    def _put(self, kind: str, thing: Resolvable, payload: Json) -> None:
        self.payload.setdefault(kind, {})[str(thing.id)] = payload
