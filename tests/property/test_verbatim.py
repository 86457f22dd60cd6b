"""Quotations are verbatim, byte for byte."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from index import MEMORY, Answer, Source, open_engine

_words = st.sampled_from(["Ada", "ships", "U.S.", "£5", "naïve", "“no”", "x.y", "the", "漢字", "a"])
_paragraph = st.one_of(
    st.lists(_words, min_size=1, max_size=12).map(" ".join),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"),
        min_size=1,
        max_size=60,
    ),
).filter(str.strip)
_articles = st.lists(st.lists(_paragraph, min_size=1, max_size=5), min_size=1, max_size=4)


async def _ask(archive: Path, question: str) -> Answer:
    async with open_engine(MEMORY, [Source(str(archive))]) as engine:
        report = await engine.reindex()
        assert not report.skipped
        return await engine.ask(question, top=5)


@given(articles=_articles, question=st.lists(_words, min_size=1, max_size=4).map(" ".join))
def test_every_quotation_is_verbatim_in_its_article(
    articles: list[list[str]], question: str
) -> None:
    lines = [json.dumps({"title": "T", "text": "\n".join(texts)}) for texts in articles]
    with TemporaryDirectory() as folder:
        archive = Path(folder, "archive.jsonl")
        archive.write_text("\n".join(lines), "utf-8")
        answer = asyncio.run(_ask(archive, question))
    assert 0 <= answer.confidence <= 1
    for hit in answer.hits:
        stored = [text.strip() for text in articles[int(hit.passage.article.id.split(":")[1]) - 1]]
        assert hit.passage.text == stored[hit.passage.number - 1]
        assert hit.passage.text.encode() in "\n".join(stored).encode()
        assert 0 <= hit.highlight.start < hit.highlight.end <= len(hit.passage.text)
        assert hit.sentence == hit.sentence.strip()
    assert len({hit.passage.text for hit in answer.hits}) == len(answer.hits)
