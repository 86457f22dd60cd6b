"""Everything that can go wrong, as one tree.

    ClipdeskError
    ├── CoverageError    a file or an address cannot be read as coverage
    ├── QuestionError    a question cannot be searched for: too long, or nothing in it
    ├── StoreError       the database cannot be used
    ├── SettingsError    a setting or an argument is wrong
    ├── StaleIndexError  the coverage was indexed anew while it was being read
    ├── ReindexRunningError  one reindex has not ended yet
    └── AnotherInstanceError  another process is a bot on the same database

Every message is one line that names the thing and says what to do. A surface (terminal, Discord)
catches ClipdeskError in one place and shows the message as it is.
"""

from functools import partial


class ClipdeskError(Exception):
    """Base of all errors that a person can do something about.

    `message` has {names} in the places of `values`: known apart, it can be told in any language.
    A value called `path` is a place on this machine, which is not told to everybody.
    """

    def __init__(self, message: str, **values: object) -> None:
        shown = {key: f"{one:,}" if isinstance(one, int) else one for key, one in values.items()}
        super().__init__(message.format(**shown) if shown else message)
        self.message = message
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """How to make it again: from its parts, where other exceptions have but what they say."""
        return partial(type(self), self.message, **self.values), ()


class CoverageError(ClipdeskError):
    """A file or an address cannot be read as coverage."""


class QuestionError(ClipdeskError):
    """A question cannot be searched for."""


class StoreError(ClipdeskError):
    """The database cannot be used."""


class SettingsError(ClipdeskError):
    """A setting or an argument is wrong."""


class ReindexRunningError(ClipdeskError):
    """A reindex was asked for while another one runs."""


class StaleIndexError(ClipdeskError):
    """The coverage was indexed anew while it was being read, and what was found is gone."""


class AnotherInstanceError(ClipdeskError):
    """Another process is a bot on the same database."""
