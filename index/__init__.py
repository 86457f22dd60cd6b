"""Search over press coverage: articles in, cited passages out.

async with open_desk(MEMORY, [Source("/path/to/articles")]) as desk:
    await desk.reindex()
    answer = await desk.ask("Who bought Musical.ly?")
"""

__version__ = "0.1.0"

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.door import *  # noqa: F403 - it says what it offers


def __getattr__(name: str) -> object:
    """What is asked for of `index.door`: processes that only read or index start without it."""
    if find_spec(f"{__name__}.{name}"):
        raise AttributeError(name)  # a module, which Python imports by itself
    return getattr(import_module("index.door"), name)
