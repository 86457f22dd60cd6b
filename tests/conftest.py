"""Settings of all tests."""

from hypothesis import settings

_LONG_VALUE = 100  # characters or bytes

# The same examples each time, and none is timed: the machine may be busy. With the option
# `--hypothesis-profile search`, others are looked for.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile("same")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long values by their argument; packed ones contain the time, in which workers differ."""
    return argname if isinstance(val, bytes | str) and len(val) > _LONG_VALUE else None
