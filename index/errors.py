"""The tree of errors.

    ClipdeskError
    ├── CoverageError         a file or an address cannot be read as coverage
    ├── QuestionError         a question cannot be searched for: too long, without a word, …
    ├── StoreError            the database cannot be used
    ├── SettingsError         a setting or an argument is wrong
    ├── StaleIndexError       the coverage was reindexed by another process; never leaves the engine
    ├── ReindexRunningError   another reindex is still running
    └── AnotherInstanceError  another bot uses the same database

Every message is one line that names the problem and says what to do. A user interface (terminal,
Discord) catches ClipdeskError in one place and shows the message.
"""

from functools import partial


class ClipdeskError(Exception):
    """Base of all errors that users can do something about.

    `message` is a format string with the names of `values`, so that it can be translated. A value
    named `path` is a path on this machine, which is not shown to everybody.
    """

    def __init__(self, message: str, **values: object) -> None:
        shown = {key: f"{one:,}" if isinstance(one, int) else one for key, one in values.items()}
        super().__init__(message.format(**shown) if shown else message)
        self.message = message
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle `message` and `values`; exceptions by default pickle only the formatted text."""
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
    """A reindex was requested while another one runs."""


class StaleIndexError(ClipdeskError):
    """The coverage was reindexed by another process, and the passages found are gone."""


class AnotherInstanceError(ClipdeskError):
    """Another bot uses the same database."""
