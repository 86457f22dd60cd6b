"""All that `index` offers; see there."""

from index.answers.citation import is_web_address
from index.answers.reference import refer
from index.answers.tuning import Tuning
from index.coverage.details import DatedDetails, Details
from index.coverage.sources import SAMPLE, Source, read_fetched, read_source
from index.dates import first_day, iso_date
from index.desk import Desk, open_desk
from index.errors import (
    ClipdeskError,
    CoverageError,
    OutdatedError,
    QuestionError,
    ReindexRunningError,
    SettingsError,
    StoreError,
)
from index.model import (
    Answer,
    Article,
    Block,
    CoverageWarning,
    Hit,
    Outcome,
    Page,
    Passage,
    Reference,
    Report,
    Skipped,
    Span,
    Status,
)
from index.reindex.reindexing import Progress
from index.storage.store import MEMORY

__all__ = [
    "MEMORY",
    "SAMPLE",
    "Answer",
    "Article",
    "Block",
    "ClipdeskError",
    "CoverageError",
    "CoverageWarning",
    "DatedDetails",
    "Desk",
    "Details",
    "Hit",
    "Outcome",
    "OutdatedError",
    "Page",
    "Passage",
    "Progress",
    "QuestionError",
    "Reference",
    "ReindexRunningError",
    "Report",
    "SettingsError",
    "Skipped",
    "Source",
    "Span",
    "Status",
    "StoreError",
    "Tuning",
    "first_day",
    "is_web_address",
    "iso_date",
    "open_desk",
    "read_fetched",
    "read_source",
    "refer",
]
