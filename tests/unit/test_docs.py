"""Documentation names only paths, commands, options and terms that exist."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from bot.cli.main import clipdesk

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
ARCHITECTURE = GITHUB / "ARCHITECTURE.md"
DOCS = [ROOT / "README.md", *sorted(GITHUB.glob("*.md")), *sorted(GITHUB.glob("decisions/*.md"))]
MAX_TERMS = 40
# Files that a user or a contributor creates.
_CREATED = {"bot/languages/it.po", "config.toml", "coverage.toml"}
_PATH = re.compile(r"(?:bot|index|tests|\.ci|\.github)/[\w./-]+|\w[\w.-]*\.(?:py|toml|md|c)")
_CODE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^( *)```\w*\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)|\bsrc=\"([^\"]+)\"")

each_document = pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)


def _snippets(path: Path) -> Iterator[str]:
    """Inline code, and the lines of code blocks without their comments."""
    text = path.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        yield from (line.partition("  #")[0].strip() for line in block[2].splitlines())
    yield from _CODE.findall(_BLOCK.sub("", text))


def _commands(path: Path) -> Iterator[list[str]]:
    for snippet in _snippets(path):
        for part in snippet.split("&&"):
            words = re.sub(r"^\s*(?:DISCORD_TOKEN=\S+ )?(?:uv run )?", "", part)
            if re.match(r"clipdesk(?: |$)", words):
                yield shlex.split(words)[1:]


def _parse(arguments: list[str]) -> None:
    """Parse a command line without running it. Raises click.UsageError."""
    has_name = arguments and not arguments[0].startswith("-")
    name, *rest = arguments if has_name else ["run", *arguments]
    command = clipdesk.get_command(_context(), name)
    if command is None:
        raise click.UsageError(name)
    command.make_context(name, rest)


def _paths(path: Path) -> set[str]:
    words = {word for snippet in _snippets(path) for word in snippet.split()}
    return {word for word in words if _PATH.fullmatch(word)} - _CREATED


@each_document
def test_paths_exist(path: Path) -> None:
    paths = _paths(path)
    full = {name for name in paths if (ROOT / name).exists()}
    folders = full | {str(Path(name).parent) for name in full}
    for name in paths - full:  # the rest are bare names of files beside or in one that is named
        assert "/" not in name, name
        assert any((ROOT / folder / name).exists() for folder in folders), name


def test_paths_are_recognised() -> None:
    assert len(_paths(ARCHITECTURE)) > 50
    assert "index/engine.py" in _paths(ARCHITECTURE)


@each_document
def test_links_lead_to_files(path: Path) -> None:
    for link in _LINK.finditer(path.read_text(encoding="utf-8")):
        assert (path.parent / (link[1] or link[2])).exists(), link[0]


@each_document
def test_commands_parse(path: Path) -> None:
    for arguments in _commands(path):
        try:
            _parse(arguments)
        except click.MissingParameter:
            pass  # prose names a command without its arguments
        except click.exceptions.Exit:
            pass  # --help and --version


def test_commands_are_recognised() -> None:
    assert len([*_commands(ROOT / "README.md")]) >= len(clipdesk.list_commands(_context()))
    for wrong in (["asks", "a"], ["ask", "--jsn", "a"], ["reindex", "extra"]):
        with pytest.raises(click.UsageError):
            _parse(wrong)


def _context() -> click.Context:
    return click.Context(clipdesk)


def test_each_command_and_shared_option_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    context = _context()
    for name in clipdesk.list_commands(context):
        command = clipdesk.get_command(context, name)
        assert command
        assert name == "run" or f"`clipdesk {name}" in readme
        for option in command.params:
            if isinstance(option, click.Option) and name in ("ask", "extract", "votes"):
                assert option.opts[-1] in readme or option.name == "top", option


def _terms() -> list[tuple[str, str]]:
    """The terms of the glossary, each with the file that it refers to."""
    _, _, glossary = ARCHITECTURE.read_text(encoding="utf-8").partition("## Glossary")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([^`]+)` \|$", glossary, re.MULTILINE)
    assert len(rows) == glossary.count("\n| ") - 1  # all but the heading
    return [(term, file) for terms, file in rows for term in terms.split(", ")]


@cache
def _words_of(file: str) -> str:
    """The path and text of a file in lower case, with snake and camel case split into words."""
    text = f"{file} {(ROOT / file).read_text(encoding='utf-8')}".replace("/", " ")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return re.sub(r"[\s_-]+", " ", text).lower()


def test_the_glossary_is_short_and_has_no_duplicates() -> None:
    terms = [term for term, _ in _terms()]
    assert 20 <= len(terms) <= MAX_TERMS
    assert len(set(terms)) == len(terms)


@pytest.mark.parametrize(("term", "file"), _terms())
def test_a_term_of_the_glossary_occurs_where_it_says(term: str, file: str) -> None:
    assert re.search(rf"\b{re.escape(term.replace('-', ' '))}", _words_of(file))
