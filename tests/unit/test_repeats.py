"""Wire copy in many outlets: one answer, with the others named."""

from collections.abc import AsyncIterator, Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import make_ref
from index.analysis.vocabulary import UNKNOWN
from index.answers.pipeline import answer
from index.answers.references import resolve_ref
from index.indexing import building, diff
from index.model import Answer, Article, Hit
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.filters import Filter
from random_coverage import Indexed, Story, indexed

QUAY = (
    "The old quay in Nordby will open to trawlers in April after a two-year rebuild, "
    "the port board said on Friday."
)
COST = "The rebuild cost 12 million crowns, three million more than planned."
CRABS = "Crab fishers put their losses from the closed quay in Nordby at nine million crowns."
QUESTION = "When will the quay in Nordby open to trawlers?"

Print = tuple[str, str, str]  # outlet, date, text


def _article(number: int, outlet: str, published: str, text: str, url: str = "") -> Article:
    paragraphs = len(text.split("\n"))
    return Article(
        f"a{number}", "Quay", outlet, "", published, url, brief=False, paragraphs=paragraphs
    )


def _searcher(*prints: Print) -> Searcher:
    return Searcher.of(
        (_article(number, outlet, published, text), text.split("\n"))
        for number, (outlet, published, text) in enumerate(prints)
    )


def _ask(*prints: Print, question: str = QUESTION, top: int = 3) -> Answer:
    return answer(_searcher(*prints), question, top=top, more=20)


@pytest.fixture
async def made() -> AsyncIterator[Indexed]:
    async with indexed() as folder:
        yield folder


def _others(hit: Hit) -> list[str]:
    return [article.outlet for article in hit.also_in]


def test_wire_copy_is_shown_once_with_the_other_outlets() -> None:
    found = _ask(
        ("Post", "2024-04-05", QUAY),
        ("Globe", "2024-04-04", f"NORDBY (Norwire) — {QUAY}\n{COST}"),
        ("Tribune", "", QUAY.replace("trawlers", "all trawlers").replace("all ", "")),
        ("Herald", "2024-04-03", QUAY.replace("port board", "board") + f"\n{COST}"),
        ("Weekly", "2024-04-06", CRABS),
    )
    quay, *rest = found.hits
    assert {quay.passage.article.outlet, *_others(quay)} == {"Post", "Globe", "Tribune", "Herald"}
    assert [article.published or "~" for article in quay.also_in] == sorted(
        article.published or "~" for article in quay.also_in
    )
    assert [hit.passage.text for hit in rest] == [CRABS]
    assert found.further == ()


@pytest.mark.parametrize(
    ("old", "new"), [("April", "May"), ("Nordby", "Eldholm"), ("will", "will not")]
)
def test_what_says_something_else_is_shown_too(old: str, new: str) -> None:
    other = QUAY.replace(old, new)
    found = _ask(("Post", "2024-04-05", QUAY), ("Globe", "2024-04-05", other))
    assert {hit.passage.text for hit in found.hits} == {QUAY, other}
    assert [_others(hit) for hit in found.hits] == [[], []]


def test_a_source_gets_its_own_copy() -> None:
    prints = [("Post", "2024-04-05", QUAY), ("Globe", "2024-04-04", QUAY)]
    for outlet, other in (("Post", "Globe"), ("Globe", "Post")):
        [hit] = _ask(*prints, question=f"{QUESTION} source:{outlet}").hits
        assert (hit.passage.article.outlet, _others(hit)) == (outlet, [other])


@pytest.mark.parametrize(
    ("url", "other_url"),
    [
        ("https://post.example/quay?utm_source=rss", "https://post.example/quay?utm_source=mail"),
        ("https://post.example/quay#top", "https://www.post.example/quay/amp"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("outlet", ["", "Post"])
def test_a_page_saved_twice_is_no_other_outlet(outlet: str, url: str, other_url: str) -> None:
    searcher = Searcher.of(
        (_article(number, outlet, "2024-04-05", QUAY, address), [QUAY])
        for number, address in enumerate((url, other_url))
    )
    [hit] = answer(searcher, QUESTION, top=3).hits
    assert hit.also_in == ()


def test_an_outlet_without_a_name_is_known_by_its_host() -> None:
    urls = ["https://www.post.example/quay", "https://globe.example/quay", "https://globe.example/"]
    searcher = Searcher.of(
        (_article(number, "", "2024-04-05", QUAY, url), [QUAY]) for number, url in enumerate(urls)
    )
    [hit] = answer(searcher, QUESTION, top=3).hits
    assert {hit.passage.article.outlet, *_others(hit)} == {"post.example", "globe.example"}


def test_a_paragraph_that_an_outlet_reprints_is_its_own() -> None:
    [hit] = _ask(
        ("Post", "2024-04-05", QUAY), ("Post", "2024-05-05", QUAY), ("POST", "2024-06-05", QUAY)
    ).hits
    assert _others(hit) == []


def test_copies_leave_room_for_other_passages() -> None:
    copies = [(f"Outlet {number}", "2024-04-05", QUAY) for number in range(120)]
    others = [("Weekly", "2024-04-06", f"A quay has {number} cranes.") for number in range(30, 50)]
    searcher = _searcher(*copies, *others)
    term_ids = [searcher.find(term) for term in searcher.analyzer.terms(QUESTION)]
    found = searcher.retrieve([one for one in term_ids if one != UNKNOWN], Filter(), 80)
    texts = searcher.texts(found.keys())
    assert texts[0] == QUAY
    assert sorted(texts[1:]) == [text for _, _, text in others]
    assert len(_others(answer(searcher, QUESTION, top=1).hits[0])) == 119


def test_a_reference_names_the_other_outlets_as_well() -> None:
    searcher = _searcher(("Post", "2024-04-05", QUAY), ("Globe", "2024-04-04", QUAY))
    [hit] = answer(searcher, QUESTION, top=3).hits
    again = resolve_ref(searcher, make_ref(hit.passage, hit.highlight))
    assert again
    assert again.also_in == hit.also_in != ()


_edits = st.sampled_from(
    [QUAY, f"NORDBY — {QUAY}", QUAY.replace("April", "May"), QUAY.replace("said", "wrote"), CRABS]
)


@pytest.mark.long
@settings(max_examples=settings().max_examples // 2)
@given(texts=st.lists(_edits, min_size=2, max_size=4))
def test_outlets_are_the_same_in_any_order_of_the_sources(texts: Sequence[str]) -> None:
    prints = [(f"Outlet {number}", "2024-04-05", text) for number, text in enumerate(texts)]
    groups = set()
    for order in permutations(prints):
        hits = _ask(*order, top=5).hits
        outlets = [frozenset({hit.passage.article.outlet, *_others(hit)}) for hit in hits]
        assert sum(map(len, outlets)) == len(prints)
        groups.add(frozenset(outlets))
    assert len(groups) == 1


async def test_copies_are_found_between_the_main_segment_and_the_delta(
    made: Indexed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_LITTLE", 9.0)
    monkeypatch.setattr(diff, "_WORTH_KEEPING", 0.0)
    dated = f"NORDBY (AP) — {QUAY}"
    for delta, texts, outlets in (
        (False, {"Post": QUAY, "Weekly": CRABS}, {"Post"}),
        (True, {"Post": QUAY, "Weekly": CRABS, "Globe": QUAY}, {"Post", "Globe"}),
        (True, {"Post": QUAY, "Globe": QUAY, "Tribune": dated}, {"Post", "Globe", "Tribune"}),
        (True, {"Weekly": CRABS, "Globe": QUAY, "Tribune": QUAY}, {"Globe", "Tribune"}),
        (True, {"Weekly": CRABS, "Globe": COST, "Tribune": QUAY}, {"Tribune"}),
    ):
        await made.put(
            {"wire": {name: Story("Quay", name, "", text) for name, text in texts.items()}}
        )
        searcher = await made.searcher()
        assert len(searcher.vocabularies) == 1 + delta
        hits = answer(searcher, QUESTION, top=5).hits
        [quay] = [hit for hit in hits if hit.passage.text.endswith(QUAY)]
        assert {quay.passage.article.outlet, *_others(quay)} == outlets
