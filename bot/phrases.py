"""What clipdesk says, in words: the same on every surface, without any mark-up."""

import datetime as dt
import math

from bot.cutting import clip
from bot.took import Quantiles
from index import Answer, Article, Hit, Outcome, Report, Status
from index.evaluation import Evaluation

HELP = "Ask about the coverage in your own words: the answer is always a quotation from an article."
GREETING = f"Hello! {HELP}"
FAILURE = "Something went wrong here; the bot’s log says what. Please try again."
NOTHING_INDEXED = "Nothing is indexed yet; ask again in a moment, or add coverage to the settings."
OUTDATED_COMMAND = "This command has changed meanwhile; reload Discord, then use it again."
NOTHING_TO_FIND = "There are no words in that message to look for; choose one with a text."
ARTICLE_GONE = "This article is no longer in the coverage; /sources lists what is."
BUSY = "Too many questions are waiting for an answer just now. Please ask again in a moment."
STOPPING = "I am being stopped, and could not finish this. Please ask again in a few minutes."
TOO_LATE = "This took too long to arrive here. Please ask again."
THREAD_NAME = "Answer"
HOW_TO_ASK = (
    "Ask with /ask, by mentioning me, or in a direct message: who bought the port, and when?",
    "Keep it to a source or a time, by options or in words: source:AFP before:2020-11-30",
    "Go on from an answer: and how much did it cost?",
    "Look up what somebody wrote: in the menu of the message, Apps, then Find in the coverage.",
    "/article shows an article as a whole, /sources lists them all, /status tells how I am.",
)
# How mentions can be answered in a channel: as a choice, and as a sentence.
MODES = {
    "reply": ("Reply to them", "Mentions in this channel are answered by a reply."),
    "silent": ("Stay silent", "Mentions in this channel are not answered; commands are."),
    "thread": ("Answer in a thread", "Mentions in this channel are answered in threads."),
    "private": (
        "Answer privately",
        "Mentions in this channel are answered by direct message, or else by a reply.",
    ),
}

SHOW_CONTEXT = "Show context"
MORE = "More"
PREVIOUS = "Previous"
NEXT = "Next"
ASK_ON = "Ask a follow-up"
HELPFUL = "Helpful"
WRONG = "Wrong passage"
SHARE = "Share to channel"
REMOVE = "Remove"
YOUR_QUESTION = "Your question"
ASK_ON_HINT = "And when? And who paid for it?"
CARD_GONE = "This answer is too old for its buttons; please ask again."
PASSAGE_GONE = "This passage is no longer in the coverage; ask again to see what it says now."
NOT_YOURS = "Only who asked, and those who may manage messages, can remove this answer."
VOTED = {
    True: "Thank you! Noted that this passage helped.",
    False: "Thank you! Noted that this is the wrong passage.",
}
VOTED_ALREADY = "Thank you! You have said so already; it counts once."
NOT_SHARED = "Discord doesn’t let me write to this channel; the answer stays with you."

_MAX_NAME = 80  # characters of a publisher or author in a citation
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
    # So long a name is none; what tells the place must not be cut for it.
    names = [shorten(name, _MAX_NAME) for name in (article.publisher, article.author)]
    parts = (*names, shorten(date(article.published), _MAX_NAME), where)
    return " · ".join(part for part in parts if part)


def shared_by(name: str) -> str:
    """What stands above an answer that somebody shared."""
    return f"Shared by {name}:"


def article_line(article: Article) -> str:
    """An article in one line of a list."""
    parts = (headline(article), article.publisher, date(article.published))
    about = " · ".join(part for part in parts if part)
    return f"{about} ({count(article.paragraphs, 'paragraph')})"


def outline(article: Article) -> str:
    """What is known of an article, but for its headline: publisher, author, date, length."""
    length = count(article.paragraphs, "paragraph")
    parts = (article.publisher, article.author, date(article.published), length)
    return " · ".join(part for part in parts if part)


def list_heading(articles: int, publisher: str, number: int, of: int) -> str:
    """What stands above a page of a list of articles."""
    whose = f" of {_quoted(publisher)}" if publisher else ""
    where = f" · {page_of(number, of)}" if of > 1 else ""
    return f"{count(articles, 'article')}{whose}, newest first{where}"


def page_of(number: int, of: int) -> str:
    """Which page it is."""
    return f"page {number:,} of {of:,}"


def no_such_publisher(publisher: str) -> str:
    """That nothing in the coverage is of a publisher."""
    return f"No publisher has {_quoted(publisher)} in its name; /sources alone lists all articles."


def no_such_article(headline: str) -> str:
    """That no article has such a headline."""
    return f"No headline has {_quoted(headline)} in it; choose one of the list that /article shows."


def not_a_manager(action: str) -> str:
    """That somebody may not do what only managers of a server may."""
    return f"Only those who may manage the server can {action}."


def mode_chosen(mode: str, *, changed: bool) -> str:
    """How mentions are answered in a channel, by its name in `MODES`; and whether that is new."""
    return f"Done. {MODES[mode][1]}" if changed else MODES[mode][1]


def too_many(wait_s: float) -> str:
    """That somebody asks more than the bot keeps up with, and when it will answer again."""
    wait = count(max(1, math.ceil(wait_s)), "second")
    return f"That is a lot of questions at once. Please give me {wait}, then ask again."


def asked_at(address: str) -> str:
    """What stands above an answer that is given elsewhere than it was asked."""
    return f"To your question at {address}:"


def took(quantiles: Quantiles | None) -> str:
    """How long answers take: half of them at most the first time, nearly all the second."""
    if quantiles is None:
        return "nothing asked yet"
    answers = count(quantiles.answers, "answer")
    return f"p50 {quantiles.p50_ms:.0f} ms, p95 {quantiles.p95_ms:.0f} ms ({answers})"


def latency(seconds: float) -> str:
    """How long Discord takes to answer a heartbeat."""
    return f"{seconds * 1000:.0f} ms" if math.isfinite(seconds) else "not measured yet"


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
    """`text` in at most `limit` characters, cut with an ellipsis between whole characters."""
    return clip(text, limit)
