"""Pages whose markup means something, hides their article, or belongs to no article."""

import json
import unicodedata

import pytest

from documents import END, LEAD, MIDDLE
from index.errors import CoverageError
from index.sources.extraction.html import read_html

TITLE = "Channel to be dredged"
PARAGRAPHS = f"<p>{LEAD}</p><p>{MIDDLE}</p><p>{END}</p>"
HEADLINE = f"<h1>{TITLE}</h1>"


def page(body: str, head: str = "", title: str = TITLE) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><main>{body}</main>"
        "<footer>Eldholm Post Ltd</footer></body></html>"
    )


def article(*parts: str) -> str:
    return page(
        f"{HEADLINE}<article><p>{LEAD}</p>{''.join(parts)}<p>{MIDDLE}</p><p>{END}</p></article>"
    )


def linked(data: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def kept(markup: str) -> list[str]:
    return [block.text for block in read_html(markup).blocks if block.kept]


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("<p>About 10<sup>6</sup> litres over 12 km<sup>2</sup>, they said.</p>",
         ["About 10⁶ litres over 12 km², they said."]),
        ("<p>On the 1<sup>st</sup> of May, H<sub>2</sub>O came in, they said.</p>",
         ["On the 1st of May, H2O came in, they said."]),
        ("<p>Old.<sup><a href='#f1'>1</a></sup> Monks<sup>2</sup> built it.<sup>[3]</sup></p>",
         ["Old. Monks built it."]),
        ("<p>It cost <s>12</s> <ins>nine</ins> <b style='text-decoration:line-through'>x</b></p>",
         ["It cost nine"]),
        ("<p>She said <q>it will be loud</q> and left the room at once.</p>",
         ["She said “it will be loud” and left the room at once."]),
        ("<p>The <ruby>quay<rp>(</rp><rt>kee</rt><rp>)</rp></ruby> is open to all again.</p>",
         ["The quay is open to all again."]),
        ("<dl><dt>Depth</dt><dd>It will be eleven metres deep.</dd></dl>",
         ["Depth", "It will be eleven metres deep."]),
        ("<table><tr><td>North</td><td>May</td></tr><tr><td>South</td><td>June</td></tr></table>",
         ["North May", "South June"]),
        ("<p>The bür&shy;ger&#173;meis&#xAD;ter of e&#x301;tage four said so at once.</p>",
         ["The bürgermeister of étage four said so at once."]),
        ("<p>They said &#147;yes&#148; and&#12;left&#xFFFE; the town for good.</p>",
         ["They said “yes” and left the town for good."]),
    ],
)  # fmt: skip
def test_markup_within_an_article(markup: str, texts: list[str]) -> None:
    assert kept(article(markup)) == [LEAD, *texts, MIDDLE, END]


@pytest.mark.parametrize(
    "body",
    [
        f"<pre>{LEAD}\n\n{MIDDLE}\n\n{END}</pre>",
        f"<div>{LEAD}<br><br>{MIDDLE}<br/> <br/>{END}</div>",
        f"<eld-body><eld-par>{LEAD}</eld-par><eld-par>{MIDDLE}</eld-par><p>{END}</p></eld-body>",
        f"<em style='display:block'>{LEAD}</em><b style='DISPLAY: block'>{MIDDLE}</b><p>{END}</p>",
        f"<aside class='sidebar'>{PARAGRAPHS}</aside>",
        f"<footer>{PARAGRAPHS}</footer>",
        f"<div class='post has-comments comments-open'>{PARAGRAPHS}</div>",
        f"<div class='shareable social-article'>{PARAGRAPHS}</div>",
        f"<div style='opacity:0' class='fade'>{PARAGRAPHS}</div>",
        f"<p>Loading…</p><div style='display:none'>{PARAGRAPHS}</div>",
        f"<div id='app'></div><noscript>{PARAGRAPHS}</noscript>",
        f"<x-a><template shadowrootmode='open'>{PARAGRAPHS}</template></x-a>",
        f"<p>{LEAD}</p><div hidden><p>{MIDDLE}</p><p>{END}</p></div><a href='#'>Show more</a>",
        f"<p>{LEAD}</p><div id='x' hidden><p>{MIDDLE}</p><p>{END}</p></div>"  # noqa: ISC004
        "<p><button aria-controls='x' aria-expanded='false'>All</button></p>",
    ],
)
def test_an_article_is_found_whatever_it_stands_in(body: str) -> None:
    assert kept(page(HEADLINE + body)) == [LEAD, MIDDLE, END]


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "NewsArticle", "articleBody": f"{LEAD}\n\n{MIDDLE}\n\n{END}"},
        [{"@graph": [{"@type": "Organization"}, {"articleBody": f"{LEAD}\n{MIDDLE}\n{END}"}]}],
        {"@type": ["Article"], "articleBody": PARAGRAPHS},
        {"liveBlogUpdate": [{"articleBody": text} for text in (LEAD, MIDDLE, END)]},
    ],
)
def test_an_article_that_is_only_in_the_linked_data(data: object) -> None:
    assert kept(page("<div id='root'></div>", linked(data))) == [LEAD, MIDDLE, END]
    teaser = page(f"{HEADLINE}<p>{LEAD}</p>", linked(data))
    assert kept(teaser) == [LEAD, MIDDLE, END]


def test_linked_data_without_paragraphs_is_parted_between_sentences() -> None:
    text = " ".join([LEAD, MIDDLE, END] * 2)
    parts = kept(page(HEADLINE, linked({"articleBody": text})))
    assert " ".join(parts) == text
    assert len(parts) > 1


def test_accents_may_be_decomposed() -> None:
    texts = [
        "Die Bürgermeisterin erklärte am Dienstag, die Brücke werde im März wieder geöffnet.",
        "Größere Schäden fand man am östlichen Pfeiler, sagte der Ingenieur am Montag.",
    ]
    body = "".join(f"<p>{unicodedata.normalize('NFD', text)}</p>" for text in texts)
    assert kept(page(f"{HEADLINE}<article>{body}</article>")) == texts


@pytest.mark.parametrize(
    "text",
    [
        "Subscribers will pay four crowns a month and can cancel at any time, the owner said.",
        "Cookies that follow visitors around the web were banned by the parliament on Friday.",
        "“You can sign up for our newsletter,” the mayor told the meeting, “or click here.”",
        "The newsletter was started in 1998 by two students of the university in the capital.",
        "Copyright in the old maps passed to the town, the court found, and prints are free.",
        "About 12,000 households can sign up for the flood warning service from Monday on.",
    ],
)
def test_an_article_may_be_about_what_sites_say(text: str) -> None:
    assert text in kept(article(f"<p>{text}</p>"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("We use cookies to improve our site. By continuing you agree to our use of cookies.",
         "asks for consent"),
        ("Wir und unsere Partner speichern Informationen auf Ihrem Gerät, wenn Sie zustimmen.",
         "asks for consent"),
        ("This article is only for subscribers. Start your free trial and cancel anytime.",
         "offers a subscription"),
        ("Already a subscriber? Log in to continue reading all of our coverage.",
         "offers a subscription"),
        ("Sign up for our newsletter and get the harbour news every morning.",
         "asks readers to do something"),
        ("© 2026 Eldholm Post. All rights reserved.", "a copyright notice"),
    ],
)  # fmt: skip
def test_what_the_site_says_is_left_out(text: str, reason: str) -> None:
    blocks = read_html(article(f"<p>{text}</p>")).blocks
    assert {block.text: block.left_out for block in blocks}[text] in {reason, "outside the article"}


@pytest.mark.parametrize("name", ["comments-area", "commentlist", "reader-comments"])
def test_comments_of_readers_are_left_out(name: str) -> None:
    comment = "I think that the board has lost its mind, and my boat will be gone by winter anyway."
    markup = page(
        f"{HEADLINE}<article>{PARAGRAPHS}</article><div class='{name}'><p>{comment}</p></div>"
    )
    blocks = read_html(markup).blocks
    assert {block.text: block.left_out for block in blocks}[comment] == "a reader's comment"


def test_a_standfirst_is_kept_unless_it_is_the_first_paragraph_again() -> None:
    text = "Two piers will shut, and the fishermen say that nobody has asked them about it."
    for said, expected in ((text, [text, LEAD, MIDDLE, END]), (LEAD, [LEAD, MIDDLE, END])):
        head = f"<meta name='description' content='{said}'>"
        body = f"<header>{HEADLINE}<h2>{said}</h2><p>By Eva Holm, 3 May 2026</p></header>"
        assert kept(page(f"<article>{body}{PARAGRAPHS}</article>", head)) == expected


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        (
            "Just a moment...",
            "The site needs to review the security of your connection.",
            "challenge",
        ),
        ("Access Denied", "You have no permission to open this page on the server.", "challenge"),
        ("Sign in | Eldholm Post", "Please sign in to read the articles of the Post.", "log-in"),
        ("404 Not Found", "The page that you were looking for has been moved.", "not-found"),
        ("Seite nicht gefunden – Post", "Diese Seite gibt es leider nicht mehr.", "not-found"),
        ("503 Service Unavailable", "The server cannot answer your request now.", "error"),
        ("301 Moved Permanently", "The document has moved to another place.", "redirecting"),
    ],
)
def test_pages_in_place_of_an_article_are_named(title: str, text: str, kind: str) -> None:
    with pytest.raises(CoverageError, match=f"{kind} page"):
        read_html(page(f"<h1>{title}</h1><p>{text * 2}</p>", title=title))


def test_a_page_that_leads_on_is_named() -> None:
    head = "<meta http-equiv='Refresh' content='0; URL=https://post.example/'>"
    with pytest.raises(CoverageError, match="redirecting page"):
        read_html(page("<p>Redirecting</p>", head))
    assert kept(page(f"{HEADLINE}<article>{PARAGRAPHS}</article>", head)) == [LEAD, MIDDLE, END]


def test_an_article_may_be_about_a_page_that_was_not_found() -> None:
    title = "Page not found"
    more = f"<p>{LEAD.replace('Tuesday', 'Friday')}</p><p>{MIDDLE.replace('old', 'new')}</p>"
    assert LEAD in kept(page(f"<h1>{title}</h1><article>{PARAGRAPHS}{more}</article>", title=title))
