"""Search over press coverage: articles in, cited passages out.

    async with open_engine(MEMORY, [Source("/path/to/articles")]) as engine:
        await engine.reindex()
        answer = await engine.ask("Who bought Musical.ly?")

Only these names may be used by `bot`, grouped by purpose in `__all__`.
"""

from index.analysis.folding import fold
from index.analysis.sentences import split_sentences
from index.analysis.spelling import nearest
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
    StoreError,
)
from index.evaluation import DEPTH as EVALUATION_DEPTH
from index.evaluation import Evaluation, evaluate, read_judged
from index.indexing.preview import read_source
from index.interface import Engine, KeyValues, Progress
from index.model import (
    Answer,
    Article,
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
from index.queries.question_text import MAX_CHARS as MAX_QUESTION_CHARS
from index.retrieval.filters import make_filter, read_filter
from index.retrieval.sources import Sources, initials, source_key
from index.sources.addresses import is_web_address, linkable
from index.sources.details import DatedDetails, Details
from index.sources.naming import public_name
from index.sources.source import SAMPLE, Source
from index.store.ownership import look_at
from index.store.store import MEMORY
from index.validation import explain, explain_json_error, list_unknown_keys
from index.version import __version__

__all__ = [  # noqa: RUF022 - grouped by purpose
    # the engine
    "Engine",
    "KeyValues",
    "Progress",
    "SearchEngine",
    "open_engine",
    "MEMORY",
    "AnswerConfig",
    "__version__",
    # questions: limits, filters, spelling
    "MAX_QUESTION_CHARS",
    "Sources",
    "initials",
    "make_filter",
    "read_filter",
    "source_key",
    "fold",
    "nearest",
    "split_sentences",
    # answers and what they cite
    "Answer",
    "Outcome",
    "Hit",
    "Passage",
    "Article",
    "Span",
    "Reference",
    "make_ref",
    "is_web_address",
    "linkable",
    # the state of the index
    "Report",
    "Status",
    "Skipped",
    "CoverageWarning",
    # sources of coverage, and what is extracted from them
    "Source",
    "SAMPLE",
    "Details",
    "DatedDetails",
    "ExtractedArticle",
    "read_source",
    "public_name",
    "look_at",
    # evaluation
    "Evaluation",
    "EVALUATION_DEPTH",
    "evaluate",
    "read_judged",
    # parsing and validation of the owner's input
    "first_day",
    "iso_date",
    "explain",
    "list_unknown_keys",
    "explain_json_error",
    # errors
    "ClipdeskError",
    "CoverageError",
    "QuestionError",
    "SettingsError",
    "StoreError",
    "ReindexRunningError",
    "AnotherInstanceError",
]
