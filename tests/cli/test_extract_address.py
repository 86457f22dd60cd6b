"""`clipdesk extract` of an address: fetched as safely as coverage; nothing is stored."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cli.running import Run

_PARAGRAPHS = [
    f"The harbour of Eldholm closes on the {day}th of March for nine weeks, the mayor told the "
    "council, and ferries will leave from the old quay until the dredging is done."
    for day in range(4, 9)
]
_PAGE = (
    "<html><head><title>Harbour closes</title>"
    "<meta property='og:site_name' content='Eldholm Post'></head><body>"
    "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><article><h1>Harbour closes</h1>"
    + "".join(f"<p>{text}</p>" for text in _PARAGRAPHS)
    + "</article></body></html>"
)
_LINES = '{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n'
_ANSWERS = {
    "/harbour": ("text/html", _PAGE),
    "/archive.jsonl": ("application/jsonl", _LINES),
    "/picture": ("image/png", "no text"),
}


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = _ANSWERS.get(self.path, ("", ""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args: object) -> None:
        """Say nothing: the lines on stderr are those of the command."""


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIPDESK_ALLOW_LOOPBACK", "true")


@pytest.mark.usefixtures("_loopback")
def test_extract_page(clipdesk: Run, site: str, tmp_path: Path) -> None:
    ran = clipdesk("extract", f"{site}/harbour", "--json")
    assert (ran.code, ran.problems) == (0, [])
    [page] = ran.json
    assert page["paragraphs"] == _PARAGRAPHS
    assert (page["title"], page["publisher"]) == ("Harbour closes", "Eldholm Post")
    assert page["file"] == page["url"] == f"{site}/harbour"
    ran = clipdesk("extract", "--why", f"{site}/harbour")
    assert "Harbour closes" in ran.out
    assert "Home News  (navigation)" in ran.out
    assert not list(tmp_path.rglob("*.db"))


@pytest.mark.usefixtures("_loopback")
def test_extract_archive(clipdesk: Run, site: str) -> None:
    ran = clipdesk("extract", f"{site}/archive.jsonl", "--json")
    assert [(page["id"], page["paragraphs"]) for page in ran.json] == [
        ("a", ["One."]),
        ("b", ["Two."]),
    ]


@pytest.mark.usefixtures("_loopback")
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/gone?token=secret", "the server answered 404; check the address"),
        ("/picture", "it is image/png; name a page"),
    ],
)
def test_unreadable_address_is_one_line(clipdesk: Run, site: str, path: str, why: str) -> None:
    ran = clipdesk("extract", site + path)
    assert (ran.code, ran.out) == (1, "")
    [line] = ran.problems
    assert line.startswith(f"clipdesk: {site}{path.partition('?')[0]}: {why}")
    assert "secret" not in line


def test_loopback_needs_permission(clipdesk: Run, site: str) -> None:
    ran = clipdesk("extract", f"{site}/harbour")
    assert (ran.code, ran.out) == (1, "")
    [line] = ran.problems
    assert "only public addresses are allowed" in line


def test_address_with_password_appears_once(clipdesk: Run) -> None:
    ran = clipdesk("extract", "http://ada:secret@eldholm.example/")
    assert ran.code == 1
    [line] = ran.problems
    assert line == (
        "clipdesk: http://eldholm.example/: contains a user name or password; give a public page"
    )
