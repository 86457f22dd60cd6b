"""Sources that a question names in words, by any form of their names, or does not name."""

import pytest

from index.errors import QuestionError
from index.retrieval.filters import read_filter
from index.retrieval.sources import Sources

SOURCES = Sources(
    [
        ("Eldholm Ledger", "Hanne Lofall"),
        ("Daily Mirror of Sandby", "Pál Szőke, Mira Storm"),
        ("Coastal Shipping Intelligence", ""),
        ("www.northwire.example", "Ida van der Meer"),
        ("Sandby Post", "Northern Press Agency"),
        ("The Times", "Jo O'Hare"),
        ("L'Écho du Port", "Mira Holt"),
        ("Torsund Globe", "Ada Holt"),
        ("HarbourWatch", "NPA"),
    ],
    mentions=frozenset(["post", "times", "globe", "mirror", "storm", "ferry", "holt"]).__contains__,
)

LEDGER, POST, TIMES, GLOBE = "Eldholm Ledger", "Sandby Post", "The Times", "Torsund Globe"
CSI, WIRE, ECHO = "Coastal Shipping Intelligence", "www.northwire.example", "L'Écho du Port"
LOFALL, OHARE, MEER = "Hanne Lofall", "Jo O'Hare", "Ida van der Meer"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What does the Ledger say about the ferry?", LEDGER),
        ("what does the ledger say about the ferry", LEDGER),
        ("what does the post say about the ferry", POST),
        ("What did the Eldholm Ledger report on the ferry?", LEDGER),
        ("Does Ledger mention a ferry?", LEDGER),
        ("How does the Globe describe the ferry?", GLOBE),
        ("why do the times claim that the ferry sank", TIMES),
        ("According to The Times, who sank the ferry?", TIMES),
        ("Who sank the ferry, according to the Post?", POST),
        ("who sank the ferry as per the ledger", LEDGER),
        ("What does CSI say about the ferry?", CSI),
        ("according to csi, who sank it", CSI),
        ("What does northwire.example say about the ferry?", WIRE),
        ("What does Northwire report about the ferry?", WIRE),
        ("What does www.northwire.example write about the ferry", WIRE),
        ("What does eldholmledger.com say about the ferry?", LEDGER),
        ("according to l’echo du port, who sank", ECHO),
        ("What does Harbour Watch say about the ferry?", "HarbourWatch"),
        ("what does NPA say about the ferry", "NPA"),
        ("What is the Ledger's report on the ferry?", LEDGER),
        ("the Ledger’s story about the ferry", LEDGER),
        ("What's the Times' view on the ferry?", TIMES),
        ("Which ferry sank in the Ledger's latest report?", LEDGER),
        ("What was in the Post about the ferry?", POST),
        ("anything in the ledger about the ferry?", LEDGER),
        ("Is there news from Northwire on the ferry?", WIRE),
        ("Ledger: ferry?", LEDGER),
        ("Globe: ferry?", GLOBE),
        ("The Times: who sank the ferry?", TIMES),
        ("the Ledger on the ferry", LEDGER),
        ("Eldholm Ledger on the ferry", LEDGER),
        ("The Ledger says the ferry sank. Did it?", LEDGER),
        ("what about the Ledger?", LEDGER),
        ("and only the Ledger?", LEDGER),
        ("What did Hanne Lofall write?", LOFALL),
        ("what has Lofall written about the ferry", LOFALL),
        ("what else did hanne lofall publish?", LOFALL),
        ("articles by Lofall", LOFALL),
        ("list all the articles written by O'Hare", OHARE),
        ("show me stories by jo ohare about the ferry", OHARE),
        ("anything by van der Meer on the ferry?", MEER),
        ("Lofall's article about the ferry", LOFALL),
        ("What did Pal Szoke report on the ferry?", "Pál Szőke"),
        ("What did Lofall say about the ferry?", LOFALL),
        ("What was reported by the Ledger?", LEDGER),
        ("What does the Ledger's Hanne Lofall say about the ferry?", LOFALL),
        ("Which ferry stories are there by Mira Holt?", "Mira Holt"),
        ("What do the Ledger and the Post say about the ferry?", (LEDGER, POST)),
        ("How do the Ledger and the Post differ on the ferry?", (LEDGER, POST)),
        ("difference between the Ledger and the Post on the ferry", (LEDGER, POST)),
        ("What are the differences between the Ledger's and the Post's reports?", (LEDGER, POST)),
        ("compare the Ledger with the Times on the ferry", (LEDGER, TIMES)),
        ("Compare what CSI and the Eldholm Ledger say about the ferry", (CSI, LEDGER)),
        ("Ledger vs Post on the ferry", (LEDGER, POST)),
        ("according to the Ledger, the Post and the Globe, who sank", (LEDGER, POST, GLOBE)),
    ],
)
def test_a_source_that_is_named_is_a_filter(question: str, names: str | tuple[str, ...]) -> None:
    found, rest = read_filter(question, SOURCES)
    assert found.sources == ((names,) if isinstance(names, str) else names)
    assert "edger" not in rest


@pytest.mark.parametrize(
    "question",
    [
        "Who got the post?",
        "Who was the first woman in the post?",
        "When does the ferry leave from the post office?",
        "What happened in the Post Office?",
        "How did the post office report losses?",
        "What does the post say about her?",
        "How many times did the ferry stop?",
        "What happened in times of war?",
        "Where is the globe from the museum?",
        "how many ferries are there in the globe",
        "mirror: who made it?",
        "Post on the pier fell over",
        "Storm on the coast",
        "Which ferries were built in Intelligence?",
        "the storm's report",
        "What did Storm say about the ferry?",
        "What did the storm report say?",
        "Who is Hanne Lofall?",
        "What did Holt say about the ferry?",
        "what did intelligence say about the ferry",
        "Did the ferry sink between Eldholm and Sandby?",
        "Eldholm: did the ferry sink?",
        "What happened in Eldholm and in Sandby?",
        "compare the ferry and the tram",
    ],
)
def test_an_ordinary_word_is_no_filter(question: str) -> None:
    found, rest = read_filter(question, SOURCES)
    assert not found.sources
    assert rest == question


@pytest.mark.parametrize(
    "question",
    ["What did Hanne Lofall write?", "articles by Lofall", "list all stories by Hanne Lofall"],
)
def test_nothing_remains_of_a_question_that_only_names_a_source(question: str) -> None:
    _, rest = read_filter(question, SOURCES)
    assert not rest.strip(" ?")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ledger", LEDGER),
        ("the ledger", LEDGER),
        ("Eldholm", LEDGER),
        ("eldh", LEDGER),
        ("TIMES", TIMES),
        ("csi", CSI),
        ("lecho", ECHO),
        ("L’Echo du Port", ECHO),
        ("northwire", WIRE),
        ("northwire.example", WIRE),
        ("https://www.northwire.example/", WIRE),
        ("sandbypost.co.uk", POST),
        ("lofall", LOFALL),
        ("H. Lofall", LOFALL),
        ("ohare", OHARE),
        ("szoke", "Pál Szőke"),
    ],
)
def test_a_filter_has_any_form_of_a_name(written: str, name: str) -> None:
    found, _ = read_filter(f'ferry source:"{written}"', SOURCES)
    assert found.sources == (name,)
    assert read_filter(found.written, SOURCES)[0] == found


def test_a_filter_may_have_several_sources() -> None:
    found, _ = read_filter("ferry source:ledger,post", SOURCES)
    assert found.sources == (LEDGER, POST)
    assert read_filter(found.written, SOURCES)[0] == found
    assert found.admits_source("the eldholm ledger", "")
    assert found.admits_source("Sandby Post", "Northern Press Agency")
    assert not found.admits_source("The Times", "Jo O'Hare")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("source:holt ferry", "Ada Holt, Mira Holt"),
        ("source:sandby ferry", "Daily Mirror of Sandby, Sandby Post"),
        ("what did Holt write about the ferry?", "Ada Holt, Mira Holt"),
        ("articles by Holt", "Ada Holt, Mira Holt"),
    ],
)
def test_the_names_that_may_be_meant_are_listed(question: str, names: str) -> None:
    with pytest.raises(QuestionError, match=names):
        read_filter(question, SOURCES)


def test_an_exact_name_is_not_ambiguous() -> None:
    sources = Sources([("The Post", ""), ("Eldholm Post", ""), ("the post", "")])
    assert read_filter("source:post ferry", sources)[0].sources == ("the post",)
    assert read_filter("what does the Post say about ferries", sources)[0].sources == ("the post",)


def test_an_unknown_source_is_reported() -> None:
    with pytest.raises(QuestionError, match="No article is from 'nobody'"):
        read_filter("source:nobody ferry", SOURCES)
