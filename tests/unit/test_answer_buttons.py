"""Buttons, answer states and votes: Discord's limits, and what is stored."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import votes
from bot.discord import api_limits as limits
from bot.discord.components import answer_state as states
from bot.discord.components.answer_state import AnswerState, answer_state_of
from bot.discord.components.form import form
from bot.discord.components.view import TEMPLATE, Action, answer_view, custom_id
from bot.discord.layout.fitting import Button, button, fit_content, fit_embeds, fit_rows
from bot.discord.layout.messages import context_embeds, passage_embeds, quotation
from bot.graphemes import boundary, clip
from bot.votes import Verdict
from index import Answer, Article, Hit, Outcome, Passage, Reference, Span
from index.store.store import Store

_hostile = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            [*"\\*_~`|[]()<>@#:-+1. \n&", "\u0301", "\u200d", "👩", "🇳", "🇴", "\u202e"]
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=600,
)
_FAMILY = "👩\u200d👩\u200d👧"
REFERENCE = Reference("ferry", 2, 0, 4, "0" * 16)


def _hit(text: str, title: str = "Title", author: str = "", url: str = "") -> Hit:
    article = Article("a", title, "Paper", author, "2020", url, brief=False, paragraphs=17)
    return Hit(Passage(article, 7, text), 1.0, Span(0, len(text)), url)


def _answer(outcome: Outcome, hits: int, further: int = 0, *, small_talk: bool = False) -> Answer:
    found = tuple(_hit(f"Text {number}.") for number in range(hits))
    answer = Answer("zanzibar?", outcome, 0.5, (), found, 1.0, small_talk=small_talk)
    return replace(answer, further=(REFERENCE,) * further)


def _rows(view: discord.ui.View) -> list[list[dict[str, Any]]]:
    """The buttons as they are sent."""
    rows: list[dict[str, Any]] = view.to_components()
    return [row["components"] for row in rows]


def _labels(view: discord.ui.View) -> list[list[str]]:
    """The labels of the buttons; one that cannot be pressed ends in a dash."""
    return [
        [one["label"] + ("-" if one.get("disabled") else "") for one in row] for row in _rows(view)
    ]


# Cutting


def test_a_grapheme_is_never_split() -> None:
    assert clip("cafe\u0301s and more", 6) == "cafe\u0301…"
    assert clip("cafe\u0301s and more", 5) == "caf…"
    assert clip(f"a {_FAMILY} b", 6) == "a…"
    assert clip("🇳🇴🇸🇪", 3) == "🇳🇴…"
    assert clip("abc", 3) == "abc"
    assert (clip("abc", 1), clip("abc", 0)) == ("…", "")
    assert boundary("ab", 9) == 2
    assert len(clip("a" + "\u0301" * 5_000, 2_000)) == 2_000  # no character of any language


@given(_hostile, st.integers(0, 700))
def test_cut_text_fits_and_is_a_prefix(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert len(cut) <= limit
    assert text.startswith(cut.removesuffix("…"))


def test_a_quotation_is_cut_between_characters() -> None:
    text = _FAMILY * 30
    for room in range(30, 90):
        shown = quotation(text, Span(0, len(text)), room, marked=False)
        assert re.fullmatch(rf"> ({_FAMILY})* …", shown)


# The builder


@given(_hostile, _hostile, _hostile, st.integers(0, 14))
def test_embeds_fit(title: str, text: str, footer: str, number: int) -> None:
    embed = discord.Embed(
        title=title * 9, description=text * 30, url="https://e.org/" + "a" * 3_000
    )
    embed.set_footer(text=footer * 9)
    fitting = fit_embeds([embed] * number)
    _check(fitting)
    assert bool(fitting) == bool(number)
    assert all(one.url is None for one in fitting)


@given(st.lists(_hostile, min_size=1, max_size=12), _hostile, _hostile, st.booleans())
def test_passages_and_their_context_fit_whatever_they_say(
    texts: list[str],
    title: str,
    author: str,
    marked: bool,  # noqa: FBT001 - drawn
) -> None:
    hits = [_hit(text * 9 or "Text", title, author, "https://e.org/a") for text in texts]
    pages = passage_embeds(hits, marked=marked)
    around = [(hit, (texts[0] * 20, texts[-1] * 20)) for hit in hits]
    for embeds in (pages, context_embeds(around, marked=marked)):
        assert len(embeds) == min(len(hits), limits.MAX_EMBEDS)
        _check(embeds)
        for embed in embeds:
            assert (embed.footer.text or "").endswith("· 2020 · paragraph 7 of 17")
            assert not (embed.title or "").removesuffix("…").endswith("\\") or "\\\\" in str(
                embed.title
            )


def _check(embeds: Sequence[discord.Embed]) -> None:
    assert len(embeds) <= limits.MAX_EMBEDS
    assert sum(map(len, embeds)) <= limits.MAX_TOTAL
    for embed in embeds:
        assert len(embed.title or "") <= limits.MAX_TITLE
        assert len(embed.description or "") <= limits.MAX_DESCRIPTION
        assert len(embed.footer.text or "") <= limits.MAX_FOOTER


@given(st.lists(st.lists(_hostile, max_size=8), max_size=8))
async def test_rows_of_buttons_fit(rows: list[list[str]]) -> None:
    made: list[list[Button]] = []
    for number, row in enumerate(rows):
        made.append([button(label, f"{number}.{at}") for at, label in enumerate(row)])
    view = fit_rows(made)
    shown = _rows(view)
    assert len(shown) <= limits.MAX_ROWS
    for shown_row in shown:
        assert 1 <= len(shown_row) <= limits.MAX_BUTTONS
        assert all(1 <= len(one["label"]) <= limits.MAX_LABEL for one in shown_row)
    assert view.is_finished()  # nothing for discord.py to remember


@pytest.mark.parametrize("name", ["", "x" * (limits.MAX_CUSTOM_ID + 1)])
async def test_an_id_that_discord_refuses_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected 1 to 100 characters"):
        button("Label", name)


def test_content_fits() -> None:
    assert len(fit_content("long " * 1_000)) <= limits.MAX_CONTENT


# Which buttons there are


@given(st.sampled_from(Action), st.integers(0, 999))
def test_an_id_encodes_what_the_button_does(action: Action, page: int) -> None:
    state_id = states.new_id()
    name = custom_id(action, state_id, page)
    assert len(name) <= limits.MAX_CUSTOM_ID
    match = re.fullmatch(TEMPLATE, name)
    assert match
    assert (Action(match["action"]), match["state"], int(match["page"])) == (action, state_id, page)


@given(st.text(max_size=120))
def test_other_ids_do_not_match(name: str) -> None:
    assert not re.fullmatch(TEMPLATE, name)
    assert not re.fullmatch(TEMPLATE, f"answer:{name}")


async def test_pages_have_their_ends(store: Store) -> None:
    state = await answer_state_of(
        store.key_values, _answer(Outcome.ANSWERED, 3, 4), asker=1, private=True
    )
    assert state
    assert (state.pages, state.per_page, len(state.page(2))) == (3, 3, 1)
    saying = ["Helpful", "Wrong passage", "Share to channel", "Remove"]
    for page, turned, paging in (
        (0, False, ["More"]),
        (0, True, ["Previous-", "Next"]),
        (1, True, ["Previous", "Next"]),
        (2, True, ["Previous", "Next-"]),
    ):
        view = answer_view(state, page, turned=turned)
        assert _labels(view) == [["Show context", *paging, "Ask a follow-up"], saying]
        names = [one["custom_id"] for row in _rows(view) for one in row]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(TEMPLATE, name) for name in names)


async def test_an_answer_without_passages_has_no_votes_or_pages(store: Store) -> None:
    absent = await answer_state_of(
        store.key_values, _answer(Outcome.ABSENT, 3, 4), asker=1, private=False
    )
    assert absent
    assert _labels(answer_view(absent)) == [["Ask a follow-up", "Remove"]]
    one = await answer_state_of(store.key_values, _answer(Outcome.CLOSE, 1), asker=1, private=False)
    assert one
    assert "More" not in str(_labels(answer_view(one)))
    greeting = _answer(Outcome.ABSENT, 0, small_talk=True)
    assert await answer_state_of(store.key_values, greeting, asker=1, private=False) is None


async def test_a_form_has_one_field() -> None:
    shown = form(2**64).to_dict()
    assert len(shown["custom_id"]) <= limits.MAX_CUSTOM_ID
    [label] = shown["components"]
    assert label["component"]["custom_id"] == "question"


# What is kept


async def test_a_state_is_stored_without_the_question(store: Store) -> None:
    state = await answer_state_of(
        store.key_values, _answer(Outcome.ANSWERED, 3, 4), asker=7, private=False
    )
    assert state
    await states.save(store.key_values, state)
    assert await states.load(store.key_values, state.id) == state
    [kept] = (await store.key_values.get_all("answer ")).values()
    assert b"zanzibar" not in kept
    assert b"Text" not in kept
    await states.delete(store.key_values, state.id)
    assert await states.load(store.key_values, state.id) is None


async def test_a_state_of_another_version_is_ignored(store: Store) -> None:
    await store.key_values.put("answer old", b'{"id": "old"}')
    assert await states.load(store.key_values, "old") is None


async def test_a_vote_counts_once_and_is_pseudonymous(store: Store) -> None:
    user = 123_456_789_012_345_678

    async def vote(state: str, by: int, verdict: Verdict, question: str = "") -> Verdict | None:
        return await votes.vote(store.key_values, state, by, REFERENCE, verdict, question=question)

    assert await vote("card", user, Verdict.HELPFUL, "who?") is None
    assert await vote("card", user, Verdict.HELPFUL) is Verdict.HELPFUL
    assert await vote("card", user, Verdict.WRONG) is Verdict.HELPFUL
    [one] = await votes.votes(store.key_values)
    assert (one.article, one.number, one.digest) == ("ferry", 2, REFERENCE.digest)
    assert (one.verdict, one.question) == (Verdict.WRONG, "who?")  # asked when it was still known
    await vote("card", user + 1, Verdict.WRONG)
    await vote("other", user, Verdict.HELPFUL)
    await store.key_values.put("vote of another version", b"{}")
    assert await votes.tally(store.key_values) == {Verdict.HELPFUL: 1, Verdict.WRONG: 2}
    kept = await store.key_values.get_all("")
    assert str(user) not in str(kept)
    keys = [key for key in kept if key.startswith("vote ") and "version" not in key]
    assert all(re.fullmatch("vote [0-9a-f]{32}", key) for key in keys)


def test_pages_of_a_state_cover_all_passages_once() -> None:
    for number in range(12):
        passages = tuple(replace(REFERENCE, number=at) for at in range(number))
        state = AnswerState(id="c", asker="", per_page=5, passages=passages)
        assert sum((state.page(at) for at in range(state.pages)), ()) == passages
