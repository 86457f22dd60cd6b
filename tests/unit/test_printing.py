"""Tests that a terminal obeys nothing that is printed, and that nothing in it is hidden."""

import ast
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.records import dumps
from bot.discord.logs import RedactingFormatter
from bot.printing import HIDDEN, in_one_line, visible

ROOT = Path(__file__).parents[2]
_any_text = st.text(max_size=80)  # without halves of surrogate pairs, which JSON refuses


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("\x9b2J\x84", r"\x9b2J\x84"),
        ("bank\u202egnp.exe\u2069", r"bank\u202egnp.exe\u2069"),
        ("a\u200bb\ufeffc\u2060d\u200e", r"a\u200bb\ufeffc\u2060d\u200e"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("\ud800", r"\ud800"),
        ("over\rwritten", r"over\rwritten"),
        ("a\u200db \u200c", r"a\u200db \u200c"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("soft\u00adhyphen", "softhyphen"),
        ("naïve 東京 \u00a0 נמל 👩\u200d🚀", "naïve 東京 \u00a0 נמל 👩\u200d🚀"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),  # Persian
    ],
)
def test_hidden_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(_any_text)
def test_nothing_hidden_is_left(text: str) -> None:
    assert not HIDDEN.search(visible(text))
    assert in_one_line(text).splitlines() == [in_one_line(text)] * bool(in_one_line(text))


@given(_any_text)
def test_json_is_verbatim_and_harmless(text: str) -> None:
    line = dumps({"text": text})
    assert json.loads(line) == {"text": text}
    assert visible(line) == line


@given(_any_text)
def test_a_log_line_is_one_line(text: str) -> None:
    record = logging.LogRecord("a", logging.INFO, "", 0, "%s", (text,), None)
    line = RedactingFormatter(logging.Formatter("{message}", style="{")).format(record)
    assert not HIDDEN.search(line)
    assert len(line.splitlines()) <= 1


# The only modules that may print, or make text for a console.
_PRINTING = {"bot/printing.py": {"click.echo"}, "bot/terminal/rendering.py": {"Text"}}


def test_everything_that_is_printed_passes_through_one_place() -> None:
    for path in (ROOT / "bot").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        calls = {ast.unparse(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)}
        printing = calls & {"click.echo", "click.secho", "print", "Text", "sys.stdout.write"}
        assert printing <= _PRINTING.get(name, set()), name
