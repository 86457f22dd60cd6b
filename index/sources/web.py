"""Fetches coverage over http(s): revalidated, within hard limits, from public addresses only.

Neither the server nor the name service is trusted. Every connection, also of every redirect, is
opened by `_Gate`, which sees the actual IP address. A body is decoded in small steps, so that no
compression ratio and no endless stream costs more memory or time than the limits below.
"""

import asyncio
import errno
import socket
from typing import TYPE_CHECKING

import aiohttp

from index.errors import CoverageError
from index.sources.addresses import (
    is_loopback,
    is_public,
    parse_web_address,
    redact,
    resolve_redirect,
)
from index.sources.http_result import HttpResult, Validators
from index.sources.registry import is_fetchable, suffixes
from index.version import __version__

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver
    from yarl import URL

MAX_BYTES = 5 * 1024 * 1024  # of a decoded body: some 800,000 words, far beyond any one article
TIMEOUT_S = 20.0  # for a fetch with its redirects: a person gives up waiting sooner or later
MAX_REDIRECTS = 3  # http to https, to www, to the article: more is probably a loop
PORTS = frozenset({80, 443})  # others serve mail, databases, admin pages: no coverage

_HEADERS = {
    "User-Agent": f"clipdesk/{__version__}",
    "Accept-Encoding": "gzip, deflate",  # decoded by aiohttp without further packages
}
_NOT_ENCODED = frozenset({"", "identity"})
_COMPRESSED = frozenset({"gzip", "deflate"})
_GZIP_MAGIC = b"\x1f\x8b"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_NOT_MODIFIED = 304

_NO_VALIDATORS = Validators()

# What a failure means to the person who gave the address. The first matching class counts.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (
        aiohttp.ClientConnectorDNSError,
        "the host name was not found; check the spelling and the network",
    ),
    (aiohttp.ClientSSLError, "no secure connection; its certificate or TLS is invalid"),
    (aiohttp.ClientConnectorError, "no connection; check that the server is running"),
    (aiohttp.ClientPayloadError, "its response is incomplete or wrongly encoded; try again later"),
    (Exception, "no valid response: not HTTP, or encoded unasked; try again later"),
)


async def fetch(
    url: str,
    *,
    validators: Validators = _NO_VALIDATORS,
    allow_loopback: bool = False,
    timeout_s: float = TIMEOUT_S,
    resolver: "AbstractResolver | None" = None,
) -> HttpResult | None:
    """Fetch one address; None if it has not changed since the response that gave `validators`.

    `allow_loopback` permits this machine's own servers, on any port; private networks stay refused.
    `resolver` replaces the system's name resolution; it is not trusted either, and is left open.

    Raises CoverageError for any failure: one line, without password or query of the address.
    """
    requested = parse_web_address(url)
    gate = _Gate(allow_loopback=allow_loopback)
    try:
        async with asyncio.timeout(timeout_s), _session(gate, resolver) as session:
            return await _follow(session, requested, validators)
    except TimeoutError:
        raise CoverageError(
            f"no complete response within {timeout_s:g} seconds; try again later"
        ) from None
    except (aiohttp.ClientError, OSError) as error:
        if gate.refused and isinstance(error, aiohttp.ClientConnectorError):
            raise CoverageError(
                f"it leads to {gate.refused}; only public addresses are allowed, "
                "on ports 80 and 443"
            ) from error
        reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
        raise CoverageError(reason) from error


class _Gate:
    """Opens the sockets of one fetch, to public addresses only.

    aiohttp calls it for each attempt to connect, also for IP literals and for each address of a
    name, and connects the socket to that very address.
    """

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self.refused = ""

    def open(self, addr_info: aiohttp.AddrInfoType) -> socket.socket:
        """Create a socket for the address. Raises OSError, and aiohttp tries the next address."""
        family, kind, protocol, _, (address, port, *_) = addr_info
        if not self._is_allowed(str(address), int(port)):
            self.refused = f"{address} port {port}"
            raise OSError(errno.EACCES, "refused")
        return socket.socket(family, kind, protocol)

    def _is_allowed(self, address: str, port: int) -> bool:
        if self._allow_loopback and is_loopback(address):
            return True
        return is_public(address) and port in PORTS


def _session(gate: _Gate, resolver: "AbstractResolver | None") -> aiohttp.ClientSession:
    """Make a session without state: no cookies, no DNS cache, no proxy from the environment."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            socket_factory=gate.open, resolver=resolver, use_dns_cache=False
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=_HEADERS,
        trust_env=False,
    )


async def _follow(
    session: aiohttp.ClientSession, requested: "URL", validators: Validators
) -> HttpResult | None:
    """Send the request and follow redirects here: aiohttp would not check their targets."""
    url = requested
    for _ in range(MAX_REDIRECTS + 1):
        conditions = _conditions(url, validators)
        async with session.get(url, headers=conditions, allow_redirects=False) as response:
            if response.status == _NOT_MODIFIED and conditions:
                return None
            if response.status not in _REDIRECTS:
                return await _read_response(requested, response)
            url = resolve_redirect(url, response.headers.get("Location", ""))
    raise CoverageError(f"it redirects more than {MAX_REDIRECTS} times; give the final address")


def _conditions(url: "URL", validators: Validators) -> dict[str, str]:
    if validators.url != str(url):
        return {}
    conditions = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return {name: value for name, value in conditions.items() if value}


async def _read_response(requested: "URL", response: aiohttp.ClientResponse) -> HttpResult:
    """Read the final response. Raises CoverageError if its status, type or body is refused."""
    if response.status != _OK:
        raise CoverageError(
            f"the server answered {response.status}; check the address, or try again later"
        )
    _check_type(requested, response)
    url = str(response.url)
    return HttpResult(
        url=url,
        body=await _body(response),
        content_type=response.content_type,
        charset=_ascii_or_empty(response.charset),
        validators=Validators(
            url=url,
            etag=_ascii_or_empty(response.headers.get("ETag")),
            last_modified=_ascii_or_empty(response.headers.get("Last-Modified")),
        ),
    )


def _check_type(requested: "URL", response: aiohttp.ClientResponse) -> None:
    content_type = response.content_type
    if not is_fetchable(content_type, requested.path, response.url.path):
        files = ", ".join(suffixes())
        raise CoverageError(f"it is {redact(content_type)}; name a page or a file ({files})")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Read a body of at most MAX_BYTES.

    aiohttp decodes it while reading, in steps of some 64 KiB (before 3.14.1, all it had received).
    """
    encoding = ", ".join(response.headers.getall("Content-Encoding", [])).strip().lower()
    if encoding not in _NOT_ENCODED | _COMPRESSED:
        raise CoverageError(
            f"it is encoded as {redact(encoding)}; the server must use gzip or no compression"
        )
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_BYTES:
            raise CoverageError(f"it is over {MAX_BYTES:,} bytes; split it")
    if encoding in _COMPRESSED and body.startswith(_GZIP_MAGIC):
        raise CoverageError("it is compressed twice; the server must compress it only once")
    return bytes(body)


def _ascii_or_empty(header: str | None) -> str:
    """A header's value, or "" if it cannot be stored and sent back unchanged."""
    return header if header and header.isascii() else ""
