"""References resolve after later reindexes, unless the passage has changed or is gone."""

from collections.abc import Sequence

from index.answers.pipeline import answer
from index.answers.references import make_ref, neighbours, resolve_ref
from index.model import Article
from index.retrieval.embedded.searcher import Searcher

TEXTS = (
    "The port closes.",
    "Rebuilding costs 40 million crowns. The state pays.",
    "Fishing goes on.",
)


def searcher_of(*texts: str, key: str = "ferry", before: Sequence[str] = ()) -> Searcher:
    about = ("Ferry", "Post", "", "2021", "https://eldholm.example/ferry")
    article = Article(key, *about, brief=False, paragraphs=len(texts))
    other = Article("ferry", "Other", "", "", "", "", brief=False, paragraphs=len(before))
    return Searcher.of([(other, before), (article, texts)])


def test_a_reference_resolves_to_the_same_text_wherever_it_has_moved() -> None:
    [hit, *_] = answer(searcher_of(*TEXTS), "what does rebuilding cost", top=1).hits
    reference = make_ref(hit.passage, hit.highlight)
    assert (reference.article, reference.number) == ("ferry", 2)
    for searcher, number in (
        (searcher_of(*TEXTS), 2),
        (searcher_of("New.", "Newer.", *TEXTS), 4),
        (searcher_of(*TEXTS, before=["Of another source."]), 2),
    ):
        found = resolve_ref(searcher, reference)
        assert found
        assert (found.passage.number, found.sentence) == (number, hit.sentence)
        assert found.link == hit.link


def test_a_changed_or_removed_passage_is_not_found() -> None:
    [hit] = answer(searcher_of(*TEXTS), "what does rebuilding cost", top=1).hits
    reference = make_ref(hit.passage, hit.highlight)
    assert (
        resolve_ref(
            searcher_of(TEXTS[0], "Rebuilding costs 50 million crowns.", TEXTS[2]), reference
        )
        is None
    )
    assert resolve_ref(searcher_of(*TEXTS, key="another"), reference) is None
    assert resolve_ref(Searcher.of(()), reference) is None


def test_neighbours_are_empty_at_the_ends_of_the_article() -> None:
    searcher = searcher_of(*TEXTS, before=["Elsewhere."])
    first, middle, last = searcher.passages_in(1)
    assert neighbours(searcher, first) == ("", TEXTS[1])
    assert neighbours(searcher, middle) == (TEXTS[0], TEXTS[2])
    assert neighbours(searcher, last) == (TEXTS[1], "")
    [alone] = searcher.passages_in(0)
    assert neighbours(searcher, alone) == ("", "")


def test_further_passages_follow_the_chosen_ones_without_repeating_a_text() -> None:
    texts = [f"The ferry sails at {hour} o’clock." for hour in range(9)]
    searcher = searcher_of(*texts, texts[0])
    found = answer(searcher, "when does the ferry sail", top=3, more=4)
    further = [resolve_ref(searcher, one) for one in found.further]
    shown = [*found.hits, *filter(None, further)]
    assert (len(found.hits), len(shown)) == (3, 7)
    assert len({hit.passage.text for hit in shown}) == 7
    assert [hit.passage for hit in shown] == [
        hit.passage for hit in answer(searcher, "when does the ferry sail", top=7).hits
    ]
    assert answer(searcher, "when does the ferry sail", top=3).further == ()
