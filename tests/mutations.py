"""Mutants of a file: with bits flipped, cut, spliced, repeated, nested."""

import random
from collections.abc import Iterator

_PART = b"Content-Type: multipart/mixed; boundary=x\n\n--x\n"
_NESTED = (b"<div>", b"[", b"(", b"<w:p>", b"<< ", _PART)


def mutants(data: bytes, number: int, seed: int = 0) -> Iterator[bytes]:
    """So many mutants of `data`, the same for each seed."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    for _ in range(number):
        mutant = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5))):
            chance.choice(_STEPS)(mutant, chance)
        yield bytes(mutant)


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 3, 30))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _span(data: bytearray, chance: random.Random) -> slice:
    start = chance.randrange(len(data) + 1)
    return slice(start, start + chance.choice((1, 8, 64, 1024)))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[_span(data, chance)]


def _cut_off(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _splice(data: bytearray, chance: random.Random) -> None:
    piece = data[_span(data, chance)]
    at = chance.randrange(len(data) + 1)
    data[at:at] = piece


def _overwrite(data: bytearray, chance: random.Random) -> None:
    data[_span(data, chance)] = chance.choice((b"\0", b"\xff", b"9" * 20, b"-1", b"\r", b" " * 99))


def _repeat(data: bytearray, chance: random.Random) -> None:
    piece = data[_span(data, chance)]
    at = chance.randrange(len(data) + 1)
    data[at:at] = piece * chance.choice((10, 200))


def _nest(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.choice(_NESTED) * chance.choice((30, 2_000))


_STEPS = (_flip, _flip, _cut, _cut_off, _splice, _overwrite, _repeat, _nest)
