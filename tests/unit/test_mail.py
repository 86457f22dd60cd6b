"""Mails: what they say themselves is kept; quotations, signatures and footers are left out."""

import io

import pytest

import documents
from index.model import ExtractedArticle, Skipped
from index.sources.eml import EmlReader
from index.sources.mbox import MboxReader
from index.sources.reader import ItemContext, SourceEntry
from index.sources.registry import HEAD, READERS, reader_of_content

LEAD = "The harbour board of Eldholm voted on Tuesday to dredge the northern channel this winter."
END = "Ferries keep running from the old quay, though the last crossing leaves an hour earlier."
FORWARDED = (
    "---------- Forwarded message ---------\nFrom: Post <news@post.example>\n"
    "Date: Tue, 5 Mar 2024\nSubject: Piers\nTo: <ada@post.example>\n\n"
)


def read(data: bytes) -> list[ExtractedArticle]:
    return list(EmlReader().read(io.BytesIO(data), ItemContext("a.eml")))


def page(body: str) -> bytes:
    return documents.mail(f"<html><body>{body}</body></html>", Content_Type="text/html")


def alternative(plain: str, html: str) -> bytes:
    parts = "".join(
        f"--x\nContent-Type: text/{kind}; charset=utf-8\n\n{text}\n"
        for kind, text in (("plain", plain), ("html", html))
    )
    return documents.mail(f"{parts}--x--", Content_Type="multipart/alternative; boundary=x")


def test_subject_sender_and_date() -> None:
    [article] = read(documents.mail(f"{LEAD}\n\n{END}", "=?utf-8?q?Re=3A_H=C3=A4fen?="))
    assert (article.title, article.author) == ("Häfen", "Ada Berg")
    assert article.published == "2024-03-05"
    assert article.paragraphs == (LEAD, END)


@pytest.mark.parametrize(
    ("field", "value"),
    [("From", ""), ("From", "=?x?q?=?= <"), ("Date", "soon"), ("Date", "1 Jan 99999"),
     ("Content_Type", "text/plain; charset*=x''%ff"), ("Content_Type", "text/plain; charset=nope"),
     ("Content_Type", "multipart/mixed"), ("Content_Transfer_Encoding", "rot13"),
     ("Subject", "=?utf-8?b?=====?=")],
)  # fmt: skip
def test_an_odd_header_costs_no_mail(field: str, value: str) -> None:
    [article] = read(documents.mail(f"{LEAD}\n\n{END}", **{field: value}))
    assert article.paragraphs == (LEAD, END)


@pytest.mark.parametrize(
    "rest",
    [
        "On Mon, 4 Mar 2024 at 09:00, Per Holm <per@x.example> wrote:\n> What about the piers?\n",
        "Am 04.03.24 um 09:00 schrieb Per Holm:\n\n> What about the piers?\n> Regards\n",
        "On Mon, 4 Mar 2024, Per Holm\n<per@x.example> wrote:\n> What about the piers?\n",
        "-----Original Message-----\nFrom: Per\nSent: Monday\nTo: Ada\n\nWhat about the piers?",
        "From: Per Holm\nSent: Monday\nTo: Ada\nSubject: piers\n\nWhat about the piers?",
        "-- \nAda Berg\nWhat about the piers?",
    ],
)
def test_quotations_and_signatures_are_left_out(rest: str) -> None:
    [article] = read(documents.mail(f"{LEAD}\n\n{END}\n\n{rest}", "Re: piers"))
    assert article.paragraphs == (LEAD, END)
    assert "What about the piers?" in " ".join(one.text for one in article.blocks if not one.kept)


@pytest.mark.parametrize("mark", ["", "> "])
def test_what_is_passed_on_is_kept(mark: str) -> None:
    body = "".join(f"{mark}{line}\n" for line in f"{FORWARDED}{LEAD}\n\n{END}".split("\n"))
    [article] = read(documents.mail(body, "Fwd: Piers"))
    assert article.title == "Piers"
    assert article.paragraphs == (LEAD, END)


def test_a_newsletter_is_read_from_its_page() -> None:
    body = (
        '<table><tr><td><a href="https://x.example">View in browser</a></td></tr>'
        f"<tr><td><h1>Piers</h1></td></tr><tr><td><p>{LEAD}</p></td></tr><tr><td>{END}</td></tr>"
        "<tr><td>You are receiving this mail because you signed up. Unsubscribe</td></tr></table>"
    )
    for mail in (page(body), alternative(f"Piers\n\n{LEAD}\n\nhttps://x.example/1", body)):
        [article] = read(mail)
        assert article.paragraphs == (LEAD, END)


def test_the_plain_text_counts_where_the_page_has_less() -> None:
    [article] = read(alternative(f"{LEAD}\n\n{END}", "<p>Please see the plain text.</p>"))
    assert article.paragraphs == (LEAD, END)


def test_a_quotation_in_a_page_is_left_out_unless_it_is_passed_on() -> None:
    quoted = f'<div class="gmail_quote">On Monday, Per wrote:<blockquote>{END}</blockquote></div>'
    [article] = read(page(f"<p>{LEAD}</p><p>{LEAD[:-1]}, it said.</p>{quoted}"))
    assert END not in " ".join(article.paragraphs)
    passed_on = f'<div class="gmail_quote">Forwarded message<p>{LEAD}</p><p>{END}</p></div>'
    [article] = read(page(passed_on))
    assert article.paragraphs[-2:] == (LEAD, END)


def test_attached_mails_are_articles_and_other_attachments_are_named() -> None:
    inner = documents.mail(END, "Inner").decode()
    parts = (
        f"--x\nContent-Type: text/plain\n\n{LEAD}\n"
        f"--x\nContent-Type: message/rfc822\n\n{inner}\n"
        "--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n"
        "--x--"
    )
    outer, attached = read(documents.mail(parts, Content_Type="multipart/mixed; boundary=x"))
    assert (outer.paragraphs, attached.paragraphs) == ((LEAD,), (END,))
    assert attached.title == "Inner"
    assert outer.problems == ("its attachments are not read: a.pdf; save them as files",)


def entries(data: bytes) -> list[SourceEntry]:
    return list(MboxReader().read(io.BytesIO(data), ItemContext("a.mbox")))


def test_an_archive_with_a_bad_mail_has_the_others() -> None:
    bad = b"no header\n\nat all\n"
    first, skipped, last = entries(
        documents.mbox(documents.mail(f"{LEAD}\n\n>From the quay."), bad, documents.mail(END))
    )
    assert isinstance(first, ExtractedArticle)
    assert first.paragraphs == (LEAD, "From the quay.")
    assert isinstance(skipped, Skipped)
    assert skipped.name == "a.mbox mail 2"
    assert isinstance(last, ExtractedArticle)


def test_a_page_and_a_mail_are_known_by_their_headers() -> None:
    page, mail = documents.mhtml("<p>x</p>"), documents.mail(LEAD)
    by_kind = {reader.kind: reader for reader in READERS}
    assert reader_of_content(by_kind["html"], page[:HEAD]).kind == "mhtml"
    assert reader_of_content(by_kind["mail"], page[:HEAD]).kind == "mhtml"
    assert reader_of_content(by_kind["text"], mail[:HEAD]).kind == "mail"
    assert reader_of_content(by_kind["text"], b"Harbour: a plan\n\n").kind == "text"
    assert reader_of_content(by_kind["jsonl"], page[:HEAD]).kind == "jsonl"
