"""Fetch coverage over http(s): revalidated, within hard limits, from public addresses only.

The server is not trusted, nor is the name service. Every connection, of every redirect, is opened
by `_Gate`, which sees the very IP address it goes to. A body is decoded in small steps, so that
no compression ratio and no endless stream costs more memory or time than the limits below.
"""

import asyncio
import errno
import socket
from typing import TYPE_CHECKING

import aiohttp

from index.version import __version__
from index.errors import CoverageError
from index.sources.addresses import is_loopback, is_public, redirected, shown, web_address
from index.sources.http_result import HttpResult, Validators
from index.sources.registry import is_fetchable, suffixes

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver
    from yarl import URL

MAX_BYTES = 5 * 1024 * 1024  # of a body, decoded: some 800,000 words, far beyond any one article
TIMEOUT_S = 20.0  # for a fetch with its redirects: beyond it a person waiting has given up
MAX_REDIRECTS = 3  # http to https, to www, to the article: more is a maze or a loop
PORTS = frozenset({80, 443})  # others are mail, databases, admin pages: nothing that is read here

_HEADERS = {
    "User-Agent": f"clipdesk/{__version__}",
    "Accept-Encoding": "gzip, deflate",  # what aiohttp decodes without further packages
}
_NOT_ENCODED = frozenset({"", "identity"})
_COMPRESSED = frozenset({"gzip", "deflate"})
_GZIP_MAGIC = b"\x1f\x8b"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_NOT_MODIFIED = 304

_NO_VALIDATORS = Validators()

# What a failure means to the person who named the address. The first class that fits counts.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "its name is not found; check the spelling and the network"),
    (aiohttp.ClientSSLError, "no secure connection; its certificate or TLS is not valid"),
    (aiohttp.ClientConnectorError, "no connection; check that the server runs"),
    (aiohttp.ClientPayloadError, "the answer breaks off or is wrongly encoded; try again later"),
    (Exception, "no proper answer: not HTTP, or encoded unasked; try again later"),
)


async def fetch(
    url: str,
    *,
    validators: Validators = _NO_VALIDATORS,
    allow_loopback: bool = False,
    timeout_s: float = TIMEOUT_S,
    resolver: "AbstractResolver | None" = None,
) -> HttpResult | None:
    """Fetch one address; None if it has not changed since the answer that gave `validators`.

    `allow_loopback` admits this machine's own servers, on any port; private networks stay shut.
    `resolver` looks names up in place of the system; it stays open, and is trusted no more.

    Raises CoverageError, whatever goes wrong: one line, without password or query of the address.
    """
    asked = web_address(url)
    gate = _Gate(allow_loopback=allow_loopback)
    try:
        async with asyncio.timeout(timeout_s), _session(gate, resolver) as session:
            return await _follow(session, asked, validators)
    except TimeoutError:
        raise CoverageError(
            f"no full answer within {timeout_s:g} seconds; try again later"
        ) from None
    except (aiohttp.ClientError, OSError) as error:
        if gate.refused and isinstance(error, aiohttp.ClientConnectorError):
            raise CoverageError(
                f"it leads to {gate.refused}; only public addresses are fetched from, "
                "on ports 80 and 443"
            ) from error
        reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
        raise CoverageError(reason) from error


class _Gate:
    """Opens the sockets of one fetch: to public addresses, and to no other.

    aiohttp calls it for each attempt to connect (IP literals and all answers of a name included)
    and connects the socket to just the address it was called with.
    """

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self.refused = ""

    def open(self, addr_info: aiohttp.AddrInfoType) -> socket.socket:
        """Return a socket for the address, or raise OSError, on which the next one is tried."""
        family, kind, protocol, _, (address, port, *_) = addr_info
        if not self._admits(str(address), int(port)):
            self.refused = f"{address} port {port}"
            raise OSError(errno.EACCES, "refused")
        return socket.socket(family, kind, protocol)

    def _admits(self, address: str, port: int) -> bool:
        if self._allow_loopback and is_loopback(address):
            return True
        return is_public(address) and port in PORTS


def _session(gate: _Gate, resolver: "AbstractResolver | None") -> aiohttp.ClientSession:
    """Return a session that keeps nothing: no cookies, no names, no proxy from the environment."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            socket_factory=gate.open, resolver=resolver, use_dns_cache=False
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=_HEADERS,
        trust_env=False,
    )


async def _follow(
    session: aiohttp.ClientSession, asked: "URL", validators: Validators
) -> HttpResult | None:
    """Ask, and follow redirects by hand: aiohttp would not check where they lead."""
    url = asked
    for _ in range(MAX_REDIRECTS + 1):
        conditions = _conditions(url, validators)
        async with session.get(url, headers=conditions, allow_redirects=False) as response:
            if response.status == _NOT_MODIFIED and conditions:
                return None
            if response.status not in _REDIRECTS:
                return await _accepted(asked, response)
            url = redirected(url, response.headers.get("Location", ""))
    raise CoverageError(f"it redirects more than {MAX_REDIRECTS} times; name the final address")


def _conditions(url: "URL", validators: Validators) -> dict[str, str]:
    if validators.url != str(url):
        return {}
    conditions = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return {name: value for name, value in conditions.items() if value}


async def _accepted(asked: "URL", response: aiohttp.ClientResponse) -> HttpResult:
    """Return what a final answer brought. Raises CoverageError if it is not to be read."""
    if response.status != _OK:
        raise CoverageError(f"it answered {response.status}; check the address, or try again later")
    _check_type(asked, response)
    url = str(response.url)
    return HttpResult(
        url=url,
        body=await _body(response),
        content_type=response.content_type,
        charset=_plain(response.charset),
        validators=Validators(
            url=url,
            etag=_plain(response.headers.get("ETag")),
            last_modified=_plain(response.headers.get("Last-Modified")),
        ),
    )


def _check_type(asked: "URL", response: aiohttp.ClientResponse) -> None:
    content_type = response.content_type
    if not is_fetchable(content_type, asked.path, response.url.path):
        files = ", ".join(suffixes())
        raise CoverageError(f"it is {shown(content_type)}; name a page or a file ({files})")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Read a body of at most MAX_BYTES.

    aiohttp decodes it as it is read, in steps of some 64 KiB; before 3.14.1, all that had come in.
    """
    encoding = ", ".join(response.headers.getall("Content-Encoding", [])).strip().lower()
    if encoding not in _NOT_ENCODED | _COMPRESSED:
        raise CoverageError(
            f"it is encoded as {shown(encoding)}; have it served with gzip or without"
        )
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_BYTES:
            raise CoverageError(f"it is over {MAX_BYTES:,} bytes; split it up")
    if encoding in _COMPRESSED and body.startswith(_GZIP_MAGIC):
        raise CoverageError("it is compressed twice; have it served once compressed")
    return bytes(body)


def _plain(header: str | None) -> str:
    """Return a header's value, or nothing if it cannot be stored and sent back as it came."""
    return header if header and header.isascii() else ""
