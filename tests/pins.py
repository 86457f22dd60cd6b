"""The exact versions of all that is installed, in pyproject.toml; run as a script, the newest.

uv run python tests/pins.py

They are uv's constraints: they say nothing of where a package comes from, and stay out of what is
built, which tells the ranges that it works with.
"""

import re
import subprocess
import tomllib
from itertools import groupby
from pathlib import Path
from typing import Any

from hatchling.builders.constants import EDITABLES_REQUIREMENT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index.retrieval.bm25.build_hook import ZIG

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def project() -> dict[str, Any]:
    """Parse pyproject.toml."""
    return tomllib.loads(PROJECT.read_text(encoding="utf-8"))


def pinned(table: str = "constraint-dependencies") -> dict[str, list[Requirement]]:
    """The pins of each package by its name: several, where Pythons have different versions."""
    pins = [Requirement(line) for line in project()["tool"]["uv"][table]]
    return {name: list(its) for name, its in groupby(pins, lambda pin: canonicalize_name(pin.name))}


def newest(*source: str, requirements: str | None = None) -> list[str]:
    """The newest versions of all that is required, and of what that requires in turn."""
    oldest_python = project()["project"]["requires-python"].removeprefix(">=")
    # Without its configuration, uv does not know the pins that there are.
    command = ["uv", "pip", "compile", "--quiet", "--no-config", "--no-header", "--no-annotate"]
    command += ["--universal", "--python-version", oldest_python, *source]
    done = subprocess.run(
        command,
        cwd=PROJECT.parent,
        input=requirements,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout.splitlines()


def main() -> None:
    """Pin the newest versions."""
    groups = [f"--group={group}" for group in project()["dependency-groups"]]
    building = [*project()["build-system"]["requires"], EDITABLES_REQUIREMENT, ZIG]
    pins = {
        "constraint-dependencies": newest("pyproject.toml", *groups),
        "build-constraint-dependencies": newest("-", requirements="\n".join(building)),
    }
    text = PROJECT.read_text(encoding="utf-8")
    for table, versions in pins.items():
        lines = "".join(f'    "{version}",\n' for version in versions)
        text = re.sub(rf"(?m)^{table} = \[\n(?: .*\n)*\]", f"{table} = [\n{lines}]", text)
    PROJECT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
