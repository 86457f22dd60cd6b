"""Mutate every weight, to show that the quality gate notices: zero and negate each in turn.

    PYTHONPATH=tests uv run python tests/quality/mutate.py [NAME …]

Weights are found in the source: numeric constants of a module (`_WEEK = 7`), and fractions that are
keyword arguments (`article=5.6`, `k1=0.9`) or defaults (`freshness: float = 1.3`). Each mutant is a
copy of the package, tested in its own process: first by the gate, and if that passes, by some unit
tests. With names, only weights of these names are mutated. Prints a table, and exits with 1 if a
mutant survives. Takes some minutes.
"""

# ruff: noqa: T201 - to print is what it is for

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).parents[2]
_SEARCHED = (
    "answers/*.py",
    "retrieval/bm25/*.py",
    "retrieval/embedded/*.py",
    "queries/*.py",
    "analysis/spelling.py",
)
_GATE = (Path("tests/quality"),)
# Not covered by the gate: exact scores, follow-up questions, readers, several answers, each outlet.
_UNITS = tuple(
    Path("tests/unit") / f"test_{name}.py"
    for name in ("okapi", "follow_up", "reader", "diversity", "sides")
)

# Constants that change no answer, and why.
_NO_WEIGHTS = {
    "_MIN_BATCH": "batch size",
    "_ARTICLES_AT_ONCE": "batch size",
    "_SPAN": "block size",
    "_READERS": "number of threads",
    "_CACHED_TERMS": "cache size",
    "_NUMBER_BITS": "layout of integers",
    "_ALIGNED": "layout of memory",
    "_NO_ROW": "sentinel",
    "_DIGEST_BYTES": "digest size",
    "_EDGE_WORDS": "length of a link",
    "_MOST_KEPT": "chooses between two equivalent searches",
    "_TIMEOUT_S": "time limit of the compiler",
    "READ_WITHIN_S": "time limit of the readers",
    "_MAX_LOGIT_LOSS": "of the readers, which the gate does without",
    "_CLS": "of the readers' vocabulary",
    "_SEP": "of the readers' vocabulary",
    "_MAX_TOKENS": "length limit of what is read",
    "_MAX_QUESTION_TOKENS": "length limit of what is read",
    "_MAX_CHARS": "length limit of what is read",
    "MAX_CHARS": "length limit of questions",
}


@dataclass(frozen=True)
class Weight:
    """A number in the source: half-open offsets in bytes into the file at `path`."""

    name: str
    path: Path
    line: int
    value: float
    start: int
    end: int

    def mutated(self, value: str) -> bytes:
        """The contents of the file with another value."""
        data = (_ROOT / self.path).read_bytes()
        return data[: self.start] + value.encode() + data[self.end :]


def main() -> None:
    """Test all mutants and print the table."""
    if failed := failing({}):
        sys.exit(f"These fail even without a mutation: {failed}")
    survived = 0
    print("| weight | zeroed: tests that fail | negated: tests that fail |\n|---|---|---|")
    for weight in chosen(sys.argv[1:]):
        cells = []
        for value in ("0", f"{-weight.value:g}"):
            mutant = {weight.path: weight.mutated(value)}
            failed = failing(mutant) or failing(mutant, _UNITS)
            survived += not failed
            cells.append(f"{len(failed)}: {', '.join(failed[:3])}" if failed else "**none**")
        place = f"{weight.path.name}:{weight.line}"
        print(f"| {place} {weight.name} | {' | '.join(cells)} |", flush=True)
    sys.exit(1 if survived else 0)


def chosen(names: list[str]) -> list[Weight]:
    """The weights with these names, or all."""
    every = [one for pattern in _SEARCHED for one in weights_in(pattern)]
    return [one for one in every if (one.name in names if names else one.name not in _NO_WEIGHTS)]


def weights_in(pattern: str) -> Iterator[Weight]:
    """The weights in the modules of the package that match `pattern`."""
    for path in sorted((_ROOT / "index").glob(pattern)):
        source = path.read_bytes()
        starts = [0, *(line.end() for line in re.finditer(b"\n", source))]
        for name, node in named_numbers(ast.parse(source)):
            end_line, end = node.end_lineno or node.lineno, node.end_col_offset or 0
            yield Weight(
                name,
                path.relative_to(_ROOT),
                node.lineno,
                number_of(node) or 0.0,
                starts[node.lineno - 1] + node.col_offset,
                starts[end_line - 1] + end,
            )


def named_numbers(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The numbers of a module, with their names."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=value) if number_of(value) is not None:
                yield name, value
    for part in ast.walk(tree):
        match part:
            case ast.keyword(arg=str(name), value=value) if is_fraction(value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(name), value=ast.Constant() as value) if is_fraction(
                value
            ):
                yield name, value


def number_of(node: ast.expr) -> float | None:
    """The value of a literal number, negated number or fraction; None for other expressions."""
    match node:
        case ast.Constant(int(value) | float(value)) if not isinstance(value, bool):
            return float(value)
        case ast.UnaryOp(ast.USub(), operand) if (number := number_of(operand)) is not None:
            return -number
        case ast.BinOp(left, ast.Div(), right):
            over, under = number_of(left), number_of(right)
            return over / under if over is not None and under else None
    return None


def is_fraction(node: ast.expr) -> bool:
    """True if it is a literal with a decimal point: a weight, not a count."""
    literal = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(literal, ast.Constant) and isinstance(literal.value, float)


def failing(changed: dict[Path, bytes], tests: tuple[Path, ...] = _GATE) -> list[str]:
    """The tests that fail with these files of the package changed."""
    with TemporaryDirectory() as folder:
        shutil.copytree(_ROOT / "index", Path(folder) / "index")
        for path, data in changed.items():
            (Path(folder) / path).write_bytes(data)
        # With -P, the package comes from the copy alone.
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "pytest", "-n", "0", "--tb=no", "-rfE", *tests],
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    failed = re.findall(r"^(?:FAILED|ERROR) \S+?::(\S+)", ran.stdout, re.MULTILINE)
    if ran.returncode and not failed:
        return ["(does not start)"]
    return [re.sub(r"^test_no_figure_falls\[(.*)\]$", r"\1", name) for name in failed]


if __name__ == "__main__":
    main()
