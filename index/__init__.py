"""Search over press coverage: articles in, cited passages out.

    async with open_engine(MEMORY, [Source("/path/to/articles")]) as engine:
        await engine.reindex()
        answer = await engine.ask("Who bought Musical.ly?")

These names are all that `bot` may use.
"""

from index.analysis.analyzer import fold
from index.analysis.sentences import split_sentences
from index.analysis.spelling import nearest
from index.answers.citation import is_web_address
from index.answers.config import AnswerConfig
from index.answers.references import make_ref
from index.dates import first_day, iso_date
from index.engine import SearchEngine, open_engine
from index.errors import (
    AnotherInstanceError,
    ClipdeskError,
    CoverageError,
    QuestionError,
    ReindexRunningError,
    SettingsError,
    StaleIndexError,
    StoreError,
)
from index.evaluation import DEPTH as EVALUATION_DEPTH
from index.evaluation import Evaluation, evaluate, read_judged
from index.interface import Engine, KeyValues, Progress
from index.model import (
    Answer,
    Article,
    Block,
    CoverageWarning,
    ExtractedArticle,
    Hit,
    Outcome,
    Passage,
    Reference,
    Report,
    Skipped,
    Span,
    Status,
)
from index.queries.query import MAX_CHARS as MAX_QUESTION_CHARS
from index.retrieval.filters import Sources, make_filter, read_filter
from index.sources.details import DatedDetails, Details
from index.sources.naming import public_name
from index.sources.source import SAMPLE, Source, read_source, read_web_source
from index.store.ownership import look_at
from index.store.store import MEMORY
from index.validation import explain, named_keys, why_unreadable
from index.version import __version__

__all__ = [
    "EVALUATION_DEPTH",
    "MAX_QUESTION_CHARS",
    "MEMORY",
    "SAMPLE",
    "AnotherInstanceError",
    "Answer",
    "AnswerConfig",
    "Article",
    "Block",
    "ClipdeskError",
    "CoverageError",
    "CoverageWarning",
    "DatedDetails",
    "Details",
    "Engine",
    "Evaluation",
    "ExtractedArticle",
    "Hit",
    "KeyValues",
    "Outcome",
    "Passage",
    "Progress",
    "QuestionError",
    "Reference",
    "ReindexRunningError",
    "Report",
    "SearchEngine",
    "SettingsError",
    "Skipped",
    "Source",
    "Sources",
    "Span",
    "StaleIndexError",
    "Status",
    "StoreError",
    "__version__",
    "evaluate",
    "explain",
    "first_day",
    "fold",
    "is_web_address",
    "iso_date",
    "look_at",
    "make_filter",
    "make_ref",
    "named_keys",
    "nearest",
    "open_engine",
    "public_name",
    "read_filter",
    "read_judged",
    "read_source",
    "read_web_source",
    "split_sentences",
    "why_unreadable",
]
