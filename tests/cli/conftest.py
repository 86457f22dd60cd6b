"""Fixtures that run the command line, in this process or in a separate one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from cli.running import Process, Ran, Run
from waiting import PATIENCE_S


@pytest.fixture(autouse=True)
def _isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use no settings but the test's own, and store nothing outside its folder."""
    for name in os.environ:
        if name.startswith(("CLIPDESK_", "DISCORD_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CLIPDESK_READER", "off")  # takes a second to load in each process
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def clipdesk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `clipdesk` in this process."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["clipdesk", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, out, [line for line in err.splitlines() if line])

    return run


@pytest.fixture
def process() -> Process:
    """Run a shell command in a separate process, with `clipdesk` from this checkout."""

    def run(command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        function = f'clipdesk() {{ {sys.executable} -P -m bot "$@"; }}\n'
        return subprocess.run(
            ["/bin/bash", "-c", function + command],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    return run


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with two articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "harbour.md").write_text(
        "---\ntitle: Harbour closes\npublisher: Eldholm Post\nauthor: Ada Berg\n"
        "published: 2021-03-04\nurl: https://eldholm.example/harbour\n---\n"
        "The harbour of Eldholm closes in March for nine weeks. Ferries leave from the quay.\n\n"
        "Engineers will dredge the northern channel.\n"
    )
    (folder / "bakery.md").write_text("# Bakery\n\nThe old bakery sells rye bread again.\n")
    return folder
