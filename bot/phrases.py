"""All texts shown to users, as plain text without markup; Discord and the terminal share them.

Texts are in the current language, see `languages.use_language`; those of the terminal in English.
"""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from bot import languages
from bot.judgments import Judgment
from bot.languages import Phrase, decimal, ngettext
from bot.languages import gettext as _
from bot.votes import Verdict
from index import Answer, Article, ClipdeskError, Hit, Outcome, Report, Status, first_day

if TYPE_CHECKING:
    from bot.latency import LatencyQuantiles
    from index import Evaluation

HELP = Phrase(
    "Ask about the coverage in your own words: the answer is always a quotation from an article."
)
FAILURE = Phrase("Something went wrong; the bot’s log has the details. Please try again.")
NOTHING_INDEXED = Phrase(
    "Nothing is indexed yet; ask again in a moment, or add coverage to the settings."
)
INDEXING_FAILED = Phrase("Nothing is indexed yet: indexing failed, and the bot’s log says why.")
OUTDATED_COMMAND = Phrase("This command has changed; reload Discord, then use it again.")
NOTHING_TO_FIND = Phrase("That message has no words to search for; choose one with text.")
ARTICLE_GONE = Phrase("This article is no longer in the coverage; /sources lists the articles.")
BUSY = Phrase("Too many questions are waiting right now. Please ask again in a moment.")
STOPPING = Phrase(
    "The bot is shutting down and could not finish this. Please ask again in a few minutes."
)
TOO_LATE = Phrase("This arrived too late to be answered. Please ask again.")
THREAD_NAME = Phrase("Answer")
HOW_TO_ASK = (
    Phrase(
        "Ask with /ask, by mentioning me, or in a direct message: who bought the port, and when?"
    ),
    Phrase(
        "Limit it to a source or a time, with options or in the text: source:AFP before:2020-11-30"
    ),
    Phrase("Ask a follow-up question: and how much did it cost?"),
    Phrase(
        "Check what somebody wrote: in the message’s menu, choose Apps, then Find in the coverage."
    ),
    Phrase(
        "/article shows a whole article, /sources lists all articles, /status shows the bot’s "
        "status."
    ),
)
ONLY_MANAGERS_REINDEX = Phrase("Only people who can manage the server can reindex.")
ONLY_MANAGERS_SET = Phrase("Only people who can manage the server can change its settings.")
# Channel modes: the label of the choice, and the confirmation.
MODES = {
    "reply": (Phrase("Reply to them"), Phrase("Mentions in this channel get a reply.")),
    "silent": (
        Phrase("Stay silent"),
        Phrase("Mentions in this channel are not answered; commands still work."),
    ),
    "thread": (
        Phrase("Answer in a thread"),
        Phrase("Mentions in this channel are answered in threads."),
    ),
    "private": (
        Phrase("Answer privately"),
        Phrase(
            "Mentions in this channel are answered by direct message, or with a reply if that "
            "fails."
        ),
    ),
}

SHOW_CONTEXT = Phrase("Show context")
MORE = Phrase("More")
PREVIOUS = Phrase("Previous")
NEXT = Phrase("Next")
INCOMPLETE = Phrase(
    "The question that this belongs to is not known, or no longer; please ask the whole question."
)
FORGOTTEN = Phrase("The question before is no longer known, so this one was searched for alone.")
ASK_FOLLOW_UP = Phrase("Ask a follow-up")
HELPFUL = Phrase("Helpful")
WRONG = Phrase("Wrong passage")
SHARE = Phrase("Share to channel")
REMOVE = Phrase("Remove")
YOUR_QUESTION = Phrase("Your question")
FOLLOW_UP_HINT = Phrase("And when? And who paid for it?")
ANSWER_EXPIRED = Phrase("The buttons of this answer have expired; please ask again.")
PASSAGE_GONE = Phrase(
    "This passage is no longer in the coverage; ask again to see what it says now."
)
MAY_NOT_REMOVE = Phrase(
    "Only the person who asked, or someone who can manage messages, can remove this answer."
)
VOTED = {
    True: Phrase("Thank you! Your vote is recorded: this passage helped."),
    False: Phrase("Thank you! Your vote is recorded: this is the wrong passage."),
}
VOTE_KEEPS_QUESTION = Phrase("The question is stored with your vote.")
VOTED_ALREADY = Phrase("Thank you! You have already voted this way; it counts once.")
SHARED_ALREADY = Phrase("This answer has already been shared.")
NO_VOTES = "Nobody has voted on an answer yet."
NOT_SHARED = Phrase(
    "Discord doesn’t let the bot write to this channel; only you can see the answer."
)

_WORD = re.compile(r"\w+")
_COMMAND = re.compile(r"/(?P<name>\w[\w-]*)(?!\S)")  # typed, and sent as a message
_HELP_WORDS = frozenset(
    (
        *("help", "help me", "help please", "please help", "hilfe", "bitte hilfe", "hilfe bitte"),
        *("ayuda", "ayuda por favor", "aide", "à l aide", "допомога", "довідка"),
    )
)
_THANKS = frozenset(
    (
        *("appreciate", "appreciated", "cheers", "thank", "thanks", "thx", "ty", "tysm"),
        *("dank", "danke", "dankeschön", "gracias", "merci", "дякую", "дякуємо", "спасибі"),
    )
)

_MAX_NAME = 80  # characters of a publisher or author in a citation
_MAX_OUTLETS = 4  # named in a citation; of more, the first few
_NAMED_OUTLETS = 2
_MAX_QUESTION = 300  # characters of a question that are repeated in an answer


def greeting() -> str:
    """Return the reply to a greeting or to an empty mention."""
    return " ".join((_("Hello!"), str(HELP)))


def small_talk(answer: Answer) -> str:
    """Return the reply to greetings and thanks, and to a follow-up to nothing."""
    if answer.incomplete:
        return str(INCOMPLETE)
    thanks = _THANKS.intersection(_WORD.findall(answer.question.casefold()))
    return _("You’re welcome!") if thanks else greeting()


def how_to_ask() -> str:
    """Return the help for Discord: one way to ask a line."""
    return "\n".join([str(HELP), *(f"• {line}" for line in HOW_TO_ASK)])


def is_call_for_help(text: str) -> bool:
    """True if a message is only "help", or a command that was typed instead of chosen."""
    command = _COMMAND.match(text)
    if command and command["name"].casefold() not in _asking():
        return True
    return " ".join(_WORD.findall(text.casefold())) in _HELP_WORDS


def without_command(text: str) -> str:
    """Return the question of an `/ask` that was typed; other texts as they are."""
    command = _COMMAND.match(text)
    return text[command.end() :].strip() if command else text


def _asking() -> tuple[str, str]:
    """Return the name of `/ask` in English and in the current language."""
    return "ask", languages.command_name("ask")


def asked(question: str) -> str:
    """Return the line above an answer that would not show its question."""
    return _("Question: {words}").format(words=shorten(question, _MAX_QUESTION))


def first_index(progress: str) -> str:
    """Say that the first index is being made, and how far it is."""
    line = _("The articles are being indexed for the first time; ask again in a moment. {progress}")
    return line.format(progress=progress)


def localize_error(error: ClipdeskError) -> str:
    """Return the message of an error in the current language, safe to show to anyone.

    Of a path, only the last component is shown: the rest reveals the layout of this machine.
    """
    values = {name: _public(name, value) for name, value in error.values.items()}
    return _(error.message).format(**values) if values else _(error.message)


def _public(name: str, value: object) -> object:
    if name == "path":
        return PurePath(str(value)).name
    return decimal(value) if isinstance(value, int) else value


def headline(article: Article) -> str:
    """Return the article's title, or a substitute if it has none."""
    title = article.title or _("Untitled article")
    return _("Brief: {title}").format(title=title) if article.brief else title


def citation(hit: Hit) -> str:
    """Return the citation of a passage: publisher, author, date, number, other outlets.

    If a newer passage gives another figure, it says so.
    """
    article = hit.passage.article
    of_brief = _("paragraph {number} of {of} of our brief")
    where = of_brief if article.brief else _("paragraph {number} of {of}")
    where = where.format(number=decimal(hit.passage.number), of=decimal(article.paragraphs))
    page = _("page {number}").format(number=decimal(hit.passage.page)) if hit.passage.page else ""
    # Cut overlong names here, so that the paragraph number is never cut.
    when = date(article.published)
    when = _("earlier report, {date}").format(date=when) if hit.overtaken else when
    names = (article.publisher, article.author, when)
    return _joined(*(shorten(name, _MAX_NAME) for name in names), page, where, _also_in(hit))


def _also_in(hit: Hit) -> str:
    """Return "also in Globe, Tribune and 7 others"; empty if no other outlet has the passage."""
    outlets = [shorten(article.outlet, _MAX_NAME) for article in hit.also_in]
    if len(outlets) > _MAX_OUTLETS:
        others = len(outlets) - _NAMED_OUTLETS
        rest = ngettext("{number} other", "{number} others", others)
        outlets = [*outlets[:_NAMED_OUTLETS], rest]
    return _("also in {outlets}").format(outlets=languages.listing(outlets)) if outlets else ""


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def shared_by(name: str) -> str:
    """Return the line above a shared answer."""
    return _("Shared by {name}:").format(name=name)


def article_line(article: Article) -> str:
    """Return an article as one line of a list: headline, publisher, date, length."""
    described = _joined(headline(article), article.publisher, date(article.published))
    return f"{described} ({paragraphs(article.paragraphs)})"


def outline(article: Article) -> str:
    """Return an article's publisher, author, date and length in one line."""
    length = paragraphs(article.paragraphs)
    return _joined(article.publisher, article.author, date(article.published), length)


def list_heading(listed: int, publisher: str, number: int, of: int) -> str:
    """Return the heading of page `number` of `of` in a list of `listed` articles."""
    from_one = _("{articles} from {publisher}, newest first")
    heading = from_one if publisher else _("{articles}, newest first")
    where = f" · {page_of(number, of)}" if of > 1 else ""
    return heading.format(articles=articles(listed), publisher=_quoted(publisher)) + where


def page_of(number: int, of: int) -> str:
    """Return "page 2 of 3"."""
    return _("page {number} of {of}").format(number=decimal(number), of=decimal(of))


def no_such_publisher(publisher: str) -> str:
    """Say that no article is from a publisher with that name."""
    line = _("No publisher has {words} in its name; /sources lists all articles.")
    return line.format(words=_quoted(publisher))


def no_such_article(headline: str) -> str:
    """Say that no article has a headline with these words."""
    line = _("No headline contains {words}; choose one from the list that /article shows.")
    return line.format(words=_quoted(headline))


def mode_chosen(mode: str, *, changed: bool) -> str:
    """Describe the mode of a channel, a key of `MODES`; confirm it if it has `changed`."""
    sentence = str(MODES[mode][1])
    return _("Done. {sentence}").format(sentence=sentence) if changed else sentence


def too_many(wait_s: float) -> str:
    """Say that the question limit is reached, and how long to wait."""
    return ngettext(
        "That is a lot of questions at once. Please wait {number} second, then ask again.",
        "That is a lot of questions at once. Please wait {number} seconds, then ask again.",
        max(1, math.ceil(wait_s)),
    )


def too_many_clicks(wait_s: float) -> str:
    """Say that the click limit is reached, and how long to wait."""
    return ngettext(
        "That is a lot of clicks at once. Please wait {number} second, then try again.",
        "That is a lot of clicks at once. Please wait {number} seconds, then try again.",
        max(1, math.ceil(wait_s)),
    )


def too_many_commands(wait_s: float) -> str:
    """Say that the command limit is reached, and how long to wait."""
    return ngettext(
        "That is a lot of commands at once. Please wait {number} second, then try again.",
        "That is a lot of commands at once. Please wait {number} seconds, then try again.",
        max(1, math.ceil(wait_s)),
    )


def in_answer_to(address: str) -> str:
    """Return the line above an answer that is sent to another channel than the question."""
    return _("In answer to your question at {address}:").format(address=address)


def response_times(quantiles: "LatencyQuantiles | None") -> str:
    """Format the median and the 95th percentile of response times."""
    if quantiles is None:
        return _("no questions yet")
    return _("p50 {p50} ms, p95 {p95} ms ({answers})").format(
        p50=decimal(quantiles.p50_ms),
        p95=decimal(quantiles.p95_ms),
        answers=ngettext("{number} answer", "{number} answers", quantiles.answers),
    )


def latency(seconds: float) -> str:
    """Format the time in which Discord answers a heartbeat; not finite before the first one."""
    if not math.isfinite(seconds):
        return _("not measured yet")
    return _("{number} ms").format(number=decimal(seconds * 1000))


def date(published: str) -> str:
    """Format an ISO 8601 date, month or year: "11 November 2020", "November 2020", "2020"."""
    match published.count("-"):
        case 2:
            return languages.date(first_day(published))
        case 1:
            return languages.month(first_day(published))
        case _:
            return published


def _period(first: str, last: str) -> str:
    """Format a period of ISO 8601 dates, of which one may be empty: "May 2025", "until 2020"."""
    if not (first and last):
        form = _("since {date}") if first else _("until {date}")
        return form.format(date=date(first or last))
    after = (first_day(last) + dt.timedelta(days=1)).isoformat()
    for length, begin in ((4, "-01-01"), (7, "-01")):  # a whole year, a whole month
        if first == last[:length] + begin and after == after[:length] + begin:
            return date(first[:length])
    return date(first) if first == last else _range(first, last)


def _range(first: str, last: str) -> str:
    return _("{first} to {last}").format(first=date(first), last=date(last))


def _nothing_listed(answer: Answer) -> str:
    """Say that the coverage has nothing of the time that was asked for."""
    if answer.listed is None or answer.published is None:
        return _("The coverage doesn’t say.")
    nothing = _("Nothing in the coverage is from {period}; it runs from {first} to {last}.")
    first, last = map(date, answer.published)
    return nothing.format(period=_period(*answer.listed), first=first, last=last)


def verdict(answer: Answer) -> str:
    """Return the text above the passages; empty if they simply answer the question."""
    if answer.small_talk:
        return small_talk(answer)
    parts = []
    searched = [_quoted(answer.question, _MAX_QUESTION)] if answer.follow_up else []
    instead = _("{meant} instead of {typed}")
    searched += [
        instead.format(meant=_quoted(meant), typed=_quoted(typed))
        for typed, meant in answer.corrected.items()
    ]
    if searched:
        parts.append(_("Searched for {words}.").format(words=languages.listing(searched)))
    if answer.corrected:
        parts.append(_("A word in quotation marks is searched for as typed."))
    if answer.language_mismatch:
        parts.append(_in_another_language(answer))
    match answer.outcome:
        case Outcome.CLOSE:
            parts.append(_("The coverage may not say."))
        case Outcome.ABSENT:
            parts.append(_nothing_listed(answer))
    if not answer.answered:
        if answer.unmatched and not answer.language_mismatch:
            words = [_unmatched(word, answer) for word in answer.unmatched[:5]]
            parts.append(_("Nowhere in it: {words}.").format(words=languages.listing(words)))
        if answer.shown:
            parts.append(_("The closest passages:"))
    return " ".join(parts)


def _in_another_language(answer: Answer) -> str:
    """Say, in the language of the question, that no article is in it."""
    with languages.use_language(languages.language_of(answer.language)):
        names = languages.listing([*map(languages.name_of, answer.coverage_languages)])
        line = _("The articles are in {languages}: only names and numbers can be found.")
        return line.format(languages=names)


def _unmatched(word: str, answer: Answer) -> str:
    meant = [_quoted(one) for one in answer.suggested.get(word, ())]
    if not meant:
        return _quoted(word)
    offer = _("{word} (did you mean {others}?)")
    return offer.format(word=_quoted(word), others=languages.listing(meant, "or"))


def _quoted(words: str, limit: int = 40) -> str:
    return _("“{words}”").format(words=shorten(words, limit))


def report(done: Report) -> str:
    """Summarise a reindex in one line."""
    changes = (
        (done.added, ngettext("{number} added", "{number} added", done.added)),
        (done.changed, ngettext("{number} changed", "{number} changed", done.changed)),
        (done.removed, ngettext("{number} removed", "{number} removed", done.removed)),
        (len(done.skipped), ngettext("{number} skipped", "{number} skipped", len(done.skipped))),
    )
    return _("{changes}; now {articles} with {paragraphs} ({seconds} s)").format(
        changes=", ".join(said for number, said in changes if number) or _("No changes"),
        articles=articles(done.articles),
        paragraphs=paragraphs(done.paragraphs),
        seconds=decimal(done.took_s, 1),
    )


def facts(status: Status, tally: Counter[Verdict]) -> list[tuple[str, str]]:
    """Return the state of the index as names and values."""
    return [
        ("Articles", f"{status.articles:,}"),
        ("Paragraphs", f"{status.paragraphs:,}"),
        ("Sources", "\n".join(status.sources)),
        ("Last change", _moment(status.indexed)),
        ("Last checked", _moment(status.checked)),
        *([("Failure", status.failure)] if status.failure else []),
        ("Database", status.database if status.kept else "in memory (not saved)"),
        ("Votes", votes(tally)),
        ("Version", f"clipdesk {status.version}, SQLite {status.sqlite}"),
    ]


def _moment(iso: str) -> str:
    """Format an ISO 8601 time in UTC; "not yet" if empty."""
    return iso.replace("T", " ").replace("+00:00", " UTC") or "not yet"


def votes(tally: Counter[Verdict]) -> str:
    """Format the number of helpful and of wrong votes."""
    helpful, wrong = decimal(tally[Verdict.HELPFUL]), decimal(tally[Verdict.WRONG])
    return _("{helpful} helpful, {wrong} wrong").format(helpful=helpful, wrong=wrong)


def votes_unused(number: int) -> str:
    """Say how many votes could not be turned into judgments."""
    return f"Votes left out because the question is not stored or the passage is gone: {number:,}"


def judgments(found: Iterable[Judgment]) -> list[tuple[str, str]]:
    """Return each judged question with its helpful and wrong passages."""
    return [(one.question, "\n".join(_judged(one))) for one in found]


def _judged(judgment: Judgment) -> Iterator[str]:
    for verdict, hits in (("helpful", judgment.right), ("wrong", judgment.wrong)):
        for hit in hits:
            yield f"{verdict}: {headline(hit.passage.article)} · {citation(hit)}"


def figures(evaluation: "Evaluation") -> list[tuple[str, str]]:
    """Return the metrics of an evaluation as names and values."""
    auroc = "" if evaluation.auroc is None else f"{evaluation.auroc:.3f}"
    misled = "" if evaluation.misled is None else f"{evaluation.misled:.1%}"
    rows = [
        ("Questions", f"{evaluation.covered:,} covered, {evaluation.uncovered:,} not"),
        *((f"hit@{cutoff}", f"{share:.1%}") for cutoff, share in evaluation.hit.items()),
        ("MRR@10", f"{evaluation.mrr:.3f}"),
        ("Answering sentence", f"{evaluation.sentence:.1%}"),
        ("Length of the first passage", f"{evaluation.passage_chars:.0f} characters"),
        ("Covered, answered", f"{evaluation.answered:.1%}"),
        ("Not covered, refused", f"{evaluation.refused:.1%}" if evaluation.uncovered else ""),
        ("AUROC of the confidence", auroc),
        ("First passage judged wrong", misled),
        ("Time per question", f"{evaluation.took_ms:.1f} ms"),
    ]
    curve = [
        (
            f"at threshold {at.threshold:.2f}",
            f"{at.answered:.1%} answered, {at.refused:.1%} refused",
        )
        for at in evaluation.curve[4:17:2]
    ]
    return [row for row in rows if row[1]] + (curve if evaluation.uncovered else [])


def articles(number: int) -> str:
    """Format a number of articles: "1 article", "2,000 articles"."""
    return ngettext("{number} article", "{number} articles", number)


def paragraphs(number: int) -> str:
    """Format a number of paragraphs."""
    return ngettext("{number} paragraph", "{number} paragraphs", number)


def shorten(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters with an ellipsis; never split a grapheme cluster."""
    if len(text) <= limit:
        return text
    from bot.graphemes import clip  # noqa: PLC0415 - slow to import, and rarely needed

    return clip(text, limit)
