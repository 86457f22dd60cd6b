"""Text for Discord is escaped, complete, and within the limits."""

import re
from dataclasses import replace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.api_limits import MAX_DESCRIPTION, MAX_TITLE, MAX_TOTAL
from bot.discord.layout.markdown import escape, plain
from bot.discord.layout.messages import answer_embeds, quotation, window
from bot.languages import use_language
from index import Answer, Article, Hit, Outcome, Passage, Span

_hostile = st.text(
    alphabet=st.one_of(st.sampled_from(list("\\*_~`|[]()<>@#:-+1. \n/&!a")), st.characters()),
    max_size=300,
)
# What Discord shows of an escaped character: the character.
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


@given(_hostile.map(plain))
def test_escaped_text_reads_as_it_was(text: str) -> None:
    assert _ESCAPED.sub(r"\1", escape(text)) == text


@given(_hostile)
def test_no_mark_up_stays_alive(text: str) -> None:
    bare = _ESCAPED.sub("x", escape(text))
    assert not re.search(r"[\\*_~`|\[\]()<>@#]|:(?=\S)", bare)
    assert not re.search(r"^\s*([-+]|\d+\.)", bare, re.MULTILINE)


@pytest.mark.parametrize("text", ["[](" * 30_000, "[a](" * 25_000, "\\" * 100_000, "1" * 100_000])
def test_escaping_a_long_text_ends(text: str) -> None:
    assert len(escape(text)) >= len(text)


def test_bidirectional_marks_are_dropped() -> None:
    assert escape("a\u202eb\u2066c") == "abc"


@given(text=st.text(min_size=1, max_size=400), data=st.data(), room=st.integers(60, 300))
def test_a_quotation_fits_and_is_part_of_the_text(
    text: str, data: st.DataObject, room: int
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    highlight = Span(start, data.draw(st.integers(start + 1, len(text))))
    assert len(quotation(text, highlight, room, marked=True)) <= room
    part = window(text, highlight, room)
    assert 0 <= part.start <= part.end <= len(text)
    assert part.start < highlight.end or part.end > highlight.start


def test_a_quotation_is_cut_between_words_around_the_sentence() -> None:
    text = "One two three four. Five six seven eight. Nine ten eleven twelve."
    shown = quotation(text, Span(20, 41), 50, marked=True)
    assert shown == "> … four. **Five six seven eight.** Nine ten …"


def _answer(texts: list[str], title: str = "Title") -> Answer:
    article = Article(
        "id", title, "Paper", "", "2020-11", "https://example.org/a", brief=False, paragraphs=9
    )
    hits = [
        Hit(Passage(article, number, text), 1.0, Span(0, len(text)), "https://example.org/a#x")
        for number, text in enumerate(texts, start=1)
    ]
    return Answer("q", Outcome.ANSWERED, 0.9, unmatched=(), hits=tuple(hits), took_ms=1.0)


@pytest.mark.parametrize(
    ("language", "outlets", "expected"),
    [
        ("en-GB", 0, "paragraph 1 of 9"),
        ("en-GB", 1, "also in Outlet 1"),
        ("en-GB", 4, "also in Outlet 1, Outlet 2, Outlet 3 and Outlet 4"),
        ("en-GB", 9, "also in Outlet 1, Outlet 2 and 7 others"),
        ("de", 9, "auch in Outlet 1, Outlet 2 und 7 weiteren"),
        ("es", 9, "también en Outlet 1, Outlet 2 y 7 más"),
        ("fr", 9, "aussi dans Outlet 1, Outlet 2 et 7 autres"),
        ("uk", 9, "також у Outlet 1, Outlet 2 і ще 7"),  # noqa: RUF001 - it is Ukrainian
    ],
)
def test_a_card_names_the_other_outlets(language: str, outlets: int, expected: str) -> None:
    answer = _answer(["Text."])
    [hit] = answer.hits
    others = tuple(
        replace(hit.passage.article, publisher=f"Outlet {number + 1}") for number in range(outlets)
    )
    with use_language(language):
        [embed] = answer_embeds(replace(answer, hits=(replace(hit, also_in=others),)))
    assert str(embed.footer.text).endswith(f" · {expected}")


@given(
    st.lists(st.text(min_size=1, max_size=3_000), min_size=1, max_size=12), st.text(max_size=400)
)
def test_the_embeds_of_an_answer_fit_a_message(texts: list[str], title: str) -> None:
    embeds = answer_embeds(_answer(texts, title))
    assert 1 <= len(embeds) <= 10
    assert sum(map(len, embeds)) <= MAX_TOTAL
    for embed in embeds:
        assert len(embed.title or "") <= MAX_TITLE
        assert 0 < len(embed.description or "") <= MAX_DESCRIPTION


def test_an_embed_carries_quotation_citation_and_link() -> None:
    [embed] = answer_embeds(_answer(["Whole *sentence*."]))
    assert embed.title == "Title"
    assert embed.url == "https://example.org/a#x"
    assert embed.description == "> **Whole \\*sentence\\*.**"
    assert embed.footer.text == "Paper · November 2020 · paragraph 1 of 9"
    assert isinstance(embed, discord.Embed)


def test_pieces_of_an_address_make_no_link_together() -> None:
    text = "The board wrote to http://eldholm.example today."
    for end in range(len(text)):
        shown = escape(text[:end]) + escape(text[end:])
        assert "http:/" not in shown
        assert _ESCAPED.sub(r"\1", shown) == text


def test_names_in_a_footer_turn_nothing_round() -> None:
    article = Article("a", "Port", "Post\u202e\u200b", "\u2066Ada\x1b", "2021", "", False, 1)  # noqa: FBT003
    hit = Hit(Passage(article, 1, "The port is sold."), 1.0, Span(0, 17), "")
    [embed] = answer_embeds(Answer("?", Outcome.ANSWERED, 1.0, (), (hit,), 1.0))
    assert embed.footer.text == "Post · Ada · 2021 · paragraph 1 of 1"
