"""The gateway: what it tells its clients, what a test can do to them, and the protocol.

A session keeps each event it was given, so that RESUME can replay exactly what was missed. Whether
a client is connected makes no difference to what it is given, only to when it learns of it.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from . import limits, payloads
from .entries import Frame
from .ledger import Ledger
from .model import Guild
from .protocol import ALL_INTENTS, PRIVILEGED, CloseCode, Intents, Op
from .refusals import Json
from .session import Connection, Session
from .world import World

ForSession = Callable[[Session], Json | None]
"""Makes the data of an event for one session; None if the session is not to get it."""


class Gateway:
    """Speaks the gateway protocol with every client that connects."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self.heartbeat_s = limits.HEARTBEAT_S
        self.acknowledges_heartbeats = True
        self.resume_url = ""
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies = 0
        self._world = world
        self._ledger = ledger

    # What the double tells its clients

    def dispatch(self, event: str, make: ForSession) -> None:
        """Give an event to each session that it concerns."""
        for session in tuple(self.sessions.values()):
            if (data := make(session)) is not None:
                self._emit(session, event, data)

    def guild_as_seen(self, session: Session, guild: Guild) -> Json | None:
        """Return the announcement of a guild for a session, if it wants to know of guilds."""
        if Intents.GUILDS not in session.intents:
            return None
        all_members = Intents.GUILD_MEMBERS in session.intents
        bot = self._world.application.user
        return payloads.guild_create(guild, bot, all_members=all_members)

    # What a test can do to its clients

    def ask_to_reconnect(self) -> None:
        """Send op 7 to every client."""
        self._to_all({"op": Op.RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9 to every client."""
        if not resumable:
            self.sessions.clear()
        self._to_all({"op": Op.INVALID_SESSION, "d": resumable})

    def close_all(self, code: int) -> None:
        """Close every connection with a code; the sessions stay resumable."""
        for connection in tuple(self.connections):
            connection.close(code)

    def drop_all(self) -> None:
        """Break every connection without a word."""
        for connection in tuple(self.connections):
            writer = connection.socket._writer  # noqa: SLF001 - aiohttp offers no other way
            if writer and writer.transport:
                writer.transport.abort()

    # The protocol

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket until it ends."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress"))
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        self._send(
            connection, {"op": Op.HELLO, "d": {"heartbeat_interval": int(self.heartbeat_s * 1000)}}
        )
        try:
            async for message in socket:
                if not connection.closing:
                    self._receive(connection, message)
        finally:
            writer.cancel()
            self._detach(connection)
        return socket

    def _receive(self, connection: Connection, message: WSMessage) -> None:
        if message.type is not WSMsgType.TEXT or not _is_frame(message.data):
            self._refuse(connection, CloseCode.DECODE_ERROR)
        elif self._too_often(connection):
            self._refuse(connection, CloseCode.RATE_LIMITED)
        else:
            frame = json.loads(message.data)
            self._record(connection, frame, sent=False)
            self._obey(connection, frame["op"], frame.get("d"))

    def _obey(self, connection: Connection, op: int, data: Any) -> None:  # noqa: ANN401 - any JSON
        match op:
            case Op.HEARTBEAT:
                if self.acknowledges_heartbeats:
                    self._send(connection, {"op": Op.HEARTBEAT_ACK, "d": None})
            case Op.IDENTIFY | Op.RESUME if connection.session:
                self._refuse(connection, CloseCode.ALREADY_AUTHENTICATED)
            case Op.IDENTIFY | Op.RESUME | Op.REQUEST_GUILD_MEMBERS if not isinstance(data, dict):
                self._refuse(connection, CloseCode.DECODE_ERROR)
            case Op.IDENTIFY:
                self._identify(connection, data)
            case Op.RESUME:
                self._resume(connection, data)
            case Op.REQUEST_GUILD_MEMBERS if connection.session:
                self._send_members(connection.session, data)
            case Op.PRESENCE_UPDATE | Op.VOICE_STATE_UPDATE if connection.session:
                pass
            case _ if connection.session:
                self._refuse(connection, CloseCode.UNKNOWN_OPCODE)
            case _:
                self._refuse(connection, CloseCode.NOT_AUTHENTICATED)

    def _identify(self, connection: Connection, data: Json) -> None:
        application = self._world.application
        self.identifies += 1
        intents = data.get("intents")
        if data.get("token") != application.token:
            self._refuse(connection, CloseCode.AUTHENTICATION_FAILED)
        elif not isinstance(intents, int) or not 0 <= intents <= ALL_INTENTS:
            self._refuse(connection, CloseCode.INVALID_INTENTS)
        elif intents & PRIVILEGED & ~application.privileged_intents:
            self._refuse(connection, CloseCode.DISALLOWED_INTENTS)
        else:
            session = Session(Intents(intents))
            self.sessions[session.id] = session
            self._attach(session, connection)
            self._emit(session, "READY", self._ready(session))
            for guild in self._world.guilds.values():
                if (announced := self.guild_as_seen(session, guild)) is not None:
                    self._emit(session, "GUILD_CREATE", announced)

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        seen = data.get("seq")
        if data.get("token") != self._world.application.token:
            self._refuse(connection, CloseCode.AUTHENTICATION_FAILED)
        elif session is None or not isinstance(seen, int) or not 0 <= seen <= session.sequence:
            self._send(connection, {"op": Op.INVALID_SESSION, "d": False})
        else:
            self._attach(session, connection)
            for frame in session.events:
                if frame["s"] > seen and frame["t"] != "RESUMED":
                    self._send(connection, frame)
            self._emit(session, "RESUMED", {"_trace": []})

    def _ready(self, session: Session) -> Json:
        application = self._world.application
        return {
            "v": 10,
            "user": payloads.own_user(application),
            "guilds": [{"id": str(each), "unavailable": True} for each in self._world.guilds],
            "session_id": session.id,
            "resume_gateway_url": self.resume_url,
            "session_type": "normal",
            "private_channels": [],
            "application": {"id": str(application.id), "flags": 0},
        }

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data.get("guild_id") or 0))
        if guild is None:
            return
        wanted = [str(user_id) for user_id in data.get("user_ids") or []]
        query = data.get("query")
        found = [
            payloads.member(member)
            for member in guild.members.values()
            if str(member.user.id) in wanted
            or (query is not None and member.user.name.startswith(query))
        ]
        chunk = {"guild_id": str(guild.id), "members": found, "chunk_index": 0, "chunk_count": 1}
        nonce = data.get("nonce")
        self._emit(session, "GUILD_MEMBERS_CHUNK", chunk | ({"nonce": nonce} if nonce else {}))

    def _emit(self, session: Session, event: str, data: Json) -> None:
        session.sequence += 1
        frame = {"op": Op.DISPATCH, "t": event, "s": session.sequence, "d": data}
        session.events.append(frame)
        if session.connection and not session.connection.closing:
            self._send(session.connection, frame)

    def _send(self, connection: Connection, frame: Json) -> None:
        connection.send(frame)
        self._record(connection, frame, sent=True)

    def _to_all(self, frame: Json) -> None:
        for connection in tuple(self.connections):
            self._send(connection, frame)

    def _refuse(self, connection: Connection, code: CloseCode) -> None:
        self._ledger.violate(f"gateway-{code.name.lower().replace('_', '-')}", str(int(code)))
        connection.close(code)

    def _attach(self, session: Session, connection: Connection) -> None:
        if session.connection:
            session.connection.close(CloseCode.UNKNOWN_ERROR)
        session.connection, connection.session = connection, session

    def _detach(self, connection: Connection) -> None:
        """Forget a connection, and its session too if the client ended that on purpose."""
        self.connections.discard(connection)
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        on_purpose = connection.socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
        if on_purpose and not connection.closing:
            self.sessions.pop(session.id, None)

    def _too_often(self, connection: Connection) -> bool:
        """Count a frame of the client; tell whether it is one too many in the window."""
        now, times = self._world.clock.now(), connection.received_at
        full = len(times) == limits.GATEWAY_SENDS_MAX
        too_often = full and now - times[0] < limits.GATEWAY_SENDS_WINDOW_S
        times.append(now)
        return too_often

    def _record(self, connection: Connection, frame: Json, *, sent: bool) -> None:
        session_id = connection.session.id if connection.session else None
        self._ledger.record(
            Frame(
                at=self._ledger.now(),
                session_id=session_id,
                sent=sent,
                op=frame["op"],
                event=frame.get("t"),
                sequence=frame.get("s"),
                data=frame.get("d"),
            )
        )


def _is_frame(text: str) -> bool:
    if len(text.encode()) > limits.GATEWAY_PAYLOAD_MAX_BYTES:
        return False
    try:
        frame = json.loads(text)
    except ValueError:
        return False
    return isinstance(frame, dict) and isinstance(frame.get("op"), int)
