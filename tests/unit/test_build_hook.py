"""The build hook: which compiler builds the loops, and a package without them."""

import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hatchling.bridge.app import Application

from index.retrieval.bm25 import build_hook, kernels
from index.retrieval.bm25.build_hook import LoopsHook

# Stands in for a compiler: writes the file that is named after -o.
WORKS = '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\necho loops > "$2"\n'
FAILS = "#!/bin/sh\necho no developer tools are installed >&2\nexit 1\n"

pytestmark = pytest.mark.skipif(not build_hook._tag(), reason="never compiled here")  # noqa: SLF001


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoopsHook:
    """The hook in a checkout on a machine without a compiler; `command` adds commands."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CC", raising=False)
    (tmp_path / "index/retrieval/bm25").mkdir(parents=True)
    (tmp_path / "index/retrieval/bm25/loops.c").write_text("no C", encoding="utf-8")
    (tmp_path / "index/retrieval/bm25/loops.so").write_text("of an older source", encoding="utf-8")
    unused: Any = None
    return LoopsHook(str(tmp_path), {}, unused, unused, "", "wheel", Application())


def command(hook: LoopsHook, name: str, script: str) -> None:
    path = Path(hook.root, "bin", name)
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)


def built(hook: LoopsHook) -> tuple[str | None, dict[str, Any]]:
    """The content of the library after a build, and the build data."""
    data: dict[str, Any] = {"artifacts": [], "pure_python": True}
    hook.initialize("standard", data)
    library = Path(hook.root, "index/retrieval/bm25/loops.so")
    return library.read_text(encoding="utf-8") if library.exists() else None, data


def test_the_loops_are_built_wherever_a_compiler_works() -> None:
    source = Path(build_hook.__file__).with_name("loops.c")
    works = not LoopsHook(str(source.parents[2]), {}, *[None] * 5).dependencies()  # type: ignore[arg-type]
    zig = subprocess.run([sys.executable, "-m", "ziglang", "version"], check=False)
    assert kernels._library or not (works or zig.returncode == 0)  # noqa: SLF001


@pytest.mark.parametrize("name", ["cc", "gcc", "clang"])
def test_the_machines_own_compiler_is_used(hook: LoopsHook, name: str) -> None:
    command(hook, name, WORKS)
    assert hook.dependencies() == []
    made, data = built(hook)
    assert made == "loops\n"
    assert data["artifacts"] == ["index/retrieval/bm25/loops.so"]
    assert not data["pure_python"]


def test_a_failing_compiler_is_skipped(hook: LoopsHook) -> None:
    command(hook, "cc", FAILS)
    assert hook.dependencies() == ["ziglang>=0.13,<0.18"]
    command(hook, "gcc", WORKS)
    assert hook.dependencies() == []
    assert built(hook)[0] == "loops\n"


def test_cc_selects_the_only_compiler(hook: LoopsHook, monkeypatch: pytest.MonkeyPatch) -> None:
    command(hook, "cc", WORKS)
    monkeypatch.setenv("CC", "other --option")
    assert hook.dependencies()
    command(hook, "other", WORKS.replace("while", '[ "$1" = --option ] || exit 1\nwhile'))
    assert hook.dependencies() == []


@pytest.mark.parametrize(
    ("system", "machine", "tag"),
    [
        ("linux", "aarch64", "manylinux2014_aarch64.manylinux_2_17_aarch64.musllinux_1_1_aarch64"),
        ("darwin", "arm64", "macosx_11_0_arm64"),
    ],
)
def test_platform_tags(
    hook: LoopsHook, monkeypatch: pytest.MonkeyPatch, system: str, machine: str, tag: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    command(hook, "cc", WORKS)
    assert built(hook)[1]["tag"] == f"py3-none-{tag}"


def test_other_platforms_get_a_pure_python_wheel(
    hook: LoopsHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    command(hook, "cc", WORKS)
    assert hook.dependencies() == []
    assert built(hook) == (None, {"artifacts": [], "pure_python": True})


def test_a_failed_compilation_gives_a_pure_python_wheel(
    hook: LoopsHook, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    command(hook, "cc", FAILS)
    monkeypatch.setattr(sys, "executable", str(Path(hook.root, "bin", "cc")))
    assert built(hook) == (None, {"artifacts": [], "pure_python": True})
    assert "without the compiled loops" in capfd.readouterr().err
