"""Colours appear in a terminal, and never in a pipe or a file."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import Process, Run

ESCAPE = "\x1b"


def on_a_terminal(*arguments: object) -> str:
    """Run `clipdesk` on a terminal; return its stdout, which has no progress bar."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "bot", *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.DEVNULL, env=environment,
    ):  # fmt: skip
        os.close(terminal)
        written = b""
        try:
            while some := os.read(controller, 4096):
                written += some
        except OSError:  # Linux says so at the end
            pass
    os.close(controller)
    return written.decode()


@pytest.fixture(autouse=True)
def _ask_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.long
@pytest.mark.parametrize("forced", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_pipe_has_no_colours_even_if_forced(process: Process, news: Path, forced: str) -> None:
    commands = ("ask 'harbour in March'", "sources", "status", f"extract --why {news}")
    for command in commands:
        ran = process(f"clipdesk {command} --coverage {news} --database :memory:", **{forced: "1"})
        assert ran.returncode == 0
        assert ran.stdout
        assert ESCAPE not in ran.stdout + ran.stderr


def test_chat_into_pipe_has_no_colours(process: Process, news: Path) -> None:
    asked = "printf 'harbour in March\\n/reindex\\n/nonsense\\n/help\\n'"
    chat = f"{asked} | clipdesk chat --coverage {news} --database :memory:"
    ran = process(chat, FORCE_COLOR="1")
    assert "The harbour of Eldholm closes" in ran.stdout
    assert ESCAPE not in ran.stdout + ran.stderr


def test_terminal_has_colours_unless_disabled(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("ask", "harbour in March", "--coverage", news, "--database", ":memory:")
    cyan = f"{ESCAPE}[36m"
    assert cyan in on_a_terminal(*asked)
    monkeypatch.setenv("NO_COLOR", "1")
    assert cyan not in on_a_terminal(*asked)


def test_json_in_terminal_has_no_colours(clipdesk: Run, news: Path) -> None:
    asked = ("ask", "harbour in March", "--json", "--coverage", news, "--database", ":memory:")
    assert clipdesk(*asked).code == 0
    assert ESCAPE not in on_a_terminal(*asked)
