"""Problems of many files with one reason are one line, with all their names."""

from bot.problems import grouped
from index import CoverageWarning, Skipped


def test_a_reason_of_many_files_is_told_once() -> None:
    empty = [Skipped(f"{name}.txt", "it is empty") for name in "abcde"]
    other = Skipped("x.pdf", "it has no text")
    warnings = [CoverageWarning(name, "it is empty") for name in ("f", "g", "h")]
    assert list(grouped([empty[0], other, *empty[1:], *warnings])) == [
        Skipped("a.txt, b.txt, c.txt, d.txt, e.txt", "it is empty"),
        other,
        *warnings,
    ]
    assert [one.name for one in grouped(empty, 2)] == ["a.txt, b.txt, …"]
    assert [one.name for one in grouped(empty[:3], 2)] == ["a.txt", "b.txt", "c.txt"]
