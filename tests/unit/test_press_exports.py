"""Exports of press databases: many documents in one text, each with its fields."""

import io
from pathlib import Path

import pytest

from index import MEMORY, Source, open_engine
from index.model import ExtractedArticle
from index.sources.reader import ItemContext
from index.sources.text import TextReader

LEAD = "The harbour board of Eldholm voted on Tuesday to dredge the northern channel this winter."
END = "Ferries keep running from the old quay, though the last crossing leaves an hour earlier."
OTHER = "A cannery in Holmvik will close in July with the loss of 300 jobs, its owner said."

NEXIS = f"""
                               1 of 2 DOCUMENTS

                                 Eldholm Post

                          March 5, 2024 Tuesday
                              Final Edition

Harbour board votes to
dredge

BYLINE: By Ada Berg

SECTION: NEWS; Pg. 4
LENGTH: 112 words

The harbour board of Eldholm voted on Tuesday to dredge the northern
channel this winter.

{END[:50]}
{END[50:].strip()}

LOAD-DATE: March 6, 2024

Copyright 2024 Eldholm Post
All Rights Reserved

                               2 of 2 DOCUMENTS

                                 Coast Herald

                                 June 8, 2023

Cannery to close

LENGTH: 60 words

{OTHER[:60]}
{OTHER[60:].strip()}
"""
NEXIS_UNI = f"""
1. Harbour board votes to dredge
Client/Matter: -None-

Harbour board votes to dredge

Eldholm Post

March 5, 2024 Tuesday

Copyright 2024 Eldholm Post All Rights Reserved

Section: NEWS; Pg. 4
Length: 112 words
Byline: Ada Berg

Body

{LEAD}

{END}

Graphic

A ferry at the quay of the town, which is not part of the article.

Load-Date: March 6, 2024

End of Document

Cannery to close

Coast Herald

June 8, 2023

Length: 60 words

Body

{OTHER}

Classification

Language: ENGLISH

End of Document
"""
FACTIVA = f"""
News
Harbour board votes to dredge
By Ada Berg
112 words
5 March 2024
09:30
Eldholm Post
ELDP
English
Copyright 2024 Eldholm Post. All rights reserved.

{LEAD}

{END}

Document ELDP000020240305ek350001a

Cannery to close
60 words
8 June 2023
Coast Herald
CHER
English
(c) 2023 Coast Herald

{OTHER}

Document CHER000020230608ej680002b

Search Summary
"""
FACTIVA_CODED = f"""
HD  Harbour board votes to dredge
BY  By Ada Berg
WC  112 words
PD  5 March 2024
SN  Eldholm Post
LP
{LEAD}

TD
{END}

NS
cport : Ports
AN
Document ELDP000020240305ek350001a

HD
Cannery to close
PD
8 June 2023
SN
Coast Herald
LP
{OTHER}
AN
Document CHER000020230608ej680002b
"""
PROQUEST = f"""
____________________________________________________________

Document 1 of 2

Harbour board votes to dredge

Author: Ada Berg

Abstract: None available.

Full text: {LEAD}

{END}

Subject: Harbours

Publication title: Eldholm Post

Publication date: Mar 5, 2024

____________________________________________________________

Document 2 of 2

Cannery to close

Full text: {OTHER}

Publication title: Coast Herald

Publication date: Jun 8, 2023
"""


def read(text: str) -> list[ExtractedArticle]:
    return list(TextReader().read(io.BytesIO(text.encode()), ItemContext("a.txt")))


def fields(article: ExtractedArticle) -> tuple[str, ...]:
    return (article.title, article.publisher, article.author, article.published)


@pytest.mark.parametrize(
    "export",
    [NEXIS, NEXIS_UNI, FACTIVA, FACTIVA_CODED, PROQUEST],
    ids=["Nexis", "Nexis Uni", "Factiva", "Factiva with codes", "ProQuest"],
)
def test_each_document_is_an_article(export: str) -> None:
    first, second = read(export)
    assert fields(first) == (
        "Harbour board votes to dredge",
        "Eldholm Post",
        "Ada Berg",
        "2024-03-05",
    )
    assert first.paragraphs == (LEAD, END)
    assert fields(second) == ("Cannery to close", "Coast Herald", "", "2023-06-08")
    assert second.paragraphs == (OTHER,)


def test_a_hyphen_at_the_end_of_a_line_is_that_of_the_word() -> None:
    text = NEXIS.replace("to dredge the northern\nchannel", "on a two-\nyear plan for the channel")
    assert "on a two-year plan" in read(text)[0].paragraphs[0]


def test_a_paragraph_may_begin_like_a_field() -> None:
    text = NEXIS_UNI.replace(END, "Section: this word begins a paragraph of the article too.")
    assert read(text)[0].paragraphs[1].startswith("Section: this word")


@pytest.mark.parametrize(
    "text",
    [
        f"{LEAD}\n\n1 of 2\n\n{END}",
        f"{LEAD}\n\nDocument 7\n\n{END}",
        f"HD is high definition.\n\n{LEAD}\n\n{END}",
        f"{LEAD}\n\nWords: 112 words\n\n{END}",
    ],
)
def test_other_texts_are_one_article(text: str) -> None:
    [article] = read(text)
    assert LEAD in article.paragraphs


async def test_documents_of_a_file_are_indexed(folder: Path) -> None:
    path = folder / "export.txt"
    path.write_text(NEXIS)
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        done = await engine.reindex()
        assert (done.added, done.skipped) == (2, ())
        assert [one.id for one in engine.searcher.articles] == ["export", "export:2"]
        path.write_text(NEXIS.replace("300", "200"))
        done = await engine.reindex()
        assert (done.added, done.changed, done.removed) == (0, 1, 0)
