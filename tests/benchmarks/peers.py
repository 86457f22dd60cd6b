"""Compare the answers of clipdesk and of other engines on the same passages.

    uv run --group benchmarks python tests/benchmarks/peers.py [EVAL_FOLDER]

All get the same passages (the paragraphs that clipdesk indexes) and the same questions in one run.
The sentence of a peer is the one of its first passage with the highest idf share of the question.
Prints the tables that the README shows.
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import datetime as dt
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
import tantivy
from rank_bm25 import BM25Okapi

from index import MEMORY, Source, open_engine
from index.answers.matches import Matches
from index.evaluation import DEPTH, Judged, evaluate, read_judged
from index.model import Answer, Hit, Outcome, Passage, Span
from index.queries.parsing import parse_question
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.retriever import Candidates

_STEM = Stemmer.Stemmer("english").stemWords
_ANY_DAY = dt.date(2020, 1, 1)  # a peer knows no days

Search = Callable[[str], Sequence[int]]  # a question's passages, by position, best first

HEAD = "| | hit@1 | hit@3 | hit@5 | hit@10 | MRR@10 | sentence@1 | first passage | ms |"


def main() -> None:
    """Print a table for the news questions and one for the wiki questions."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
    for title, questions, coverage in (
        ("News", "news_questions.jsonl.gz", "news_articles.jsonl.gz"),
        ("Wiki", "wiki_questions.jsonl.gz", "wiki_paragraphs.jsonl.gz"),
    ):
        judged = [one for one in read_judged(folder / questions) if one.in_coverage]
        source = Source(str((folder / coverage).resolve()))
        asyncio.run(compare(title, judged, source))


async def compare(title: str, judged: Sequence[Judged], source: Source) -> None:
    """Print the table for some questions on some coverage."""
    async with open_engine(MEMORY, [source]) as engine:
        await engine.reindex()
        searcher = engine.searcher
        print(f"\n{title}: {len(judged)} questions, {searcher.size:,} passages\n\n{HEAD}")
        print("|---" * HEAD.count("|", 1) + "|")
        texts = searcher.texts(all_candidates(searcher).keys())
        for name, make in PEERS.items():
            search = make(texts)
            show(name, [(one, _found(searcher, one.question, search)) for one in judged])
        show("**clipdesk**", [(one, await engine.ask(one.question, top=DEPTH)) for one in judged])
        if any(one.day for one in judged):
            show(
                "**clipdesk**, day known",
                [
                    (one, await engine.ask(one.question, top=DEPTH, asked_on=one.day))
                    for one in judged
                ],
            )


def show(name: str, run: Sequence[tuple[Judged, Answer]]) -> None:
    """Print a line of the table."""
    figures = evaluate(run)
    hits = " | ".join(f"{share:.1%}" for share in figures.hit.values())
    print(
        f"| {name} | {hits} | {figures.mrr:.3f} | {figures.sentence:.1%} "
        f"| {figures.passage_chars:.0f} | {figures.took_ms:.1f} |",
        flush=True,
    )


def rank_bm25(texts: Sequence[str]) -> Search:
    """rank-bm25 as its README uses it: lower case, split at spaces."""
    return _rank_bm25(texts, lambda text: text.lower().split())


def rank_bm25_stemmed(texts: Sequence[str]) -> Search:
    """rank-bm25 over stemmed words."""
    return _rank_bm25(texts, lambda text: _STEM(re.findall(r"\w+", text.lower())))


def _rank_bm25(texts: Sequence[str], tokenize: Callable[[str], list[str]]) -> Search:
    index = BM25Okapi([tokenize(text) for text in texts])
    return lambda question: np.argsort(-index.get_scores(tokenize(question)))[:DEPTH].tolist()


def by_bm25s(texts: Sequence[str]) -> Search:
    """bm25s with its stop words and a stemmer, as its README shows it."""
    options = {"stopwords": "en", "stemmer": Stemmer.Stemmer("english"), "show_progress": False}
    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(texts), **options), show_progress=False)

    def search(question: str) -> list[int]:
        tokens = bm25s.tokenize([question], **options)
        found, _ = index.retrieve(tokens, k=DEPTH, show_progress=False)
        return [int(position) for position in found[0]]

    return search


def by_tantivy(texts: Sequence[str]) -> Search:
    """tantivy with its English stemmer."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="en_stem")
    builder.add_unsigned_field("position", stored=True)
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for position, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=text, position=position))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> list[int]:
        query = index.parse_query(" ".join(re.findall(r"\w+", question)), ["text"])
        hits = searcher.search(query, DEPTH).hits
        return [searcher.doc(address)["position"][0] for _, address in hits]

    return search


def by_fts5(texts: Sequence[str]) -> Search:
    """SQLite FTS5 with its Porter stemmer."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE passage USING fts5 (text, tokenize = 'porter')")
    db.executemany("INSERT INTO passage (rowid, text) VALUES (?, ?)", enumerate(texts, start=1))

    def search(question: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        statement = "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?"
        return [row - 1 for (row,) in db.execute(statement, (words, DEPTH))]

    return search


PEERS = {
    "rank-bm25": rank_bm25,
    "rank-bm25, stemmed": rank_bm25_stemmed,
    "bm25s": by_bm25s,
    "tantivy": by_tantivy,
    "SQLite FTS5": by_fts5,
}


def all_candidates(searcher: Searcher) -> Candidates:
    """All passages, in order."""
    positions = np.arange(searcher.size, dtype=np.int32)
    return searcher.candidates(positions, np.zeros(searcher.size), np.zeros(len(searcher.order)))


def _found(searcher: Searcher, question: str, search: Search) -> Answer:
    begun = time.perf_counter()
    positions = np.array(search(question), np.int32)
    took_ms = (time.perf_counter() - begun) * 1000
    query = parse_question(searcher, question, _ANY_DAY)
    candidates = searcher.candidates(
        positions, np.zeros(len(positions)), np.zeros(len(searcher.order))
    )
    matches = Matches(query, candidates)
    # By passage, then by overlap, the earliest of equals first: the first of each passage.
    order = np.lexsort((-query.idf_share(matches.sentences), matches.passage_of))
    spans = matches.text.spans[order[matches.text.texts[:-1]]].tolist()
    found = zip(candidates.keys(), searcher.texts(candidates.keys()), spans, strict=True)
    hits = tuple(
        Hit(Passage(searcher.articles_at([article])[0], number, text), 0.0, Span(*span), "")
        for (article, number), text, span in found
    )
    return Answer(question, Outcome.ANSWERED, 1, unmatched=(), hits=hits, took_ms=took_ms)


if __name__ == "__main__":
    main()
