"""Sources in follow-ups: "what about the Ledger?" asks for another source's report."""

import re

from index.queries.follow_up.word_lists import OPENING
from index.retrieval.naming import named_sources
from index.retrieval.sources import Sources

_ACCORDING_TO = re.compile(r",?\s*\baccording to (?P<source>[^,?!]+)[,?!]*", re.IGNORECASE)
_SAYS = re.compile(
    r"\b(?:what|how|why|does|do|did|has|have)(?: (?:does|do|did|has))? (?P<source>.+?)"
    r" (?:say|says|said|report|reports|reported|write|writes|wrote|claim|claims|tell|tells)\b",
    re.IGNORECASE,
)


def read_attribution(question: str, sources: Sources) -> tuple[str, str]:
    """The source that a follow-up asks for, and the rest of the question.

    '' for none, and for one that cannot be cut out: "what does AFP say about it?".
    """
    match = _ACCORDING_TO.search(question)
    if match and named_sources(match[0].strip(" ,?!"), sources):
        rest = f"{question[: match.start()]} {question[match.end() :]}"
        return _spelled(match["source"].strip(), sources), rest
    opening = OPENING.match(question)
    name = question[len(opening[0]) if opening else 0 :].strip(" ,?!.")
    if opening and opening[0].strip() and (source := _spelled(name, sources)):
        return source, ""
    return "", question


def attribute(source: str, question: str, sources: Sources) -> str:
    """The question asked of that source, instead of one that it names."""
    for pattern in (_SAYS, _ACCORDING_TO):
        match = pattern.search(question)
        if match and named_sources(match[0].strip(" ,?!"), sources):
            start, end = match.span("source")
            return f"{question[:start]}{source}{question[end:]}"
    return f"{question.rstrip('?!.… ')}, according to {source}"


def _spelled(source: str, sources: Sources) -> str:
    """The name of a source as written, or as the coverage spells it; '' if it is none."""
    attributed = f"according to {source}"
    if not (named := named_sources(attributed, sources)):
        return ""
    (name, *others), where = named
    if where.of(attributed) != attributed:
        return ""
    if others or not source.islower():
        return source
    has_article = source.startswith("the ") and not name.lower().startswith("the ")
    return f"the {name}" if has_article else name
