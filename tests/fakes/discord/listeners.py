"""The ports that the fake listens on; each can be closed, as when a host is down."""

from enum import Enum

from aiohttp import web

HOST = "127.0.0.1"


class Listener(Enum):
    """The purposes of the ports; as on Discord, sessions resume at an address of their own."""

    API = "api"
    GATEWAY = "gateway"
    RESUME = "resume"


class Listeners:
    """Opens and closes ports; closing one refuses new connections and keeps existing ones."""

    def __init__(self, runner: web.AppRunner, api_port: int = 0) -> None:
        self.ports = dict.fromkeys(Listener, 0) | {Listener.API: api_port}
        self._runner = runner
        self._sites: dict[Listener, web.TCPSite] = {}

    async def open(self, *listeners: Listener) -> None:
        """Listen on these ports, under the same port numbers as before."""
        for listener in listeners:
            if listener not in self._sites:
                known = set(self._runner.addresses)
                site = web.TCPSite(self._runner, HOST, self.ports[listener])
                await site.start()
                self._sites[listener] = site
                ((_, port, *_),) = set(self._runner.addresses) - known
                self.ports[listener] = port

    async def close(self, *listeners: Listener) -> None:
        """Stop listening on these ports."""
        for listener in listeners:
            if listener in self._sites:
                await self._sites.pop(listener).stop()
