"""Search over press coverage: articles in, cited passages out.

async with open_desk(MEMORY, [Source("/path/to/articles")]) as desk:
    await desk.reindex()
    answer = await desk.ask("Who bought Musical.ly?")
"""

__version__ = "0.2.0"

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.api import *  # noqa: F403 - it says what it offers


def __getattr__(name: str) -> object:
    """What `index.api` offers; processes of ours that only read or build start without it."""
    if find_spec(f"{__name__}.{name}"):
        raise AttributeError(name)  # a module, which Python goes on to import by itself
    return getattr(import_module("index.api"), name)
