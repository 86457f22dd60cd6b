"""The compiled loops: that they are there, and that a package is built without them, too."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hatchling.bridge.app import Application
from packaging.requirements import Requirement

from index.bm25 import kernels
from index.bm25.compiling import LoopsHook

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_loops_are_there_wherever_there_is_a_compiler() -> None:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    [compiler] = (
        required
        for required in map(Requirement, project["build-system"]["requires"])
        if required.name == "ziglang"
    )
    assert compiler.marker
    assert kernels._library or not compiler.marker.evaluate()  # noqa: SLF001


def test_a_package_is_built_without_what_cannot_be_compiled(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "index/bm25/loops.so"
    library.parent.mkdir(parents=True)
    library.with_suffix(".c").write_text("no C", encoding="utf-8")
    library.write_bytes(b"of an older source")
    of_the_build: Any = None
    hook = LoopsHook(str(tmp_path), {}, of_the_build, of_the_build, "", "wheel", Application())
    data: dict[str, Any] = {"artifacts": [], "pure_python": True}
    hook.initialize("standard", data)
    assert data == {"artifacts": [], "pure_python": True}
    assert not library.exists()
    assert "without compiled loops" in capfd.readouterr().err
