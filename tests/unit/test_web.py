"""Fetching from real servers on loopback: results, refusals, and limits."""

import asyncio
import gzip
import socket
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Self

import pytest
from aiohttp import hdrs, web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from index import __version__
from index.errors import CoverageError
from index.sources import web as fetching
from index.sources.http_result import HttpResult, Validators
from index.sources.web import MAX_BYTES, MAX_REDIRECTS, fetch

HTML = "<p>Zürich</p>"
ANYWHERE = "0.0.0.0"  # noqa: S104 - connected to, not bound: Linux takes it for loopback


class Site:
    """A server on loopback that records its requests."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self._app = web.Application()
        self._app.router.add_get("/{path:.*}", self._handle)
        self._server = TestServer(self._app, host="127.0.0.1")
        self._answer: Callable[[web.Request], Awaitable[web.StreamResponse]]
        self.answers(web.Response(text=HTML, content_type="text/html"))

    def answers(self, *responses: web.Response) -> None:
        """Give these answers in turn, the last of them from then on."""
        waiting = list(responses)

        async def answer(_: web.Request) -> web.StreamResponse:
            given = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return web.Response(body=given.body, status=given.status, headers=given.headers)

        self._answer = answer

    def answers_by(self, answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
        self._answer = answer

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self._answer(request)

    @property
    def port(self) -> int:
        assert self._server.port
        return self._server.port

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()


class Names(AbstractResolver):
    """A name service that returns these answers in turn, over and over, for any name."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = answers
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self._answers[self.asked % len(self._answers)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in answer
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        yield running


@pytest.fixture
async def inside(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """A server that must not be reached: its port is allowed, only its address is not."""
    async with Site() as running:
        monkeypatch.setattr(fetching, "PORTS", frozenset({running.port}))
        yield running


async def get(url: str) -> HttpResult:
    fetched = await fetch(url, allow_loopback=True)
    assert fetched
    return fetched


# What comes in


async def test_a_page(site: Site) -> None:
    fetched = await get(site.url("/a?b=c#d"))
    assert fetched.url == site.url("/a?b=c")
    assert fetched.body == HTML.encode()
    assert fetched.content_type == "text/html"
    assert site.requests[0].headers[hdrs.USER_AGENT] == f"clipdesk/{__version__}"
    assert hdrs.COOKIE not in site.requests[0].headers


async def test_the_charset_is_taken_over(site: Site) -> None:
    site.answers(
        web.Response(
            body=HTML.encode("cp1252"), headers={"Content-Type": 'text/html; charset="CP1252"'}
        )
    )
    fetched = await get(site.url())
    assert fetched.charset == "CP1252"
    assert fetched.body.decode(fetched.charset) == HTML


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
    ],
)
async def test_a_content_encoding_is_undone(
    site: Site, coding: str, encode: Callable[[bytes], bytes]
) -> None:
    site.answers(
        web.Response(
            body=encode(HTML.encode()),
            headers={"Content-Encoding": coding, "Content-Type": "text/html"},
        )
    )
    assert (await get(site.url())).body == HTML.encode()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "application/xhtml+xml"),
        ("/", "text/plain"),
        ("/", "TEXT/Markdown; charset=utf-8"),
        ("/", "application/jsonl"),
        ("/", "application/x-ndjson"),
        ("/coverage.jsonl", "application/octet-stream"),
        ("/coverage.JSONL.GZ?v=1", "application/gzip"),
    ],
)
async def test_a_content_type_that_is_read(site: Site, path: str, content_type: str) -> None:
    site.answers(web.Response(body=b"text", headers={"Content-Type": content_type}))
    assert (await get(site.url(path))).body == b"text"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "image/png"),
        ("/", "application/zip"),
        ("/", "application/octet-stream"),
        ("/coverage.jsonl", "video/mp4"),
        ("/a.jsonl/b", "application/octet-stream"),
        ("/", "nonsense"),
    ],
)
async def test_a_content_type_that_is_refused(site: Site, path: str, content_type: str) -> None:
    site.answers(web.Response(body=b"text", headers={"Content-Type": content_type}))
    with pytest.raises(CoverageError, match=r"it is \S+; name a page"):
        await get(site.url(path))


async def test_an_unchanged_page_is_not_sent_again(site: Site) -> None:
    headers = {"ETag": 'W/"1"', "Last-Modified": "Mon, 05 Jan 2026 10:00:00 GMT"}
    site.answers(
        web.Response(text=HTML, content_type="text/html", headers=headers),
        web.Response(status=304),
    )
    first = await get(site.url())
    assert first.validators == Validators(site.url(), headers["ETag"], headers["Last-Modified"])
    again = await fetch(site.url(), validators=first.validators, allow_loopback=True)
    assert again is None
    assert site.requests[1].headers[hdrs.IF_NONE_MATCH] == headers["ETag"]
    assert site.requests[1].headers[hdrs.IF_MODIFIED_SINCE] == headers["Last-Modified"]


async def test_validators_go_to_no_other_address(site: Site) -> None:
    async with Site() as other:
        site.answers(web.Response(status=302, headers={"Location": other.url("/new")}))
        validators = Validators(site.url("/old"), '"1"')
        await fetch(site.url("/old"), validators=validators, allow_loopback=True)
        assert hdrs.IF_NONE_MATCH in site.requests[0].headers
        assert hdrs.IF_NONE_MATCH not in other.requests[0].headers


async def test_validators_go_to_the_address_behind_a_redirect(site: Site) -> None:
    site.answers(web.Response(status=301, headers={"Location": "/new"}), web.Response(status=304))
    validators = Validators(site.url("/new"), '"1"')
    assert await fetch(site.url("/old"), validators=validators, allow_loopback=True) is None
    assert hdrs.IF_NONE_MATCH not in site.requests[0].headers


async def test_not_modified_without_a_condition_is_refused(site: Site) -> None:
    site.answers(web.Response(status=304))
    with pytest.raises(CoverageError, match="answered 304"):
        await get(site.url())


async def test_a_validator_that_cannot_be_sent_back_is_dropped(site: Site) -> None:
    site.answers(
        web.Response(text=HTML, content_type="text/html", headers={"ETag": '"\N{SNOWMAN}"'})
    )
    assert (await get(site.url())).validators == Validators(site.url())


# Statuses and redirects


@pytest.mark.parametrize("status", [201, 204, 206, 300, 401, 403, 404, 410, 429, 500, 503])
async def test_another_status_than_200_is_refused(site: Site, status: int) -> None:
    site.answers(web.Response(status=status))
    with pytest.raises(CoverageError, match=f"answered {status}; check the address") as caught:
        await get(site.url("/a?token=secret"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(site: Site, status: int) -> None:
    site.answers(
        web.Response(status=status, headers={"Location": "/b", "Set-Cookie": "a=b"}),
        web.Response(text=HTML, content_type="text/html"),
    )
    assert (await get(site.url("/a"))).url == site.url("/b")
    assert hdrs.COOKIE not in site.requests[1].headers


@pytest.mark.parametrize("headers", [{"Location": "/"}, {"Location": ""}, {}])
async def test_a_loop_of_redirects_ends(site: Site, headers: dict[str, str]) -> None:
    site.answers(web.Response(status=302, headers=headers))
    with pytest.raises(CoverageError, match="redirects more than 3 times"):
        await get(site.url())
    assert len(site.requests) == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "http://[::1"]
)
async def test_a_redirect_to_no_web_address_is_refused(site: Site, location: str) -> None:
    site.answers(web.Response(status=302, headers={"Location": location}))
    with pytest.raises(CoverageError, match="redirects to"):
        await get(site.url())
    assert len(site.requests) == 1


# Forbidden addresses

LITERALS = [
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    ANYWHERE,
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7F00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    f"[::ffff:{ANYWHERE}]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fd00::1]",
    "[ff02::1]",
    "10.0.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.2",
    "192.168.0.1",
    "224.0.0.1",
    "255.255.255.255",
]
ODD_SPELLINGS = [
    "localhost",
    "LOCALHOST",
    "LocalHost.",
    "localhost..",
    "ⓛocalhost",
    "ｌｏｃａｌｈｏｓｔ",  # noqa: RUF001 - full width, on purpose
    "127.1",
    "127.0.1",
    "127.00.0.1",
    "127.0.0.1.",
    "127.0.0.1..",
    "127.0.0.01",
    "0177.0.0.1",
    "0177.0.0.01",
    "017700000001",
    "0000000127.0.0.1",
    "2130706433",
    "2130706433.",
    "4294967296",
    "0x7f000001",
    "0x7F000001",
    "0X7F.1",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "127.0x1",
    "127.0.0x0.1",
    "0",
    "0.0",
    "0x0",
    "00",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",  # noqa: RUF001 - full width, on purpose
    "127。0。0。1",
    "127．0．0．1",  # noqa: RUF001 - full width, on purpose
    "١٢٧.٠.٠.١",  # noqa: RUF001 - Arabic digits, on purpose
    "127%2e0%2e0%2e1",
    "%31%32%37.0.0.1",
    "127.0.0.1%00",
    "127.0.0.1%20",
    "[::1%25lo]",
    "[::1%lo]",
    "[::ffff:127.0.0.1%25lo]",
    "[127.0.0.1]",
    "[::1].",
    "user@127.0.0.1",
    "example.com@127.0.0.1",
    "example.com\\@127.0.0.1",
    "127.0.0.1\\@example.com",
    "127.0.0.1\t",
    "127.0.0.1\n",
    " 127.0.0.1",
]


@pytest.mark.parametrize("host", LITERALS)
async def test_a_forbidden_literal_is_never_connected_to(inside: Site, host: str) -> None:
    with pytest.raises(CoverageError, match=r"leads to \S+ port \d+; only public"):
        await fetch(inside.url(host=host))
    assert not inside.requests


@pytest.mark.parametrize("host", ODD_SPELLINGS)
async def test_an_odd_spelling_of_loopback_is_never_connected_to(inside: Site, host: str) -> None:
    with pytest.raises(CoverageError):
        await fetch(inside.url(host=host))
    assert not inside.requests


async def test_addresses_from_a_resolver_are_checked(inside: Site) -> None:
    """Not even names, which asyncio would resolve once more, after all checks."""
    for host in [*LITERALS, *ODD_SPELLINGS]:
        names = Names([host.strip("[]")])
        with pytest.raises(CoverageError, match="leads to"):
            await fetch(inside.url(host="press.example"), resolver=names)
        assert names.asked == 1
    assert not inside.requests


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1", "::1"],
        ["10.0.0.1", "127.0.0.1", "169.254.169.254"],
        ["::", "fd00::1", ANYWHERE, "::ffff:127.0.0.1"],
    ],
)
async def test_every_answer_of_a_name_is_checked(inside: Site, answer: list[str]) -> None:
    with pytest.raises(CoverageError, match="leads to"):
        await fetch(inside.url(host="press.example"), resolver=Names(answer))
    assert not inside.requests


@pytest.mark.parametrize("answer", [["::1", ANYWHERE], ["127.0.0.2", ANYWHERE], [ANYWHERE, "::1"]])
async def test_a_forbidden_address_is_no_fallback(inside: Site, answer: list[str]) -> None:
    """The allowed address refuses the connection; the forbidden one would accept it."""
    with pytest.raises(CoverageError, match=f"leads to {ANYWHERE}"):
        await fetch(inside.url(host="press.example"), resolver=Names(answer), allow_loopback=True)
    assert not inside.requests


async def test_a_rebinding_name_reaches_only_what_is_allowed(inside: Site) -> None:
    """Both answers reach the server, so that a connection to the forbidden one would be seen."""
    names = Names(["127.0.0.1"], [ANYWHERE])
    refused = 0
    for _ in range(200):
        try:
            await fetch(inside.url(host="press.example"), resolver=names, allow_loopback=True)
        except CoverageError:
            refused += 1
    assert (names.asked, refused, len(inside.requests)) == (200, 100, 100)


async def test_the_target_of_a_redirect_is_resolved_and_checked(inside: Site) -> None:
    names = Names(["127.0.0.1"], [ANYWHERE])
    inside.answers(
        web.Response(status=302, headers={"Location": inside.url("/b", host="www.press.example")})
    )
    with pytest.raises(CoverageError, match=f"leads to {ANYWHERE}"):
        await fetch(inside.url("/a", host="press.example"), resolver=names, allow_loopback=True)
    assert [request.path for request in inside.requests] == ["/a"]


@pytest.mark.parametrize("host", [ANYWHERE, "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"])
async def test_a_redirect_does_not_reach_private_addresses(
    site: Site, inside: Site, host: str
) -> None:
    site.answers(web.Response(status=302, headers={"Location": inside.url(host=host)}))
    with pytest.raises(CoverageError, match="leads to"):
        await get(site.url())
    assert len(site.requests) == 1
    assert not inside.requests


async def test_other_ports_are_refused(site: Site) -> None:
    for address in ("127.0.0.1", "1.1.1.1"):  # of the public one no socket is ever opened
        with pytest.raises(CoverageError, match=f"leads to {address} port {site.port}; only"):
            await fetch(site.url(host="press.example"), resolver=Names([address]))
    assert not site.requests


async def test_a_proxy_of_the_environment_is_not_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, site.url())
    with pytest.raises(CoverageError, match=r"leads to 10\.0\.0\.1 port 80"):
        await fetch("http://press.example/", resolver=Names(["10.0.0.1"]))
    assert not site.requests


# Limits


def bomb(megabytes: int) -> bytes:
    """A gzip stream of that many zeros: one block repeated, as none refers to another."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * megabytes


async def test_a_bomb_is_stopped_at_the_limit(site: Site) -> None:
    packed = bomb(megabytes=300)
    assert len(packed) < 400_000
    site.answers(
        web.Response(body=packed, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})
    )
    tracemalloc.start()
    try:
        with pytest.raises(CoverageError, match="is over 5,242,880 bytes"):
            await get(site.url())
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 4 * MAX_BYTES


async def test_a_body_of_just_the_limit_is_read(site: Site) -> None:
    site.answers(web.Response(body=bytes(MAX_BYTES), content_type="text/plain"))
    assert len((await get(site.url())).body) == MAX_BYTES


async def test_an_endless_body_is_stopped(site: Site) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        while True:
            await response.write(bytes(100_000))

    site.answers_by(answer)
    with pytest.raises(CoverageError, match="is over"):
        await get(site.url())


async def test_a_dripping_body_is_stopped(site: Site) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.02)

    site.answers_by(answer)
    with pytest.raises(CoverageError, match=r"no complete response within 0\.3 seconds"):
        await fetch(site.url(), allow_loopback=True, timeout_s=0.3)


async def test_the_timeout_includes_all_redirects(site: Site) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.15)
        return web.Response(status=302, headers={"Location": "/"})

    site.answers_by(answer)
    with pytest.raises(CoverageError, match="no complete response"):
        await fetch(site.url(), allow_loopback=True, timeout_s=0.3)
    assert len(site.requests) < 4


@pytest.mark.parametrize(
    "coding", ["br", "zstd", "compress", "gzip, gzip", "gzip,gzip", "identity, gzip"]
)
async def test_another_encoding_is_refused(site: Site, coding: str) -> None:
    site.answers(
        web.Response(
            body=gzip.compress(gzip.compress(HTML.encode())),
            headers={"Content-Encoding": coding, "Content-Type": "text/html"},
        )
    )
    with pytest.raises(CoverageError, match=r"is encoded as|no valid response"):
        await get(site.url())


async def test_a_body_compressed_twice_is_refused(site: Site) -> None:
    site.answers(
        web.Response(
            body=gzip.compress(gzip.compress(HTML.encode())),
            headers={"Content-Encoding": "gzip", "Content-Type": "text/html"},
        )
    )
    with pytest.raises(CoverageError, match="compressed twice"):
        await get(site.url())


async def test_a_gz_file_is_returned_unchanged(site: Site) -> None:
    packed = gzip.compress(b"{}")
    headers = {"Content-Encoding": "identity", "Content-Type": "application/gzip"}
    site.answers(web.Response(body=packed, headers=headers))
    assert (await get(site.url("/coverage.jsonl.gz"))).body == packed


async def test_a_broken_encoding_is_a_one_line_error(site: Site) -> None:
    site.answers(
        web.Response(
            body=b"not gzip",
            headers={"Content-Encoding": "gzip", "Content-Type": "text/html"},
        )
    )
    with pytest.raises(CoverageError, match="is incomplete or wrongly encoded"):
        await get(site.url())


# Servers that do not speak HTTP as they should


async def get_raw(answer: bytes, scheme: str = "http") -> HttpResult:
    """Fetch from a server that sends these bytes for any request and closes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        return await get(f"{scheme}://127.0.0.1:{port}/")


async def test_a_body_longer_than_its_content_length_is_invalid() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"
    with pytest.raises(CoverageError, match="no valid response"):
        await get_raw(head + b"text and more")


async def test_a_body_shorter_than_its_content_length_is_invalid() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99999999999\r\n\r\n"
    with pytest.raises(CoverageError, match="is incomplete"):
        await get_raw(head + b"text")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 10_000 + b"\r\n",
    ],
    ids=["nothing", "another protocol", "negative length", "long header", "many headers"],
)
async def test_a_response_that_is_not_http_is_a_one_line_error(answer: bytes) -> None:
    with pytest.raises(CoverageError, match="no valid response") as caught:
        await get_raw(answer)
    assert len(str(caught.value)) < 200


async def test_no_tls_is_a_one_line_error() -> None:
    with pytest.raises(CoverageError, match="no secure connection"):
        await get_raw(b"HTTP/1.1 200 OK\r\n\r\n", scheme="https")


async def test_no_server_is_a_one_line_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and not listening
        with pytest.raises(CoverageError, match="no connection; check that the server is running"):
            await get(f"http://127.0.0.1:{taken.getsockname()[1]}/?token=secret")


async def test_an_unknown_host_is_a_one_line_error() -> None:
    class NoNames(Names):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            raise socket.gaierror(socket.EAI_NONAME, f"{host} {port} {family}")

    with pytest.raises(CoverageError, match="host name was not found"):
        await fetch("http://press.example/a?token=secret", resolver=NoNames())
