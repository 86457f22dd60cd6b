"""PDF: lines become paragraphs, in the order of reading."""

import random
from pathlib import Path

import pytest

import documents
from bot import phrases
from index import MEMORY, Source, open_engine
from index.errors import CoverageError
from index.sources.extraction.pdf import read_pdf

WORDS = (
    "harbour", "board", "ferry", "quay", "crowns", "lorry", "embankment", "winter", "channel",
    "council", "budget", "railway", "storm", "herring", "bridge", "pylon", "repair", "bolts",
    "mayor", "town", "price", "of", "and", "to", "with", "has", "will", "said", "two-year",
)  # fmt: skip


def text(seed: int, sentences: int = 3) -> str:
    chance = random.Random(seed)  # noqa: S311 - the same each time
    lines = (" ".join(chance.choices(WORDS, k=chance.randint(8, 20))) for _ in range(sentences))
    return " ".join(f"{line.capitalize()}." for line in lines)


TEXTS = [text(seed) for seed in range(12)]


def test_paragraphs_of_one_column_across_pages() -> None:
    pages = [documents.column(TEXTS[:3]), documents.column(TEXTS[3:6])]
    assert read_pdf(documents.pdf(pages)).paragraphs == tuple(TEXTS[:6])


@pytest.mark.parametrize("chars", [30, 42])
def test_columns_are_read_one_after_the_other(chars: int) -> None:
    left = documents.column(TEXTS[:4], chars=chars)
    right = documents.column(TEXTS[4:8], left=310, chars=chars)
    by_row = sorted([*left, *right], key=lambda line: -line[1])
    for lines in ([*left, *right], by_row):
        assert read_pdf(documents.pdf([lines])).paragraphs == tuple(TEXTS[:8])


def test_a_headline_across_the_columns_comes_first() -> None:
    lines = [
        *documents.column(TEXTS[:3], top=700, chars=40),
        *documents.column(TEXTS[3:6], left=310, top=700, chars=40),
        (50, 760, 24, "Harbour board votes to dredge the channel"),
    ]
    article = read_pdf(documents.pdf([lines]))
    assert article.title == "Harbour board votes to dredge the channel"
    assert article.paragraphs == tuple(TEXTS[:6])


def test_a_paragraph_goes_on_in_the_next_column_and_page() -> None:
    first, second = TEXTS[0], TEXTS[1]
    cut = first.index(" ", 150)
    pages = [documents.column([first[:cut]]), documents.column([first[cut + 1 :], second])]
    assert read_pdf(documents.pdf(pages)).paragraphs == (first, second)


def test_words_across_lines() -> None:
    lines: list[documents.PrintedLine] = [
        (50, 700, 10, "The recon-"),
        (50, 688, 10, "struction of the bridge follows a two-"),
        (50, 676, 10, "year plan of the town, two years late."),
    ]
    lines += documents.column(["A year has twelve months here."], top=640)
    [first, _] = read_pdf(documents.pdf([lines])).paragraphs
    assert first == (
        "The reconstruction of the bridge follows a two-year plan of the town, two years late."
    )


def test_heads_and_feet_are_left_out() -> None:
    pages = [
        [
            (50, 820, 8, "Eldholm Post, 5 March 2024"),
            *documents.column(TEXTS[3 * page : 3 * page + 3]),
            (280, 20, 8, f"Page {page + 1} of 3"),
        ]
        for page in range(3)
    ]
    article = read_pdf(documents.pdf(pages))
    assert article.paragraphs == tuple(TEXTS[:9])
    assert [one.text for one in article.blocks if one.left_out.startswith("a head or foot")] == [
        "Eldholm Post, 5 March 2024", "Page 1 of 3", "Page 2 of 3", "Page 3 of 3",
    ]  # fmt: skip


def test_a_printed_web_page_has_its_address() -> None:
    lines = [
        (30, 820, 8, "3/5/24, 10:11 AM"),
        *documents.column(TEXTS[:2]),
        (30, 20, 8, "https://eldholm.example/piers"),
        (560, 20, 8, "1/1"),
    ]
    article = read_pdf(documents.pdf([lines]))
    assert article.url == "https://eldholm.example/piers"
    assert article.paragraphs == tuple(TEXTS[:2])


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        ("Harbour board votes", "Ada Berg", ("Harbour board votes", "Ada Berg")),
        ("Microsoft Word - piers.doc", "aberg", ("", "")),
        ("piers_final.indd", "", ("", "")),
    ],
)
def test_title_and_author(title: str, author: str, expected: tuple[str, str]) -> None:
    article = read_pdf(documents.pdf([documents.column(TEXTS[:2])], title, author))
    assert (article.title, article.author) == expected


def test_each_paragraph_has_its_page() -> None:
    pages = [documents.column(TEXTS[:2]), [], documents.column(TEXTS[2:4])]
    article = read_pdf(documents.pdf(pages))
    assert [block.page for block in article.blocks] == [1, 1, 3, 3]
    assert article.pages == (1, 3, 3)


async def test_an_answer_names_the_page(folder: Path) -> None:
    lines = documents.column(["The ferry of Eldholm sails at nine from the old quay."])
    other = documents.column(["A cannery in Holmvik closes in July, its owner said."])
    (folder / "a.pdf").write_bytes(documents.pdf([other, lines]))
    (folder / "coverage.toml").write_text(
        '[[article]]\nfile = "a.pdf"\nurl = "https://eldholm.example/a.pdf"\n'
    )
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        await engine.reindex()
        [hit, *_] = (await engine.ask("When does the ferry of Eldholm sail?")).hits
    assert hit.passage.page == 2
    assert hit.link.startswith("https://eldholm.example/a.pdf#page=2:~:text=")
    assert phrases.citation(hit).startswith("page 2 · paragraph 2 of 2")


@pytest.mark.parametrize("pages", [[], [[]], [[(50, 700, 10, " ")]]])
def test_pages_without_text_are_told(pages: list[list[documents.PrintedLine]]) -> None:
    with pytest.raises(CoverageError, match=r"OCR|damaged"):
        read_pdf(documents.pdf(pages))


def test_a_long_document_is_read_in_part_and_that_is_told() -> None:
    article = read_pdf(documents.pdf([[(50, 700, 10, f"Piers {'a' * n}.")] for n in range(302)]))
    assert article.problems == ("its last 2 pages are not read; split it",)
