"""What clipdesk says, in words: the same on every surface, without any mark-up."""

import datetime as dt

from index import Answer, Article, Hit, Outcome, Report, Status
from index.evaluation import Evaluation

HELP = "Ask about the coverage in your own words: the answer is always a quotation from an article."
GREETING = f"Hello! {HELP}"
FAILURE = "Something went wrong here; the bot’s log says what. Please try again."
NOTHING_INDEXED = "Nothing is indexed yet; ask again in a moment, or add coverage to the settings."

_MAX_QUESTION = 300  # as much of a question as is said again


def headline(article: Article) -> str:
    """The article's title, or what stands for it."""
    title = article.title or "Untitled article"
    return f"Brief: {title}" if article.brief else title


def citation(hit: Hit) -> str:
    """Where a passage stands: publisher, author, date, paragraph."""
    article = hit.passage.article
    where = f"paragraph {hit.passage.number} of {article.paragraphs}"
    if article.brief:
        where += " of our brief"
    parts = (article.publisher, article.author, date(article.published), where)
    return " · ".join(part for part in parts if part)


def article_line(article: Article) -> str:
    """An article in one line of a list."""
    parts = (headline(article), article.publisher, date(article.published))
    about = " · ".join(part for part in parts if part)
    return f"{about} ({count(article.paragraphs, 'paragraph')})"


def date(published: str) -> str:
    """An ISO 8601 date, month or year as people write it: 11 November 2020."""
    match published.split("-"):
        case [year, month, day]:
            return f"{int(day)} {dt.date(int(year), int(month), 1):%B} {year}"
        case [year, month]:
            return f"{dt.date(int(year), int(month), 1):%B} {year}"
        case _:
            return published


def verdict(answer: Answer) -> str:
    """What is said above the passages; empty where they simply answer."""
    if answer.small_talk:
        return GREETING
    parts = []
    searched = [_quoted(answer.question, _MAX_QUESTION)] if answer.follow_up else []
    searched += map(_quoted, answer.corrected.values())
    if searched:
        parts.append(f"Searched for {listing(searched)}.")
    match answer.outcome:
        case Outcome.CLOSE:
            parts.append("The coverage may not say.")
        case Outcome.ABSENT:
            parts.append("The coverage doesn’t say.")
    if not answer.answered:
        if answer.unmatched:
            words = [_unmatched(word, answer) for word in answer.unmatched[:5]]
            parts.append(f"Nowhere in it: {listing(words)}.")
        if answer.shown:
            parts.append("The closest passages:")
    return " ".join(parts)


def _unmatched(word: str, answer: Answer) -> str:
    meant = answer.suggested.get(word, ())
    offer = f" (did you mean {' or '.join(map(_quoted, meant))}?)" if meant else ""
    return f"{_quoted(word)}{offer}"


def _quoted(words: str, limit: int = 40) -> str:
    return f"“{shorten(words, limit)}”"


def report(done: Report) -> str:
    """What a reindex did, in one line."""
    changes = [
        f"{count} {what}"
        for count, what in (
            (done.added, "added"),
            (done.changed, "changed"),
            (done.removed, "removed"),
            (len(done.skipped), "skipped"),
        )
        if count
    ]
    return (
        f"{', '.join(changes) or 'No changes'}; now {count(done.articles, 'article')} with "
        f"{count(done.paragraphs, 'paragraph')} ({done.took_s:.1f} s)"
    )


def facts(status: Status) -> list[tuple[str, str]]:
    """What there is to know of the index: names with their values."""
    return [
        ("Articles", f"{status.articles:,}"),
        ("Paragraphs", f"{status.paragraphs:,}"),
        ("Sources", "\n".join(status.sources)),
        ("Indexed", status.indexed.replace("T", " ").replace("+00:00", " UTC") or "not yet"),
        ("Database", status.database if status.kept else "in memory, not kept"),
        ("Version", f"clipdesk {status.version}, SQLite {status.sqlite}"),
    ]


def figures(evaluation: Evaluation) -> list[tuple[str, str]]:
    """The figures of an evaluation: names with their values."""
    auroc = "" if evaluation.auroc is None else f"{evaluation.auroc:.3f}"
    rows = [
        ("Questions", f"{evaluation.covered:,} covered, {evaluation.uncovered:,} not"),
        *((f"hit@{cutoff}", f"{share:.1%}") for cutoff, share in evaluation.hit.items()),
        ("MRR@10", f"{evaluation.mrr:.3f}"),
        ("Answering sentence", f"{evaluation.sentence:.1%}"),
        ("Length of the first passage", f"{evaluation.passage_chars:.0f} characters"),
        ("Covered, answered", f"{evaluation.answered:.1%}"),
        ("Not covered, refused", f"{evaluation.refused:.1%}" if evaluation.uncovered else ""),
        ("AUROC of the confidence", auroc),
        ("Time a question", f"{evaluation.took_ms:.1f} ms"),
    ]
    curve = [
        (
            f"at threshold {at.threshold:.2f}",
            f"{at.answered:.1%} answered, {at.refused:.1%} refused",
        )
        for at in evaluation.curve[4:17:2]
    ]
    return [row for row in rows if row[1]] + (curve if evaluation.uncovered else [])


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 article, 2,000 articles."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listing(words: list[str]) -> str:
    """Words as a list in a sentence: a, b and c."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
