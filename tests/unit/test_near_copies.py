"""Tests that edits leave a passage the same, or make another of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.analyzer import Analyzer
from index.answers.near_copies import is_near_copy
from index.model import Span

_ANALYZER = Analyzer()

QUAY = (
    "The old quay in Nordby will open to trawlers in April after a two-year rebuild, "
    "the port board said on Friday."
)
COST = " It cost 12 million crowns, three million more than planned."


def is_same(text: str, other: str) -> bool:
    """True if each is a copy of the whole of the other, but for a longer end."""
    found = {
        is_near_copy(_ANALYZER, one, whole, Span(0, len(whole)))
        for one, whole in ((text, other), (other, text))
    }
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize(
    "dateline",
    [
        "NORDBY (Norwire) — ",
        "NORDBY, Norway (AP) - ",
        "NORDBY, April 3 (Reuters) – ",
        "Nordby (dpa) – ",
        "Nordby/Eldholm (dpa) - ",
        "(Norwire) -- ",
        "NORDBY — ",
        "NEW NORDBY, N.Y. — ",
        "ST. NORDBY: ",
        "НОРДБІ — ",
        "UPDATE: ",
    ],
)
def test_a_dateline_does_not_matter(dateline: str) -> None:
    assert is_same(QUAY, dateline + QUAY)
    assert is_same("ELDHOLM (AFP) — " + QUAY, dateline + QUAY)


@pytest.mark.parametrize(
    "agency", [" (Norwire)", " — Reuters", " – dpa", " (Reporting by Ada Berg; editing by Tor Vik)"]
)
def test_the_name_of_an_agency_does_not_matter(agency: str) -> None:
    assert is_same(f"{QUAY} (AP)", f"{QUAY}{agency}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("two-year", "2-year"),
        ("trawlers", "fishing boats"),
        ("port board", "board"),
        ("on Friday", "Friday"),
        ("said", "announced"),
        ("The old quay in Nordby", "“The old quay” in Nordby"),
        ("rebuild", "re-build"),
        ("rebuild, the", "rebuild - the"),
        ("old quay", "OLD QUAY"),
        ("Nordby", "Nördby"),
        (".", ""),
        (".", "…"),
    ],
)
def test_edits_that_leave_it_the_same(old: str, new: str) -> None:
    assert is_same(QUAY, QUAY.replace(old, new))


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("It sold {} of the seats.", "1,200 of 40%", "1200 of 40 percent"),
        ("The firm paid {} for the cranes, it said.", "€31m", "31 million euros"),
        ("The firm paid {} for the cranes, it said.", "$3", "3 dollars"),
        ("Its {} colour, the firm said, was grey.", "favourite", "favorite"),
        ("The {} board said that it was sure.", "mayor's", "mayor’s"),
        ("The harbour's {} said that they were sure.", "co-operatives", "cooperatives"),
    ],
)
def test_other_spellings_of_the_same(text: str, one: str, other: str) -> None:
    assert is_same(text.format(one), text.format(other))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("April", "May"),
        ("Friday", "Monday"),
        ("two-year", "three-year"),
        ("in April", "on 3 April"),
        ("in April", "in April or May"),
        ("Nordby", "Eldholm"),
        ("the port board", "Ada Berg"),
        ("will open", "will not open"),
        ("will", "won’t"),
        ("will", "may"),
        ("open to", "close to"),
        ("after", "before"),
        ("to trawlers", "to all but trawlers"),
        ("said", "denied"),
        ("port board", "harbour agency of the county council"),
    ],
)
def test_edits_that_say_something_else(old: str, new: str) -> None:
    assert old in QUAY
    assert not is_same(QUAY, QUAY.replace(old, new))
    assert not is_same(f"NORDBY (AP) — {QUAY}", f"{QUAY.replace(old, new)}{COST}")


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("Clinics in Nordby counted {} on Monday.", "143 cases", "201 cases"),
        ("Clinics in Nordby counted {} on Monday.", "143 cases", "143 deaths"),
        ("The fare is {} by night.", "40 crowns by day and 60", "60 crowns by day and 40"),
        ("{} in the final on the island.", "Berg beat Lund", "Lund beat Berg"),
        ("The strike is {}, a court in Nordby ruled.", "legal", "illegal"),
        ("The ferry {} sail in the storm, she said.", "did", "didn't"),
        ("Der Hafen bleibt bis {} zu, sagte sie.", "Montag", "Dienstag"),
        ("Die Fähre fährt {}, sagte die Reederei.", "heute", "heute nicht"),
        ("Le port sera fermé {}, a dit la ville.", "lundi", "mardi"),
        ("El puerto {}, dijo la alcaldía ayer.", "cerrará", "no cerrará"),
        ("Порт закриють {}, каже міська рада.", "в травні", "в червні"),
        ("Closed: {}", "Quay", "bakery"),
        ("The {}", "quay is wet.", "fish is fresh, and the quay has a new crane."),
    ],
)
def test_texts_that_say_something_else(text: str, one: str, other: str) -> None:
    assert not is_same(text.format(one), text.format(other))


def test_a_copy_may_end_earlier() -> None:
    end = Span(0, len(QUAY))
    for cut in (QUAY, QUAY.removesuffix(", the port board said on Friday."), f"{QUAY[:83]} …"):
        assert is_near_copy(_ANALYZER, QUAY + COST, cut, Span(0, len(cut)))
        assert is_near_copy(_ANALYZER, cut, QUAY, end)
    assert not is_near_copy(_ANALYZER, "The old quay in Nordby …", QUAY, end)
    assert is_near_copy(_ANALYZER, QUAY + 3 * COST, QUAY, end)


def test_a_copy_that_ends_earlier_has_what_is_quoted() -> None:
    quoted = Span(len(QUAY) + 1, len(QUAY + COST))
    assert is_near_copy(_ANALYZER, QUAY, QUAY + COST, Span(0, len(QUAY)))
    assert not is_near_copy(_ANALYZER, QUAY, QUAY + COST, quoted)
    but = QUAY.replace(".", ", but not to ferries.")
    assert not is_near_copy(_ANALYZER, QUAY, but, Span(0, len(but)))


@given(st.data())
def test_no_number_is_like_another(data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.integers(0, 10**7), min_size=2, max_size=2, unique=True))
    text = "The board counted {} trawlers and a few crates in the harbour of Nordby."
    assert not is_same(text.format(one), text.format(other))
    assert is_same(text.format(one), text.format(f"{one:,}"))


@given(st.lists(st.sampled_from([*QUAY.split(), "not", "3", "Ada"]), min_size=1, max_size=25))
def test_a_text_is_a_copy_of_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert is_same(text, text)
    assert is_same(text, f"NORDBY (AP) — {text}") or len(words) < 5
