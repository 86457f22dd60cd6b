"""The ports that the double listens on, each of which can be shut, as when a host is down."""

from enum import Enum

from aiohttp import web

HOST = "127.0.0.1"


class AdmissionControl(Enum):
    """Purposes of a port; sessions resume on one of their own, as on Discord."""

    API = "api"
    GATEWAY = "gateway"
    RESUME = "resume"


class Doors:
    """Opens and shuts ports; a shut one refuses connections and leaves those there are alone."""

    def __init__(self, runner: web.AppRunner, api_port: int = 0) -> None:
        self.ports = dict.fromkeys(AdmissionControl, 0) | {AdmissionControl.API: api_port}
        self._runner = runner
        self._sites: dict[AdmissionControl, web.TCPSite] = {}

    async def open(self, *doors: AdmissionControl) -> None:
        """Listen, on the port that the door had before if it had one."""
        for admission in doors:
            if admission not in self._sites:
                known = set(self._runner.addresses)
                site = web.TCPSite(self._runner, HOST, self.ports[admission])
                await site.start()
                self._sites[admission] = site
                ((_, port, *_),) = set(self._runner.addresses) - known
                self.ports[admission] = port

    async def shut(self, *doors: AdmissionControl) -> None:
        """Stop listening."""
        for admission in doors:
            if admission in self._sites:
                await self._sites.pop(admission).stop()
