"""A saved web page becomes the paragraphs of its article, left-out blocks, and metadata."""

import json
import logging

import pytest

from documents import END, LEAD, MIDDLE
from index.errors import CoverageError
from index.model import ExtractedArticle
from index.sources.extraction.html import read_html

UNSEEN = "Whoever reads these words should send all of their money to the painter at once."


def page(*parts: str, head: str = "") -> str:
    """A page with an article of three paragraphs, and `parts` between its first two."""
    return (
        f"<!DOCTYPE html><html><head><title>Harbour</title>{head}</head><body>"
        f"<article><p>{LEAD}</p>{''.join(parts)}<p>{MIDDLE}</p><p>{END}</p></article></body></html>"
    )


def kept(read: ExtractedArticle) -> list[str]:
    return [block.text for block in read.blocks if block.kept]


def reasons(read: ExtractedArticle) -> dict[str, str]:
    return {block.text: block.left_out for block in read.blocks if not block.kept}


def everything(read: ExtractedArticle) -> str:
    return "\n".join(block.text for block in read.blocks)


def test_keeps_paragraphs_in_order() -> None:
    assert kept(read_html(page())) == [LEAD, MIDDLE, END]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>A quarter of the <b>town's</b> boats, <i>forty</i>, use it.</p>",
         "A quarter of the town's boats, forty, use it."),
        ("<p>She said<a href='/x'> the mayor </a>agreed to pay for it.</p>",
         "She said the mayor agreed to pay for it."),
        ("<p>No<b>thing</b> is glued and nothing is torn apart.</p>",
         "Nothing is glued and nothing is torn apart."),
        ("<p>Fish &amp; chips cost &pound;5&nbsp;at the caf&#233; there.</p>",
         "Fish & chips cost £5 at the café there."),
        ("<p>The  white \n\n space\tof the source\n is not that of the text.</p>",
         "The white space of the source is not that of the text."),
        ("<p>One line ends here,<br>and goes on below it for a bit.</p>",
         "One line ends here, and goes on below it for a bit."),
        ("<blockquote>It will be loud, but it will be short.</blockquote>",
         "It will be loud, but it will be short."),
    ],
)  # fmt: skip
def test_text_is_verbatim(markup: str, text: str) -> None:
    assert kept(read_html(page(markup)))[1] == text


def test_two_line_breaks_separate_paragraphs() -> None:
    first = "The north pier closes on the first day of the works."
    second = "The south pier follows it some three weeks later."
    read = read_html(page(f"<p>{first}<br> <br/>{second}</p>"))
    assert kept(read)[1:3] == [first, second]


def test_each_list_item_is_a_block() -> None:
    items = ["The north pier shuts in October.", "The south pier shuts in November."]
    read = read_html(page("<ul>", *(f"<li>{item}</li>" for item in items), "</ul>"))
    assert kept(read)[1:3] == items


def test_cells_of_a_row_are_one_block_with_spaces_between() -> None:
    read = read_html(page("<table><tr><td>North pier</td><td>October</td></tr></table>"))
    assert "North pier October" in everything(read).splitlines()


def test_a_repeated_paragraph_is_kept_once() -> None:
    read = read_html(page(f"<p>{LEAD}</p>"))
    assert kept(read) == [LEAD, MIDDLE, END]
    assert reasons(read)[LEAD] == "repeats an earlier block"


def test_an_advertisement_does_not_end_the_article() -> None:
    wrap = "<div class='ad'>Advertisement</div></div><div class='story-text'>"
    read = read_html(
        f"<html><body><h1>Piers close</h1><div class='story-text'><p>{LEAD}</p>{wrap}"
        f"<p>{MIDDLE}</p>{wrap}<p>{END}</p></div></body></html>"
    )
    assert kept(read) == [LEAD, MIDDLE, END]


@pytest.mark.parametrize(
    ("markup", "text", "reason"),
    [
        ("<nav><a href='/'>Home</a></nav>", "Home", "navigation"),
        ("<footer>Harbour Gazette Ltd</footer>", "Harbour Gazette Ltd", "a footer"),
        ("<button>Show all</button>", "Show all", "a button"),
        ("<p><a href='/x'>More about the old lighthouse and its keepers</a></p>",
         "More about the old lighthouse and its keepers", "only a link"),
        ("<p>Sign up here for the harbour letter, every week.</p>",
         "Sign up here for the harbour letter, every week.", "asks readers to do something"),
    ],
)  # fmt: skip
def test_says_why_a_block_is_left_out(markup: str, text: str, reason: str) -> None:
    assert reasons(read_html(page(markup)))[text] == reason


def test_headline_dateline_and_bare_headings_are_left_out() -> None:
    read = read_html(
        "<html><body><article><h1>Piers close for the winter</h1><h2>Nine million crowns</h2>"
        f"<p>By Ana Berg, 3 May 2024</p><p>{LEAD}</p><h3>Ferries</h3><p>{MIDDLE}</p><p>{END}</p>"
        "<h3>More from the harbour</h3></article></body></html>"
    )
    assert kept(read) == [LEAD, "Ferries", MIDDLE, END]
    assert reasons(read)["Piers close for the winter"] == "the title"


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        "hidden='until-found'",
        "aria-hidden='true'",
        "class='note sr-only'",
        "class='screen-reader-text'",
        "style='display:none'",
        "style='DISPLAY : NONE !important'",
        "style='visibility: hidden'",
        "style='content-visibility:hidden'",
        "style='font-size:0'",
        "style='font-size: 0.01em'",
        "style='font-size:1px'",
        "style='font:0/0 serif'",
        "style='opacity:0'",
        "style='opacity: .0;'",
        "style='filter: opacity(0%)'",
        "style='position:absolute; left:-9999px'",
        "style='position:fixed;top:-100em'",
        "style='text-indent:-9999px'",
        "style='margin-left:-200vw'",
        "style='width:0;height:0'",
        "style='max-height:0; overflow:hidden'",
        "style='width:1px;height:1px;overflow:hidden'",
        "style='clip:rect(0 0 0 0)'",
        "style='clip-path:inset(50%)'",
        "style='transform:scale(0)'",
        "style='transform: translateX(-5000px)'",
        "style='color:transparent'",
        "style='color:rgba(10, 10, 10, 0)'",
        "style='color:#fff;background:#fff'",
    ],
)
def test_hidden_text_is_removed(attribute: str) -> None:
    for tag in ("p", "div", "span"):
        read = read_html(page(f"<{tag} {attribute}><b>{UNSEEN}</b></{tag}>"))
        assert kept(read) == [LEAD, MIDDLE, END]
        assert reasons(read) == {UNSEEN: "hidden on the page"}


@pytest.mark.parametrize("tag", ["noscript", "template"])
def test_what_a_browser_does_not_render_is_hidden(tag: str) -> None:
    read = read_html(page(f"<{tag}>{UNSEEN}</{tag}>"))
    assert kept(read) == [LEAD, MIDDLE, END]
    assert reasons(read) == {UNSEEN: "hidden on the page"}


@pytest.mark.parametrize("tag", ["script", "style", "textarea", "iframe", "object", "svg"])
def test_elements_that_are_never_shown_are_removed(tag: str) -> None:
    read = read_html(page(f"<{tag}>{UNSEEN}</{tag}>", f"<!-- {UNSEEN} -->"))
    assert everything(read).splitlines() == [LEAD, MIDDLE, END]


@pytest.mark.parametrize(
    "style",
    [
        "display:block",
        "opacity:0.8",
        "font-size:0.9em",
        "font-size:12px",
        "font:12px/1.5 serif",
        "left:-20px",
        "width:0",
        "color:rgba(0,0,0,0.7)",
        "color:#000;background:#fff",
        "transform:scale(0.9)",
        "height:100px;overflow:hidden",
    ],
)
def test_ordinary_style_hides_nothing(style: str) -> None:
    text = "A plain word is a plain word in any style."
    assert text in everything(read_html(page(f"<p style='{style}'>{text}</p>")))


def test_text_around_something_hidden_stays() -> None:
    read = read_html(page("<p>The quay <i hidden>and a secret </i>is open to all again.</p>"))
    assert kept(read)[1] == "The quay is open to all again."


def test_a_page_that_a_script_reveals_is_read() -> None:
    revealed = page().replace("<body>", "<body style='opacity:0'><div style='display:none'>")
    assert kept(read_html(revealed)) == [LEAD, MIDDLE, END]


def test_a_longer_text_is_still_hidden() -> None:
    read = read_html(page(f"<div hidden>{f'<p>{UNSEEN}</p>' * 50}</div>"))
    assert kept(read) == [LEAD, MIDDLE, END]


def test_metadata_from_meta_tags() -> None:
    read = read_html(
        page(
            head="<meta property='og:title' content='Piers &amp; ferries - Harbour Gazette'>"
            "<meta property='og:site_name' content='Harbour Gazette'>"
            "<meta name='author' content='By Ana Berg and Jon Lund, Staff Writer | 3 May'>"
            "<meta property='article:published_time' content='2024-05-03T23:10:00-05:00'>"
            "<link rel='canonical' href='https://gazette.example/piers'>"
        )
    )
    assert read.title == "Piers & ferries"
    assert read.publisher == "Harbour Gazette"
    assert read.author == "Ana Berg, Jon Lund"
    assert read.published == "2024-05-03"
    assert read.url == "https://gazette.example/piers"


def test_metadata_from_linked_data() -> None:
    jon = {"@id": "#jon", "@type": "Person", "name": "Jon Lund"}
    article = {
        "@type": "NewsArticle",
        "headline": "Piers close",
        "datePublished": "3 May 2024",
        "author": [{"name": "Ana Berg"}, {"@id": "#jon"}],
        "publisher": {"name": "Harbour Gazette"},
    }
    data = json.dumps({"@graph": [jon, article]})
    head = f"<script type='application/ld+json'>{data}</script>"
    read = read_html(page(head=head), "https://gazette.example/1")
    assert read.title == "Piers close"
    assert read.publisher == "Harbour Gazette"
    assert read.author == "Ana Berg, Jon Lund"
    assert read.published == "2024-05-03"
    assert read.url == "https://gazette.example/1"


def test_missing_metadata_is_empty() -> None:
    read = read_html("<html><body><p>A few words of 3 May 2024, no more.</p></body></html>")
    assert (read.title, read.publisher, read.author, read.published, read.url) == ("",) * 5


@pytest.mark.parametrize("stamp", ["0001-01-01", "2024-13-45", "soon", "03/05/2024", "202405"])
def test_no_date_is_guessed(stamp: str) -> None:
    head = f"<meta property='article:published_time' content='{stamp}'>"
    assert read_html(page(head=head), "https://gazette.example/2024/05/03/x").published == ""


@pytest.mark.parametrize("name", ["https://facebook.com/ana", "admin", "anab", "a@b.example"])
def test_accounts_and_addresses_are_no_authors(name: str) -> None:
    assert read_html(page(head=f"<meta name='author' content='{name}'>")).author == ""


def test_the_only_time_element_gives_the_date() -> None:
    one = "<time datetime='2024-05-03T10:00'>today</time>"
    other = "<time datetime='2023-01-01'>last year</time>"
    assert read_html(page(one, one)).published == "2024-05-03"
    assert read_html(page(one, other)).published == ""


@pytest.mark.parametrize(
    "markup",
    ["", " \n", "<!-- nothing -->", "<html></html>", "<!DOCTYPE html>", "<frameset><frame>", "\0"],
)
def test_nothing_to_read_is_an_empty_page(markup: str) -> None:
    assert read_html(markup).blocks == ()


def test_a_page_of_links_has_no_article() -> None:
    links = "".join(f"<li><a href='/{n}'>Story number {n} of today</a></li>" for n in range(30))
    read = read_html(f"<html><body><ul>{links}</ul></body></html>")
    assert read.blocks
    assert kept(read) == []


@pytest.mark.parametrize(
    "markup",
    [
        page("<b><i>" * 100),
        page(f"<div title='{'x' * 1_000_000}'>"),
        page(f"<div style='{'a:' * 200_000}{'-9' * 99_999}'>"),
        page("\0" * 1000),
        page("<p>&" + "lol" * 1000 + ";&#x110000;&#0;</p>"),
        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>" + page("<p>&b;&b;</p>"),
        page("<p>" * 2000),
        page("</div></p></article></body>" * 50),
        page(head="<script type='application/ld+json'>" + "[" * 100_000 + "</script>"),
        page(head="<script type='application/ld+json'>{\"@type\": 1, \"@id\": []}</script>"),
        page(head="<title>" + "a - " * 50_000 + "</title>"),
        page("<p>\ud800 a lone surrogate</p>"),
        "<?xml version='1.0' encoding='utf-16'?>" + page(),
    ],
)  # fmt: skip
def test_hostile_pages_are_read_to_the_end(markup: str, caplog: pytest.LogCaptureFixture) -> None:
    assert END in everything(read_html(markup))
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("markup", "said"),
    [("<div>" * 8000 + page(), "512 deep"), (page("<br>" * 60_000), "50,000 tags")],
)
def test_pages_that_are_too_big_are_refused_with_advice(markup: str, said: str) -> None:
    with pytest.raises(CoverageError, match=said) as caught:
        read_html(markup)
    assert str(caught.value).endswith("save it as plain text")
