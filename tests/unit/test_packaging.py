"""Declared dependencies against imports, and pins against the installed versions."""

import ast
import os
import sys
from collections.abc import Iterator
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pins import PROJECT, pinned, project

ROOT = PROJECT.parent
OURS = {"bot", "index", *(path.stem for path in ROOT.glob("tests/*"))}
# Declared for a dependency's sake, as pyproject.toml tells.
UNIMPORTED = {"lxml-html-clean"}


def imported(*folders: str) -> set[str]:
    """The names of the packages whose modules are imported in folders."""
    packages = packages_distributions()
    modules = {module for folder in folders for path in (ROOT / folder).rglob("*.py")
               if path.name != "build_hook.py" for module in _modules(path)}  # fmt: skip
    foreign = modules - OURS - sys.stdlib_module_names
    return {canonicalize_name(name) for one in foreign for name in packages.get(one, [one])}


def _modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def test_the_package_declares_what_it_imports_and_nothing_else() -> None:
    assert imported("bot", "index") == names(project()["project"]["dependencies"]) - UNIMPORTED


def test_the_tests_declare_what_they_import() -> None:
    groups = project()["dependency-groups"].values()
    declared = names(project()["project"]["dependencies"]).union(*map(names, groups))
    assert imported("tests") <= declared


def test_all_that_is_declared_has_a_lowest_version() -> None:
    groups = project()["dependency-groups"].values()
    for line in (*project()["project"]["dependencies"], *(line for one in groups for line in one)):
        assert any(one.operator == ">=" for one in Requirement(line).specifier), line


@pytest.mark.skipif("UV" not in os.environ, reason="only uv knows of the pins")
def test_installed_versions_are_the_pinned_ones() -> None:
    pins = pinned()
    for installed in distributions():
        name = canonicalize_name(installed.name)
        if name == "clipdesk":
            continue
        here = [pin for pin in pins.get(name, []) if not pin.marker or pin.marker.evaluate()]
        assert len(here) == 1, f"no pin of {name}: uv run python tests/pins.py"
        assert here[0].specifier.contains(installed.version), f"{name} {installed.version}"


@pytest.mark.parametrize("table", ["constraint-dependencies", "build-constraint-dependencies"])
def test_pins_are_exact_and_tell_no_address(table: str) -> None:
    for pin in (pin for pins in pinned(table).values() for pin in pins):
        assert [one.operator for one in pin.specifier] == ["=="], pin
        assert not pin.url
