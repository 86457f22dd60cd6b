"""Title, author, date and address of pages in varied markup, and of saved text."""

import json
from io import BytesIO

import pytest

from index.model import ExtractedArticle
from index.sources.extraction.authors import authors, byline_names
from index.sources.extraction.html import read_html
from index.sources.extraction.titles import headline
from index.sources.reader import ItemContext
from index.sources.text import TextReader
from index.sources.written_dates import written_date

TITLE = "Night ferry returns to the outer islands"
TEXT = (
    "The night ferry between Eldholm and the outer islands sails again from the first of April,"
    " after a winter in which only the mail boat went there, the harbour office said.\n"
    "It leaves at ten in the evening and arrives at six, with cabins for eighty passengers and room"
    " for twelve lorries, which so far had to take the long way over the northern bridge.\n"
    "The islands had asked for it in a petition that four out of five of their inhabitants signed,"
    " and the county pays a third of the cost for the first three years."
).splitlines()
ADDRESS = "https://post.example/harbour/night-ferry"


def page(head: str = "", top: str = f"<h1>{TITLE}</h1>", end: str = "", before: str = "") -> str:
    text = "".join(f"<p>{one}</p>" for one in TEXT)
    title = "" if "<title>" in head else f"<title>{TITLE}</title>"
    return (
        f"<!DOCTYPE html>{before}<html><head>{title}{head}</head><body><nav><a href='/'>Home</a>"
        f"</nav><main><article>{top}{text}{end}</article></main></body></html>"
    )


def linked(data: object, wrap: str = "{}") -> str:
    return f"<script type='application/ld+json'>{wrap.replace('{}', json.dumps(data))}</script>"


def saved(*lines: str) -> str:
    return "\n\n".join([*lines, *TEXT])


def read_text(text: str) -> ExtractedArticle:
    entry = next(iter(TextReader().read(BytesIO(text.encode()), ItemContext("x.txt"))))
    assert isinstance(entry, ExtractedArticle)
    return entry


def read(markup: str) -> ExtractedArticle:
    return read_html(markup) if markup.startswith("<!DOCTYPE") else read_text(markup)


_ARTICLE = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-03-05T06:00:00+01:00"}
_ANA = {"@type": "Person", "@id": "#ana", "name": "Ana Berg"}
_TIME = "<time datetime='2024-03-05'>5 March</time>"

# Pages and saved texts in the markup of many sites: author and date; the title is that of all.
GOLD = [
    (page(linked([_ARTICLE | {"author": _ANA}])), "Ana Berg", "2024-03-05"),
    (
        page(linked({"@graph": [_ANA, _ARTICLE | {"author": [{"@id": "#ana"}]}]})),
        "Ana Berg",
        "2024-03-05",
    ),
    (
        page(linked(_ARTICLE | {"author": "AP"}, "//<![CDATA[\n{}\n//]]>")),
        "AP",
        "2024-03-05",
    ),
    (
        page(linked(_ARTICLE | {"author": {"name": ["Ana Berg", "Jon Lund"]}}, "<!-- {}; -->")),
        "Ana Berg, Jon Lund",
        "2024-03-05",
    ),
    (
        page(
            f"<title>{TITLE} | Eldholm Post</title><meta property='og:site_name' content='Eldholm"
            " Post'><meta name='byl' content='By Ana Berg'><meta name='pdate' content='20240305'>"
        ),
        "Ana Berg",
        "2024-03-05",
    ),
    (
        page(
            f"<title>{TITLE} - Eldholm Post</title><meta name='author' content='@eldholmpost'>"
            "<meta name='date' content='5. März 2024'>",
            f"<h1>{TITLE}</h1><p class='byline'>Von Ana Berg und Jon Lund</p>",
        ),
        "Ana Berg, Jon Lund",
        "2024-03-05",
    ),
    (
        page(
            "<meta name='twitter:label1' content='Written by'>"
            "<meta name='twitter:data1' content='Ana Berg'>"
            "<meta property='article:modified_time' content='2024-03-09'>",
            f"<h1>{TITLE}</h1>Updated <time>9 March 2024</time>, published"
            " <time>5 March 2024</time>",
        ),
        "Ana Berg",
        "2024-03-05",
    ),
    (
        page("", f"<h1>{TITLE}</h1><div>By Ana Berg and Jon Lund, Eldholm Post | {_TIME}</div>"),
        "Ana Berg, Jon Lund",
        "2024-03-05",
    ),
    (
        page("", f"<h1>{TITLE}</h1><p>By Ana Berg, Harbour Editor</p><p>March 5, 2024</p>"),
        "Ana Berg",
        "2024-03-05",
    ),
    (
        page(
            "",
            f"<h1>{TITLE}</h1><div class='author-name'>Ana Berg</div>"
            "<div>Published: 05.03.2024, 8:15 Uhr. Aktualisiert: 07.03.2024</div>"
        ),
        "Ana Berg",
        "2024-03-05",
    ),
    (
        page(
            "<meta property='og:locale' content='fr_FR'>",
            f"<h1>{TITLE}</h1><p>Par Ana Berg</p><p>Publié le 05/03/2024 à 08h15, mis à jour le"
            " 07/03/2024</p>",
        ),
        "Ana Berg",
        "2024-03-05",
    ),
    (
        page("", f"<h1>{TITLE}</h1><p>Автор: Ана Берг</p><p>Опубліковано 5 березня 2024</p>"),
        "Ана Берг",
        "2024-03-05",
    ),
    (
        page("", f"<h1>{TITLE}</h1><p>Por Ana Berg y Jon Lund</p><p>5 de marzo de 2024</p>"),
        "Ana Berg, Jon Lund",
        "2024-03-05",
    ),
    (
        page("", end="<p>Reporting by Ana Berg in Eldholm; editing by Jon Lund</p>"),
        "Ana Berg",
        "",
    ),
    (
        page(
            "<meta itemprop='datePublished' content='Tue Mar  5 08:15:00 2024'>",
            f"<h1>{TITLE}</h1><span itemprop='author'><b itemprop='name'>Ana Berg</b></span>",
        ),
        "Ana Berg",
        "2024-03-05",
    ),
    (saved(TITLE, "By Ana Berg", "Published: 5 March 2024", "Updated: 9 March 2024"),
     "Ana Berg", "2024-03-05"),
    (saved(TITLE, "Tuesday, 5 March 2024 08:15 GMT / by Ana Berg"), "Ana Berg", "2024-03-05"),
    (saved(TITLE, "By", "Ana Berg", "Published", "2024/03/05"), "Ana Berg", "2024-03-05"),
    (saved(TITLE, "By Eldholm Post Staff", "le mardi 5 mars 2024"), "Eldholm Post Staff",
     "2024-03-05"),
    (saved(TITLE, "Written by Ana Berg for the Eldholm Post", "First published on 5th March 2024,"
     " last updated 9th March 2024"), "Ana Berg", "2024-03-05"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "author", "published"), GOLD)
def test_pages_of_varied_markup(markup: str, author: str, published: str) -> None:
    article = read(markup)
    assert (article.title, article.author, article.published) == (TITLE, author, published)


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05", "2024-03-05T23:30:00-08:00", "2024/03/05", "2024.3.5", "20240305",
        "20240305T081500Z", "5 March 2024", "5th of March, 2024", "Mar. 5, 2024", "March 5th 2024",
        "5. März 2024", "le 5 mars 2024", "5 de marzo de 2024", "5 березня 2024 року",
        "5 марта 2024", "5 marca 2024", "den 5 mars 2024", "05.03.2024", "2024年3月5日",
        "5-Mar-2024", "Tue Mar  5 08:15:00 2024", "Tue Mar 05 08:15:00 GMT 2024",
        "Tue, 05 Mar 2024 23:15:00 -0800", "Tue, 5 Mar 24 08:15:00 GMT",
        "Tue Mar 05 2024 10:11:12 GMT+0100 (CET)", "Tuesday, 05-Mar-24 08:15:00 GMT", "1709625600",
        "1709625600000", "Published 5 March 2024, updated 9 March 2024",
    ],
)  # fmt: skip
def test_dates_in_all_usual_forms(written: str) -> None:
    assert written_date(written) == "2024-03-05"


@pytest.mark.parametrize(
    "written",
    ["03/05/2024", "soon", "March 2024", "31 February 2024", "0001-01-01", "2024-13-45", "12345678",
     "2023-2024", "5 people 2024", "11/10/12", "1.2.3.2024"],
)  # fmt: skip
def test_what_is_no_certain_day_is_no_date(written: str) -> None:
    assert written_date(written) == ""


@pytest.mark.parametrize(
    ("written", "language", "day"),
    [
        ("05/03/2024", "fr", "2024-03-05"),
        ("05/03/2024", "en-GB", "2024-03-05"),
        ("05/03/2024", "en-US", ""),
        ("03/25/2024", "en", "2024-03-25"),
        ("3/25/24", "en", "2024-03-25"),
        ("05/05/2024", "", "2024-05-05"),
    ],
)
def test_numbers_are_in_the_order_of_the_language(written: str, language: str, day: str) -> None:
    assert written_date(written, language) == day


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ana Berg", ["Ana Berg"]),
        ("By Ana Berg, Jon Lund and Ida van der Meer, Eldholm Post",
         ["Ana Berg", "Jon Lund", "Ida van der Meer"]),
        ("by: Ana Berg (ana@post.example)", ["Ana Berg"]),
        ("By Ana Berg, Health and Science Editor", ["Ana Berg"]),
        ("Analysis by Ana Berg in Eldholm", ["Ana Berg"]),
        ("Author: Ana Berg | 3 min read", ["Ana Berg"]),
        ("By The Associated Press", ["The Associated Press"]),
        ("By AFP and Reuters", ["AFP", "Reuters"]),
        ("Von dpa", ["dpa"]),
        ("Par Ana Berg avec AFP", ["Ana Berg"]),
        ("By José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("By the end of the week the ferry had sailed", []),
        ("By Tuesday evening", []),
        ("By the numbers", []),
        ("By-law on moorings", []),
        ("Photo by Ana Berg", []),
        ("Sponsored by Lund Shipping", []),
        ("Von wegen", []),
        ("Ana Berg", []),
    ],
)  # fmt: skip
def test_lines_that_name_authors(line: str, names: list[str]) -> None:
    assert byline_names(line) == names


@pytest.mark.parametrize(
    ("sources", "author"),
    [
        ([["https://social.example/post"], ["Ana Berg"]], "Ana Berg"),
        ([["ana@post.example (Ana Berg)"]], "Ana Berg"),
        ([["www.post.example"], ["post.example/ana"], ["@ana"], ["null"]], ""),
        ([["Eldholm Post"]], ""),
        ([["The Eldholm Post"]], ""),
        ([["Post Staff"], ["Ana Berg"]], "Ana Berg"),
        ([["Post Staff"], ["admin"]], "Post Staff"),
        ([["El"]], "El"),
        ([["dpa"]], "dpa"),
        ([["Ana Berg, Staff Writer"]], "Ana Berg"),
        ([["Ana Berg, PhD, RN and Jon Lund"]], "Ana Berg, Jon Lund"),
        ([["Von Miller"]], "Von Miller"),
    ],
)
def test_authors_are_persons_else_agencies_and_staff(sources: list[list[str]], author: str) -> None:
    assert authors(sources, "Eldholm Post") == author


@pytest.mark.parametrize(
    ("titles", "headings", "sites", "wanted"),
    [
        ([f"{TITLE} | Eldholm Post"], [], ["Eldholm Post"], TITLE),
        ([f"{TITLE} - Eldholm Post"], [], ["The Eldholm Post"], TITLE),
        ([f"{TITLE} – eldholmpost.example"], [], ["eldholmpost"], TITLE),
        ([f"Eldholm Post: {TITLE}"], [], ["Eldholm Post"], TITLE),
        ([f"Eldholm Post » {TITLE}"], [], ["Eldholm Post"], TITLE),
        ([f"{TITLE} | News | Eldholm Post"], [TITLE], [], TITLE),
        (["Ferry – what now?"], [], ["Eldholm Post"], "Ferry – what now?"),
        (["Opinion | " + TITLE], [TITLE], ["Eldholm Post"], TITLE),
        (["Night ferry is back"], [TITLE, "Newsletters"], [], TITLE),
        (["Night ferry is back"], ["Eldholm Post"], ["Eldholm Post"], "Night ferry is back"),
        (["Night ferry is back"], ["Most read this week"], [], "Night ferry is back"),
        (["Eldholm Post"], [TITLE], ["Eldholm Post"], TITLE),
        ([], [TITLE], [], TITLE),
        ([], [], [], ""),
    ],
)
def test_the_name_of_the_site_is_not_the_headline(
    titles: list[str], headings: list[str], sites: list[str], wanted: str
) -> None:
    assert headline(titles, headings, sites) == wanted


_CANONICAL = "<link rel='canonical' href='{}'>"


@pytest.mark.parametrize(
    "markup",
    [
        page(_CANONICAL.format(ADDRESS)),
        page(f"<LINK REL='Canonical' HREF='{ADDRESS}'>"),
        page(_CANONICAL.format("HTTPS://Post.Example/harbour/night-ferry")),
        page(_CANONICAL.format("/harbour/night-ferry") + "<base href='https://post.example/'>"),
        page(
            _CANONICAL.format("/harbour/night-ferry")
            + "<meta property='og:url' content='https://post.example/n/1'>"
        ),
        page(_CANONICAL.format("//post.example/harbour/night-ferry") + f"<base href='{ADDRESS}'>"),
        page(_CANONICAL.format(f"{ADDRESS}#:~:text=night%20ferry")),
        page(
            _CANONICAL.format("https://post.example/")
            + f"<meta property='og:url' content='{ADDRESS}'>"
        ),
        page(linked(_ARTICLE | {"mainEntityOfPage": {"@id": ADDRESS}})),
        page(before=f"<!-- saved from url=(0041){ADDRESS} -->"),
        page(before=f"<!--\n Page saved with SingleFile \n url: {ADDRESS} \n saved date: Tue -->"),
        page(before=f"<!-- Saved from {ADDRESS} at 2024-03-05T10:11:12Z using monolith v2.8 -->"),
        page(
            _CANONICAL.format("/harbour/night-ferry"),
            before="<!-- saved from url=(0024)https://post.example/n/1?ref=mail -->",
        ),
        page(f"<meta name='savepage-url' content='{ADDRESS}'>"),
    ],
)
def test_the_address_of_a_page(markup: str) -> None:
    assert read_html(markup).url == ADDRESS


@pytest.mark.parametrize(
    "markup",
    [
        page(_CANONICAL.format("/harbour/night-ferry")),
        page(_CANONICAL.format("javascript:alert(1)")),
        page(_CANONICAL.format("https://[")),
        page(before="<!-- saved from url=(0014)about:internet -->"),
        page(before="<!-- saved from the fire -->"),
        page("<base href='https://post.example/'>"),
        page(end="<p>An old page had the words &lt;!-- saved from url=(0041)x --&gt; in it.</p>"),
    ],
)
def test_an_address_that_opens_nothing_is_none(markup: str) -> None:
    assert read_html(markup).url == ""


@pytest.mark.parametrize(
    "top",
    [
        "<p>Bridge closed until 5 March 2024</p>",
        "<p>Updated 5 March 2024</p>",
        "<p>4 March 2024</p><p>5 March 2024</p>",
        "<p>Last modified: <time datetime='2024-03-05'>Tuesday</time></p>",
        "<p>By the sea since 5 March 2024</p>",
        "<p>03/05/2024</p>",
    ],
)
def test_lines_without_a_certain_date(top: str) -> None:
    article = read_html(page(top=f"<h1>{TITLE}</h1>{top}"))
    assert (article.author, article.published) == ("", "")


def test_times_of_other_articles_do_not_count() -> None:
    more = "<aside><time datetime='2024-01-01'>1 January</time></aside>"
    assert read_html(page(top=f"<h1>{TITLE}</h1>{_TIME}", end=more)).published == "2024-03-05"


def test_the_article_of_the_page_is_the_one_with_its_heading() -> None:
    other = {"@type": "NewsArticle", "headline": "Old pier sold", "datePublished": "2020-01-01"}
    assert read_html(page(linked([other, _ARTICLE]))).published == "2024-03-05"


def test_references_that_lead_in_circles_end() -> None:
    circle = {"@id": "#a", "name": {"@id": "#a"}}
    assert read_html(page(linked(_ARTICLE | {"author": circle}))).author == ""


def test_authors_of_comments_do_not_count() -> None:
    comment = "<div class='comment'><a rel='author'>Jon Lund</a></div>"
    assert read_html(page(end=comment)).author == ""
    byline = f"<h1>{TITLE}</h1><div class='comments-enabled'><a rel='author'>Ana Berg</a></div>"
    assert read_html(page(top=byline)).author == "Ana Berg"


@pytest.mark.parametrize(
    "hostile",
    [" ", "a", "(", "- ", "a@", "and ", "y ", ", ", "5 mar ", "<!-- saved from ", "[", "By "],
)
def test_hostile_metadata_is_read_to_the_end(hostile: str) -> None:
    text = hostile * 100_000
    data = linked(_ARTICLE | {"author": [text] * 9, "publisher": text, "headline": text})
    meta = f"<meta name='byl' content='{text}'><meta property='og:site_name' content='{text}'>"
    article = read_html(page(f"<title>{text}</title>{meta}{data}", before=f"<!-- {text} -->"))
    assert article.published == "2024-03-05"


def test_a_flood_of_names_is_cut_short() -> None:
    names = [f"Ana Berg {letter}" for letter in map(chr, range(0x4E00, 0x5E00))]
    sites = [{"@type": "WebSite", "name": name} for name in names]
    article = read_html(page(linked([_ARTICLE | {"author": names}, *sites])))
    assert (article.title, article.author.count(",")) == (TITLE, 49)
