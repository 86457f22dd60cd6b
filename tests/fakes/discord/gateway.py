"""The gateway: dispatches events to its clients, and speaks the protocol.

A session keeps its events, so that RESUME replays exactly those that the client missed. Events are
added to a session whether or not its client is connected.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from . import limits, payloads
from .connection import Connection
from .faults import Faults
from .gateway_faults import (
    Corrupt,
    Delay,
    GatewayFault,
    Invalidate,
    Moment,
    Silence,
    fail_to_connect,
)
from .ledger import Ledger
from .model import Guild
from .protocol import ALL_INTENTS, PRIVILEGED, CloseCode, Intents, Op, is_frame
from .refusals import Json
from .session import Session
from .session_starts import SessionStarts, Start
from .world import World

ForSession = Callable[[Session], Json | None]
"""Makes the data of an event for one session; None if the session does not get it."""


class Gateway:
    """Speaks the gateway protocol with every client that connects."""

    def __init__(self, world: World, ledger: Ledger, faults: Faults) -> None:
        self.heartbeat_s = limits.HEARTBEAT_S
        self.resume_port = 0
        self.url = self.resume_url = ""
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.starts = SessionStarts(world.clock)
        self._world = world
        self._ledger = ledger
        self._faults = faults
        faults.add_handler(self._apply_to_all)

    # Events

    def dispatch(self, event: str, make: ForSession) -> None:
        """Add an event to each session for which `make` returns data."""
        for session in tuple(self.sessions.values()):
            if (data := make(session)) is not None:
                self._emit(session, event, data)

    def guild_payload(self, session: Session, guild: Guild) -> Json | None:
        """Return the GUILD_CREATE data of a guild for a session; None if it must not see it."""
        bot = self._world.application.user
        if Intents.GUILDS not in session.intents or bot.id not in guild.members:
            return None
        all_members = Intents.GUILD_MEMBERS in session.intents
        return payloads.guild_create(guild, bot, all_members=all_members)

    def end_all(self, code: int) -> None:
        """End every session and close every connection, as when the token is reset."""
        self.sessions.clear()
        for connection in tuple(self.connections):
            connection.close(code)

    def drop_all(self) -> None:
        """Break every connection."""
        for connection in tuple(self.connections):
            connection.abort()

    # The protocol

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve a websocket until it is closed."""
        fault = self._fault_of_connect(request)
        if fault and (failed := await fail_to_connect(request, fault)):
            return failed
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(request, socket, self._world.clock, self._ledger)
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        if not self._apply_fault_at(connection, Moment.HELLO):
            interval = {"heartbeat_interval": int(self.heartbeat_s * 1000)}
            connection.send({"op": Op.HELLO, "d": interval})
        try:
            async for message in socket:
                if not connection.closing:
                    self._receive(connection, message)
        finally:
            writer.cancel()
            self._detach(connection)
        return socket

    def _receive(self, connection: Connection, message: WSMessage) -> None:
        if message.type is not WSMsgType.TEXT or not is_frame(message.data):
            self._refuse(connection, CloseCode.DECODE_ERROR)
        elif not connection.received.spend():
            self._refuse(connection, CloseCode.RATE_LIMITED)
        else:
            frame = connection.receive(message.data)
            self._handle(connection, frame["op"], frame.get("d"))

    def _handle(self, connection: Connection, op: int, data: Any) -> None:  # noqa: ANN401 - any JSON
        match op:
            case Op.HEARTBEAT:
                self._acknowledge(connection)
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

    def _acknowledge(self, connection: Connection) -> None:
        if not self._apply_fault_at(connection, Moment.HEARTBEAT):
            connection.send({"op": Op.HEARTBEAT_ACK, "d": None})

    def _identify(self, connection: Connection, data: Json) -> None:
        application = self._world.application
        intents = data.get("intents")
        start = self.starts.count()
        if data.get("token") != application.token:
            self._refuse(connection, CloseCode.AUTHENTICATION_FAILED)
        elif start is Start.USED_UP:
            self._ledger.record_violation("identifies-used-up", "the token is reset")
            application.reset_token()
            self.end_all(CloseCode.AUTHENTICATION_FAILED)
        elif start is Start.TOO_SOON:
            self._ledger.record_violation(
                "identifies-too-soon", f"{self.starts.concurrent.window_s} s apart"
            )
            Invalidate().apply(connection)
        elif not isinstance(intents, int) or not 0 <= intents <= ALL_INTENTS:
            self._refuse(connection, CloseCode.INVALID_INTENTS)
        elif intents & PRIVILEGED & ~application.privileged_intents:
            self._refuse(connection, CloseCode.DISALLOWED_INTENTS)
        elif not self._apply_fault_at(connection, Moment.IDENTIFY):
            self._begin(connection, Session(Intents(intents)))

    def _begin(self, connection: Connection, session: Session) -> None:
        self.sessions[session.id] = session
        self._attach(session, connection)
        application, guilds = self._world.application, tuple(self._world.guilds.values())
        self._emit(
            session, "READY", payloads.ready(application, guilds, session.id, self.resume_url)
        )
        for guild in guilds:
            if (announced := self.guild_payload(session, guild)) is not None:
                self._emit(session, "GUILD_CREATE", announced)

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        seen = data.get("seq")
        if data.get("token") != self._world.application.token:
            self._refuse(connection, CloseCode.AUTHENTICATION_FAILED)
        elif session is None or not isinstance(seen, int) or not session.can_replay_after(seen):
            Invalidate().apply(connection)
        elif not self._apply_fault_at(connection, Moment.RESUME):
            self._attach(session, connection)
            for frame in session.after(seen):
                connection.send(frame)
            self._emit(session, "RESUMED", {"_trace": []})

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data.get("guild_id") or 0))
        if guild:
            self._emit(session, "GUILD_MEMBERS_CHUNK", payloads.members_chunk(guild, data))

    def _emit(self, session: Session, event: str, data: Json) -> None:
        frame, connection = session.add(event, data), session.connection
        if connection is None or connection.closing:
            return
        match fault := self._faults.take_for_moment(event):
            case None:
                connection.send(frame)
            case Silence():
                pass
            case Delay():
                fault.apply(connection)
                connection.send(frame)
            case Corrupt():
                connection.send(fault.corrupted(frame))
            case _:
                connection.send(frame)
                self._apply(connection, fault)

    def _fault_of_connect(self, request: web.Request) -> GatewayFault | None:
        sockname = request.get_extra_info("sockname")
        resuming = sockname is not None and sockname[1] == self.resume_port
        moment = Moment.CONNECT_TO_RESUME if resuming else Moment.CONNECT
        return self._faults.take_for_moment(moment)

    def _apply_fault_at(self, connection: Connection, moment: Moment) -> bool:
        """Apply the fault scheduled for a moment; returns whether it replaces the response."""
        fault = self._faults.take_for_moment(moment)
        if fault:
            self._apply(connection, fault)
        return fault is not None and not isinstance(fault, Delay)

    def _apply(self, connection: Connection, fault: GatewayFault) -> None:
        session = connection.session
        if session and isinstance(fault, Invalidate) and not fault.resumable:
            self.sessions.pop(session.id, None)
        fault.apply(connection)

    def _apply_to_all(self, fault: GatewayFault) -> None:
        for connection in tuple(self.connections):
            self._apply(connection, fault)

    def _refuse(self, connection: Connection, code: CloseCode) -> None:
        self._ledger.record_violation(
            f"gateway-{code.name.lower().replace('_', '-')}", str(int(code))
        )
        connection.close(code)

    def _attach(self, session: Session, connection: Connection) -> None:
        if session.connection:
            session.connection.close(CloseCode.UNKNOWN_ERROR)
        session.connection, connection.session = connection, session

    def _detach(self, connection: Connection) -> None:
        """Remove a connection, and its session too if the client closed it normally."""
        self.connections.discard(connection)
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        on_purpose = connection.socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
        if on_purpose and not connection.closing:
            self.sessions.pop(session.id, None)
