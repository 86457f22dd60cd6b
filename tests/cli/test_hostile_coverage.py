"""Pages and archives that are made to do harm cost themselves; the rest is answered from."""

import asyncio
import gzip
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import Process, Run
from waiting import until

pytestmark = pytest.mark.long

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

PARAGRAPHS = "".join(
    f"<p>The harbour board of Eldholm voted on day {day} to sell the northern port to a group of"
    " ferry owners, who promised to keep every job for nine years and the fares for three.</p>"
    for day in range(1, 4)
)


def page(body: str = "", head: str = "", title: str = "Port sold") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body><article>"
        f"<h1>Port sold</h1>{PARAGRAPHS}{body}</article></body></html>"
    ).encode()


def linked(text: str) -> bytes:
    data = json.dumps({"@type": "NewsArticle", "headline": text, "author": {"name": text}})
    return page(head=f'<script type="application/ld+json">{data}</script>')


@pytest.mark.parametrize(
    "text", ["Port \ud800 sold", "Port \x1b[2J\x9b31m\u202e sold", "x" * 99_000]
)
def test_a_hostile_page_is_read_by_every_command(
    clipdesk: Run, news: Path, text: str, tmp_path: Path
) -> None:
    (news / "hostile.html").write_bytes(linked(text))
    (news / "hostile.jsonl").write_text(
        json.dumps(
            {"id": "a", "title": text[:99].replace("\ud800", ""), "text": "The port is sold."}
        )
    )
    given = ("--coverage", news, "--database", tmp_path / "a.db")
    for command in ("reindex", "sources", "status", f"extract {news}", "ask port sold"):
        for options in ((), ("--json",)):
            ran = clipdesk(*command.split(maxsplit=1), *given, *options)
            assert ran.code == 0
            assert ran.out.replace("\n", "").replace("\t", "").isprintable()
            assert "\x1b" not in "".join(ran.problems)
    assert "rye bread" in clipdesk("ask", "What does the bakery sell?", *given).out


def attributes(number: int) -> str:
    return f"<p {' '.join(f'a{n}=1' for n in range(number))}>x</p>"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.html", page(attributes(300)), "a tag has more than 200 attributes"),
        ("a.html", page('<p a=">" ' + attributes(300)[3:]), "a tag has more than 200 attributes"),
        ("a.html", page(attributes(260_000)), "a tag has more than 200 attributes"),
        ("a.jsonl.gz", gzip.compress(b"x\n" * 5_000_000), "100 entries in a row"),
        ("a.jsonl.gz", gzip.compress(b"\n" * 5_000_000), "it unpacks to over 100 times its size"),
        ("a.txt", b"ferry " * 900_000, "longer than 4,000,000 characters"),
        ("a.md", b"*a* [b](c) " * 900_000, "longer than 4,000,000 characters"),
    ],
)
def test_a_bomb_is_refused_in_one_line(
    clipdesk: Run, news: Path, name: str, data: bytes, why: str
) -> None:
    (news / name).write_bytes(data)
    ran = clipdesk("reindex", "--coverage", news)
    assert ran.code == 0
    [problem] = ran.problems
    assert problem.startswith(f"skipped {news / name}: ")
    assert why in problem
    assert "2 added, 1 skipped" in ran.out


def test_scripts_and_comments_are_no_tags(clipdesk: Run, news: Path) -> None:
    words = "word " * 1_000
    odd = f"<script>if (a<b) {{ x = '{words}' }}</script><!-- a <b {words} --><style>a<b {words}"
    (news / "a.html").write_bytes(page(f"{odd}</style>"))
    assert clipdesk("reindex", "--coverage", news).problems == []


# Each within the limits of size, and each once took minutes or gigabytes.
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "title": ("a.html", lambda: page(title="x y " * 3_000_000)),
    "paragraph": ("a.html", lambda: page(f"<p>{'word ' * 3_000_000}</p>")),
    "paragraphs": ("a.html", lambda: page("<p>x</p>" * 45_000)),
    "entities": ("a.html", lambda: page(f"<p>{'&amp;' * 3_000_000}</p>")),
    "style": ("a.html", lambda: page(f'<p style="{"a:b;" * 3_000_000}">y</p>')),
    "classes": ("a.html", lambda: page(f'<p class="{"a " * 7_000_000}">y</p>')),
    "angles": ("a.html", lambda: page("<" * 15_000_000)),
    "tags": ("a.html", lambda: page("<a" * 7_000_000)),
    "quotes": ("a.html", lambda: page("<a x='" * 2_500_000)),
    "comments": ("a.html", lambda: page("<!--" * 3_900_000)),
    "metas": ("a.html", lambda: page(head="<meta name=author content=A>" * 45_000)),
    "lists": ("a.html", lambda: page(head='<script type="application/ld+json">' + "[" * 10**7)),
    "brackets": ("a.md", lambda: b"[" * 3_900_000),
    "emphasis": ("a.md", lambda: b"*a_ " * 900_000),
    "quotations": ("a.md", lambda: b">" * 3_900_000),
    "lines": ("a.txt", lambda: b"word word\n" * 390_000),
    "letters": ("a.txt", lambda: b"w" * 3_900_000),
    "strings": ("a.jsonl", lambda: b'{"text": "%s"}' % (b"a b " * 970_000)),
}


@linux
@pytest.mark.long
@pytest.mark.parametrize("bomb", BOMBS)
def test_no_page_takes_much_time_or_memory(process: Process, news: Path, bomb: str) -> None:
    """Time is that of the processor, which the machine's other work does not change."""
    name, make = BOMBS[bomb]
    (news / name).write_bytes(make())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = process(
        f"ulimit -v 2000000; clipdesk reindex --coverage {news} --database {news.parent}/a.db"
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stderr.splitlines()) <= 1
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 25
    asked = process(f"clipdesk ask 'rye bread' --coverage {news} --database {news.parent}/a.db")
    assert "rye bread" in asked.stdout


def reads(program: int) -> list[int]:
    """The reading processes of a program that compute."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(stat[3]) == program and stat[0] == "R" and b"read_worker" in command:
            found.append(int(folder.name))
    return found


@linux
@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("command", ["reindex", "ask bread", "extract"])
async def test_a_signal_ends_a_program_that_parses_a_page(
    news: Path, tmp_path: Path, number: signal.Signals, command: str
) -> None:
    (news / "a.html").write_bytes(page(f"<p>{'word ' * 3_000_000}</p>"))
    words = [*command.split(), *([str(news)] if command == "extract" else [])]
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        *("--coverage", str(news), "--database", str(tmp_path / "a.db")),
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    await until(lambda: bool(reads(program.pid)))
    sent = time.process_time()
    os.kill(program.pid, number)
    assert await program.wait() == (1 if number == signal.SIGINT else -number)
    await until(lambda: not reads(program.pid))
    assert time.process_time() - sent < 5  # it did not read on
