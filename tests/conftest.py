"""Settings of all tests."""

from hypothesis import settings

# The same examples each time, and none is timed: the machine may be busy. With the option
# `--hypothesis-profile search`, others are looked for.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile("same")
