"""JSON records for programs: answers, articles, reports, status, judgments."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from bot.judgments import Judgment
from bot.printing import visible_json
from bot.votes import Verdict
from index import Answer, Article, ExtractedArticle, Hit, Outcome, Report, Status

if TYPE_CHECKING:
    from index import Evaluation

Record = dict[str, Any]

_OUTCOMES = {Outcome.ANSWERED: "answered", Outcome.CLOSE: "closest", Outcome.ABSENT: "absent"}


def dumps(record: Record) -> str:
    """Encode `record` as one line of JSON."""
    return visible_json(msgspec.json.encode(record).decode())


def answer_record(answer: Answer, question_id: object = None) -> Record:
    """Return an answer with its passages, best first; see `index.Answer`.

    `searched` is the query that was run; for a follow-up it differs from the question as typed.
    `corrections` maps misspelt words to the words searched for instead, `suggestions` maps
    unknown words to words that may have been meant. `read` is the number of passages that the
    readers scored. `listed` is the time of which all news was asked for, with its first and last
    day, and `published` that of all articles. `language` is the code of the question's language,
    and `coverage_languages` has those of the articles; `language_mismatch` says that no article is
    in that of the question. Each passage has the articles of other outlets that print it in
    `also_in`.
    """
    return {
        "id": question_id,
        "question": answer.question,
        "searched": answer.question,
        "outcome": _OUTCOMES[answer.outcome],
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "unmatched": list(answer.unmatched),
        "corrections": dict(answer.corrected),
        "suggestions": {word: list(meant) for word, meant in answer.suggested.items()},
        "passages": [_passage(hit, rank) for rank, hit in enumerate(answer.hits, start=1)],
        "listed": answer.listed,
        "published": answer.published,
        "read": answer.passages_read,
        "language": answer.language,
        "coverage_languages": list(answer.coverage_languages),
        "language_mismatch": answer.language_mismatch,
        "took_ms": round(answer.took_ms, 3),
    }


def refusal_record(question: object, question_id: object, error: str) -> Record:
    """Return the record of a question that cannot be searched for, with the reason in `error`."""
    nothing = Answer("", Outcome.ABSENT, confidence=0.0, unmatched=(), hits=(), took_ms=0.0)
    record = answer_record(nothing, question_id)
    return {**record, "question": question, "searched": None, "error": error}


def _passage(hit: Hit, rank: int) -> Record:
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "text": hit.passage.text,
        "highlight": [hit.highlight.start, hit.highlight.end],
        "paragraph": hit.passage.number,
        "paragraphs": hit.passage.article.paragraphs,
        "link": hit.link,
        "overtaken": hit.overtaken,
        "article": _fields(hit.passage.article),
        "also_in": [_fields(article) for article in hit.also_in],
    }


def article_record(article: Article) -> Record:
    """Return an indexed article."""
    return {**_fields(article), "brief": article.brief, "paragraphs": article.paragraphs}


def page_record(page: ExtractedArticle, file: str) -> Record:
    """Return an article as it would be indexed, and each block left out, with the reason."""
    return {
        **_fields(page),
        "file": file,
        "paragraphs": list(page.paragraphs),
        "left_out": [
            {"text": block.text, "reason": block.left_out}
            for block in page.blocks
            if not block.kept
        ],
    }


def report_record(report: Report) -> Record:
    """Return the counts of a reindex."""
    return {**msgspec.to_builtins(report), "took_s": round(report.took_s, 3)}


def status_record(status: Status, votes: Counter[Verdict]) -> Record:
    """Return the state of the index, and the number of votes for each verdict."""
    return {**msgspec.to_builtins(status), "votes": {one.value: votes[one] for one in Verdict}}


def judgment_record(judgment: Judgment) -> Record:
    """Return a judgment in the format that `clipdesk eval` reads."""
    return {
        "question": judgment.question,
        "asked": judgment.day,
        "paragraphs": [_position(hit) for hit in judgment.right],
        "wrong": [_position(hit) for hit in judgment.wrong],
    }


def _position(hit: Hit) -> Record:
    return {"article": hit.passage.article.id, "paragraph": hit.passage.number}


def evaluation_record(evaluation: "Evaluation") -> Record:
    """Return the metrics of an evaluation; see `index.evaluation.Evaluation`."""
    return {**msgspec.to_builtins(evaluation, str_keys=True)}


def _fields(article: Article | ExtractedArticle) -> Record:
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published,
        "url": article.url,
    }
