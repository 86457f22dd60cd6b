"""What programs read: each answer, article and report as a JSON object."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from bot.judgments import Judgment
from bot.votes import Verdict
from index import Answer, Article, ExtractedArticle, Hit, Outcome, Report, Status

if TYPE_CHECKING:
    from index import Evaluation

Record = dict[str, Any]

_OUTCOMES = {Outcome.ANSWERED: "answered", Outcome.CLOSE: "closest", Outcome.ABSENT: "absent"}


def dumps(record: Record) -> str:
    """`record` as one line of JSON."""
    return msgspec.json.encode(record).decode()


def answer_record(answer: Answer, question_id: object = None) -> Record:
    """An answer with its passages, best first; see `index.Answer`.

    `searched` is what was searched for: after a follow-up, not the question as it was typed.
    `corrections` maps misspelt words of it to what was searched for in their place, `suggestions`
    unknown words to what may have been meant.
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
        "took_ms": round(answer.took_ms, 3),
    }


def refusal_record(question: object, question_id: object, error: str) -> Record:
    """The answer to what cannot be asked, with the reason in `error`."""
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
        "article": _fields(hit.passage.article),
    }


def article_record(article: Article) -> Record:
    """An indexed article."""
    return {**_fields(article), "brief": article.brief, "paragraphs": article.paragraphs}


def page_record(page: ExtractedArticle, file: str) -> Record:
    """An article as it would be indexed, with its paragraphs and what was left out, and why."""
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
    """What a reindex did."""
    record: Record = msgspec.to_builtins(report)
    record["took_s"] = round(report.took_s, 3)
    return record


def status_record(status: Status, votes: Counter[Verdict]) -> Record:
    """What there is to know of the index, and how many votes of each kind there are."""
    counts = {verdict.value: votes[verdict] for verdict in Verdict}
    return {**msgspec.to_builtins(status), "votes": counts}


def judgment_record(judgment: Judgment) -> Record:
    """What the votes say on a question, as a line of the file that `clipdesk eval` reads."""
    return {
        "question": judgment.question,
        "asked": judgment.day,
        "paragraphs": [_place(hit) for hit in judgment.right],
        "wrong": [_place(hit) for hit in judgment.wrong],
    }


def _place(hit: Hit) -> Record:
    return {"article": hit.passage.article.id, "paragraph": hit.passage.number}


def evaluation_record(figures: "Evaluation") -> Record:
    """The figures of an evaluation; see `index.evaluation.Evaluation`."""
    record: Record = msgspec.to_builtins(figures, str_keys=True)
    return record


def _fields(article: Article | ExtractedArticle) -> Record:
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published,
        "url": article.url,
    }
