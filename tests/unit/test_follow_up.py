"""Follow-up questions, and the search that results from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import Article
from index.queries.answer_kinds import expected_kind
from index.queries.follow_up.resolution import resolve_follow_up
from index.queries.follow_up.verbs import base_form
from index.queries.question_text import MAX_CHARS
from index.retrieval.embedded.searcher import Searcher

_CLOSING = "Who ordered the closing of the lighthouse in Eldholm?"
_KEEPERS = "How many keepers does the lighthouse have?"


def _article(number: int, publisher: str, author: str, *texts: str) -> tuple[Article, list[str]]:
    url = f"https://example.org/{number}"
    about = Article(str(number), "Lighthouse", publisher, author, "2021-03", url, False, len(texts))  # noqa: FBT003 - no brief
    return about, [*texts]


_SEARCHER = Searcher.of(
    [
        _article(
            1,
            "Eldholm Post",
            "Kari Moen",
            "The lighthouse has two keepers, and the museum has three keepers.",
            "The council ordered the closing of the museum.",
            "In Eldholm, SeaLine and NorFerry offer to sell a ferry to Solberg.",
        ),
        _article(2, "The Courier", "AFP", "A brewery opens in Bergen.", "Moen bans the race."),
    ]
)

# What was asked before; then each follow-up with the text that is searched for. A dialogue of
# several goes on from the text before, as a conversation does.
DIALOGUES = """
What happened in February?
and in March? -> What happened in March?
and last week? -> What happened last week?
what about yesterday? -> What happened yesterday?
and 2019? -> What happened in 2019?

when did the ferry sail in february
and in march -> When did the ferry sail in march?

Did SeaLine sell the ferry?
last week? -> Did SeaLine sell the ferry last week?
and on Monday? -> Did SeaLine sell the ferry on Monday?
and in October? -> Did SeaLine sell the ferry in October?
and 2 years ago? -> Did SeaLine sell the ferry 2 years ago?

Was the ferry late on 14 February?
and on 15 February 2021? -> Was the ferry late on 15 February 2021?
and the museum? -> Was the museum late on 15 February 2021?

What does the Eldholm Post say about ferries?
what about the Courier? -> What does the Courier say about ferries?
and AFP? -> What does AFP say about ferries?
and according to Kari Moen? -> What does Kari Moen say about ferries?

what did afp write about the race?
and the eldholm post -> What did the Eldholm Post write about the race?

Who closed the harbour?
what about the Courier? -> Who closed the harbour, according to the Courier?
and why? -> Why did they close the harbour, according to the Courier?

Who closed the harbour? source:AFP
and the Courier? -> Who closed the harbour, according to the Courier?

Who won the Eldholm race?
who came second? -> Who came second in the Eldholm race?
and third? -> Who came third in the Eldholm race?
and who came last? -> Who came last in the Eldholm race?

who won the first race
and the second -> Who won the second race?
when -> When did they win the second race?

What did NorFerry offer?
and SeaLine? -> What did SeaLine offer?
when? -> When did SeaLine offer?
why? -> Why did SeaLine offer?

what did norferry offer for the lighthouse
and sealine -> What did SeaLine offer for the lighthouse?
why -> Why did SeaLine offer for the lighthouse?
is that enough -> Is that enough (SeaLine for the lighthouse)?

What did SeaLine offer?
and Walmrt? -> What did Walmrt offer?

What is SeaLine's offer?
and NorFerry's? -> What is NorFerry's offer?
and Solberg? -> What is Solberg's offer?

who owns norferry
why do they want to ban it -> Why do they want to ban NorFerry?
since when -> Since when do they want to ban NorFerry?
who said that? -> Who said that about NorFerry?
and in Bergen? -> Who said that about NorFerry in Bergen?

who owns sealine
where are its ships built -> Where are SeaLine’s ships built?
how old are they -> How old are SeaLine’s ships?

Who ordered the closing of the lighthouse in Eldholm?
and when? -> When did they order the closing of the lighthouse in Eldholm?
why? -> Why did they order the closing of the lighthouse in Eldholm?
was it legal? -> Was the closing of the lighthouse in Eldholm legal?
what happened next? -> What happened next with the closing of the lighthouse in Eldholm?

Who ordered the closing of the lighthouse in Eldholm?
which judge? -> Which judge ordered the closing of the lighthouse in Eldholm?
by whom? -> Which judge ordered the closing of the lighthouse in Eldholm, and by whom?

Who ordered the closing of the lighthouse in Eldholm?
so who appealed? -> Who appealed (the closing of the lighthouse in Eldholm)?

Who ordered the closing of the lighthouse in Eldholm?
and what did Solberg say? -> What did Solberg say about the closing of the lighthouse in Eldholm?

Who ordered the closing of the lighthouse in Eldholm?
what about the museum? -> Who ordered the closing of the museum in Eldholm?

How many keepers does the lighthouse have?
what about the museum? -> How many keepers does the museum have?
since when? -> Since when does the museum have keepers?
who pays them? -> Who pays the keepers?

How many keepers does the lighthouse have?
and in winter 2020? -> How many keepers does the lighthouse have in winter 2020?

How many keepers does the lighthouse have?
and keepers of ships? -> How many keepers does the lighthouse have, and keepers of ships?

How many keepers does the lighthouse have?
but not her lawyers? -> How many keepers does the lighthouse have, but not the lighthouse’s lawyers?

Who is the mayor of Eldholm?
how old is she? -> How old is the mayor of Eldholm?
what did she say about the ferry? -> What did the mayor of Eldholm say about the ferry?
and the harbour? -> What did the mayor of Eldholm say about the harbour?

Which company bought SeaLine?
for how much? -> For how much did the company buy SeaLine?
when did they announce it? -> When did the company announce SeaLine?
and why? -> Why did the company announce SeaLine?

Who bought the ferry?
when did they announce the deal? -> When did they announce the deal (the ferry)?

Was the ferry sold?
to whom? -> To whom was the ferry sold?
for how much? -> For how much was the ferry sold?

What caused the storm in Bergen?
how many people died? -> How many people died in the storm in Bergen?
was anyone hurt? -> Was anyone hurt in the storm in Bergen?
and in Northwick? -> Was anyone hurt in the storm in Northwick?
what happened there? -> What happened in the storm in Northwick?

How many ships does norferry have?
in which countries? -> In which countries does NorFerry have ships?
who are its owners? -> Who are NorFerry’s owners?

Is the ferry safe?
is that true? -> Is that true about the ferry?

Is the ferry safe?
why not? -> Is the ferry safe, and why not?

Is the ferry safe?
how so? -> How is the ferry safe?

who fled?
AND WHY? -> Why did they flee?
and in march? -> Why did they flee in march?

harbour budget
when? -> Harbour budget: when?
why? -> Harbour budget: why?

When will the ferry sail to Bergen?
and to Oslo? -> When will the ferry sail to Oslo?
and from Eldholm? -> When will the ferry sail to Oslo from Eldholm?
and tomorrow? -> When will the ferry sail to Oslo from Eldholm tomorrow?

Who was arrested in Eldholm?
why? -> Why were they arrested in Eldholm?
whta about Bergen? -> whta about Bergen?

What did Solberg say about the harbour?
when was he elected? -> When was Solberg elected?
and his deputy? -> When was Solberg’s deputy elected?

who runs the bakery
and the pub -> Who runs the pub?
ok thanks, and the brewery? -> Who runs the brewery?

why was the bridge closed
can u tell me for how long -> For how long was the bridge closed?
who decided that -> Who decided that (the bridge)?

Is there a new harbour in Eldholm?
where is it? -> Where is the new harbour in Eldholm?
what did it cost? -> What did the new harbour in Eldholm cost?

Which countries banned NorFerry?
why did they? -> Why did the countries ban NorFerry?
and SeaLine? -> Why did the countries ban SeaLine?

Who got the job?
who else applied? -> Who else applied (the job)?

Did SeaLine buy the lighthouse?
when did it buy it? -> When did SeaLine buy the lighthouse?
and NorFerry? -> When did NorFerry buy the lighthouse?

what did the council say about the ferry
whos paying for it -> Who is paying for the ferry?
wen -> When are they paying for the ferry?

What did Moen sign?
when did he sign it? -> When did Moen sign it?
and in August? -> When did Moen sign it in August?

How long is the bridge?
how old is it? -> How old is the bridge?
and the tunnel? -> How old is the tunnel?

Who is Solberg?
what does she do? -> What does Solberg do?
and Moen? -> What does Moen do?
when was he born? -> When was Moen born?

What did the council vote on in 2021?
and in 2022? -> What did the council vote on in 2022?

Does NorFerry collect data?
who can see it? -> Who can see data?

Where did Moen work?
and now? -> Where did Moen work now?
and Solberg? -> Where did Solberg work now?

Is NorFerry banned in the US?
in which Nordic countries? -> In which Nordic countries is NorFerry banned in the US?
and in Norway? -> In which Nordic countries is NorFerry banned in Norway?

How did Lund win the race?
and Berg? -> How did Berg win the race?
when? -> When did Berg win the race?

What will SeaLine build in Bergen?
by when? -> By when will SeaLine build in Bergen?
and NorFerry? -> By when will NorFerry build in Bergen?
and in Oslo? -> By when will NorFerry build in Oslo?

Why was Moen fired?
when was that? -> When was Moen fired?
who replaced her? -> Who replaced Moen?

how much does a ticket cost
and a season ticket -> How much does a season ticket cost?
since when -> Since when does a season ticket cost?

Who voted against the tunnel?
what do they want instead? -> What do they want instead (the tunnel)?
and the bridge? -> What do they want instead (the bridge)?

tell me about the tunnel
who is building it -> Who is building the tunnel?
when will it open -> When will the tunnel open?

Does the ferry leave Eldholm?
and when? -> When does the ferry leave Eldholm?
at what time? -> At what time does the ferry leave Eldholm?
from where? -> From where does the ferry leave Eldholm?

What happened to the brewery?
who owns it? -> Who owns the brewery?
and since when? -> Since when do they own the brewery?
in what year? -> In what year do they own the brewery?
how many people work there? -> How many people work in the brewery?

Which ferry was sold?
to whom? -> To whom was the ferry sold?
why? -> Why was the ferry sold?

Who owned the brewery before 2019?
and after 2019? -> Who owned the brewery after 2019?
what was it called then? -> What was the brewery called then?

What does Solberg think about the race?
and NorFerry? -> What does NorFerry think about the race?
does he want to cancel it? -> Does NorFerry want to cancel the race?

Who owns SeaLine?
I see. And why? -> Why do they own SeaLine?

Who owns SeaLine?
ok cool, and NorFerry? -> Who owns NorFerry?
no, i mean Solberg -> Who owns Solberg?
same for Moen? -> Who owns Moen?

Who owns SeaLine?
sorry, since when? -> Since when do they own SeaLine?
when did that happen -> When do they own SeaLine?

Who owns SeaLine?
did they ever sell it to Solberg -> Did they ever sell SeaLine to Solberg?
who else wanted to buy it -> Who else wanted to buy SeaLine?
how much is it worth -> How much is SeaLine worth?
what do its users think -> What do SeaLine’s users think?

Who owns SeaLine?
tell me more -> More about SeaLine?

Who won the race?
who was third? -> Who was third in the race?
what about second place? -> Who was second in the race?

What is the deadline for the sale?
has it been extended? -> Has the deadline for the sale been extended?
by how long? -> By how long has the deadline for the sale been extended?
by whom? -> By whom has the deadline for the sale been extended?

which ferries were cancelled yesterday
and today -> Which ferries were cancelled today?
will they sail tomorrow -> Will the ferries sail tomorrow?

Is Solberg the mayor of Eldholm?
since when? -> Since when is Solberg the mayor of Eldholm?

Who bought the lighthouse for 2 million?
is that a lot? -> Is that a lot (the lighthouse for 2 million)?

How many ships does SeaLine own?
and NorFerry? -> How many ships does NorFerry own?
how many of them are in Bergen? -> How many of the ships are in Bergen?

What did SeaLine and NorFerry offer?
and Solberg? -> What did Solberg offer?

What did the bank announce?
what does that mean for customers? -> What does that mean for customers (the bank)?
and for staff? -> What does that mean for staff (the bank)?

when does the ferry leave Bergen
and on sundays -> When does the ferry leave Bergen on sundays?

What was said about the budget in 2019?
and in 2020? -> What was said about the budget in 2020?
and the year before? -> What was said about the budget the year before?

what did solberg tell afp
when did she say that -> When did Solberg say that?

What's new in the SeaLine case?
and in the NorFerry case? -> What is new in the NorFerry case?

What did AFP write about the harbour?
what did he say about the ferry -> What did he say about the ferry (the harbour)? source:AFP
"""


def _turns() -> list[tuple[str, str, str]]:
    turns: list[tuple[str, str, str]] = []
    for dialogue in DIALOGUES.strip().split("\n\n"):
        before, *lines = dialogue.splitlines()
        for line in lines:
            question, searched = (part.strip() for part in line.split("->"))
            turns.append((before, question, searched))
            before = searched
    return turns


TURNS = _turns()


@pytest.mark.parametrize(("before", "question", "searched"), TURNS)
def test_a_follow_up_reads_as_a_question_of_its_own(
    before: str, question: str, searched: str
) -> None:
    assert resolve_follow_up(_SEARCHER, question, before) == searched


COMPLETE = [
    "",
    "?",
    "hello",
    "thanks",
    "no",
    "so?",
    "How are you?",
    "who are you?",
    "what's up?",
    "what can you do?",
    "What is SeaLine?",
    "and what is SeaLine?",
    "so who is the captain of SeaLine?",
    "and who bought the lighthouse?",
    "Who bought the lighthouse?",
    "And how many ships does SeaLine have?",
    "Is it true that SeaLine buys the lighthouse?",
    "Is it legal to fish?",
    "How long does it take to rebuild?",
    "Did Solberg say he resigned?",
    "Who said that SeaLine sinks?",
    "What happened this week?",
    "Is there a museum?",
    "how to vote",
    "IT spending",
    "What did WHO say?",
    "lighthouse keepers",
    "what did the judge decide about the lighthouse then?",
    "what does AFP say about ferries?",
    "and what does AFP say about ferries?",
    "source:AFP about ferries",
    "what does each article say about ferries?",
    "after:2021 ferries sold",
    "who owns norferry",
    "why did the council ban ferries",
    "how ferries work",
    "What's new?",
    "what is the latest?",
    "what happened on 14 February?",
    "will it rain in Bergen tomorrow?",
    "what time is it in Bergen?",
    "did solberg sell his ferry?",
    "What did the captain say when he resigned?",
    "Who bought SeaLine in October?",
    "about the tunnel",
    "Walmart",
    "harbour budget 2021",
    "source:Nobody why?",
    "after:soon why?",
]


@pytest.mark.parametrize("question", COMPLETE)
def test_a_complete_question_is_unchanged(question: str) -> None:
    assert resolve_follow_up(_SEARCHER, question, _CLOSING) == question


ASKING = [
    ("and when?", "when"),
    ("why?", "why"),
    ("How many?", "how many"),
    ("since when?", "since when"),
    ("by whom", "by whom"),
    ("how long?", "how long"),
    ("and who else?", "who else"),
    ("which judge?", "which judge"),
    ("what year?", "what year"),
    ("what did he say then?", "what did he say then"),
    ("where is it stored?", "where is it stored"),
]


@pytest.mark.parametrize("before", [None, "", "why?", "?!"])
def test_without_a_subject_before_nothing_is_added(before: str | None) -> None:
    assert resolve_follow_up(_SEARCHER, "and when?", before) == "and when?"
    assert resolve_follow_up(_SEARCHER, "and in October?", before) == "and in October?"


def test_a_new_subject_is_searched_for_alone_unless_a_passage_speaks_of_both() -> None:
    question = "what about the brewery?"
    assert resolve_follow_up(_SEARCHER, question, _CLOSING) == question
    assert resolve_follow_up(_SEARCHER, question, "Who opens the lighthouse?") != question


@pytest.mark.parametrize(("question", "asked"), ASKING)
def test_the_expected_kind_of_answer_is_that_of_the_follow_up(question: str, asked: str) -> None:
    for before in (_CLOSING, "Which judge closed the lighthouse?", "Who runs the lighthouse?"):
        searched = resolve_follow_up(_SEARCHER, question, before)
        assert expected_kind(searched) == expected_kind(asked)


FILTERS = [
    ("and when?", "who fled? after:2021-02", "When did they flee? after:2021-02"),
    ("and when? after:2022", "who fled? after:2021-02", "When did they flee? after:2022"),
    ("when? before:2022", "who fled? after:2021", "When did they flee? after:2021 before:2022"),
    ("and in March?", "who fled? after:2021-02", "Who fled in March?"),
    ("after:2022", "who fled in 2021?", "Who fled? after:2022"),
    ("source:AFP", "who fled? before:2022", "Who fled? source:AFP before:2022"),
    ("source:AFP", "what does the Courier say about ships?", "What does AFP say about ships?"),
    ("and what does AFP say?", "who fled?", "and what does AFP say?"),
    ("what does AFP say?", "who fled the race?", "What does AFP say about the race?"),
    ("and according to AFP, why?", "who fled?", "Why did they flee, according to AFP?"),
    ("what does AFP say about it?", "who bought SeaLine?", "What does AFP say about SeaLine?"),
    (
        "who paid?",
        "what does the Courier say about ships?",
        'Who paid (ships)? source:"The Courier"',
    ),
    ("why?", "who fled? source:Gone", "why?"),
    ("who bought the ship?", "who fled? source:AFP", "who bought the ship?"),
]


@pytest.mark.parametrize(("question", "before", "searched"), FILTERS)
def test_the_previous_filter_stays_unless_the_question_sets_its_own(
    question: str, before: str, searched: str
) -> None:
    assert resolve_follow_up(_SEARCHER, question, before) == searched


def test_a_chain_keeps_the_subject_and_does_not_grow() -> None:
    before = _CLOSING
    questions = [
        "and when?",
        "why?",
        "which judge?",
        "by whom?",
        "what did he say?",
        "is it legal?",
    ]
    for question in [*questions, *questions]:
        before = resolve_follow_up(_SEARCHER, question, before)
        assert len(before) < 1.5 * len(_CLOSING)
    assert before == "Is the closing of the lighthouse in Eldholm legal?"


PAST = """
    ordered-order closed-close stopped-stop announced-announce changed-change settled-settle
    hoped-hope fined-fine visited-visit continued-continue used-use focused-focus passed-pass
    buried-bury tried-try created-create repeated-repeat injured-injure decided-decide raided-raid
    acquired-acquire entered-enter declared-declare appeared-appear explored-explore agreed-agree
    owed-owe died-die completed-complete targeted-target called-call robbed-rob belonged-belong
    managed-manage bought-buy won-win took-take fled-flee cut-cut sank-sink
"""
PRESENT = "owns-own carries-carry passes-pass goes-go fixes-fix reaches-reach has-have sues-sue"


@pytest.mark.parametrize("pair", [*PAST.split(), *PRESENT.split()])
def test_base_forms(pair: str) -> None:
    form, base = pair.split("-")
    assert base_form(form) == (base, form in PAST)


_WORDS = """
    and why When it that there what about how many is he Solberg lighthouse ships U.S. to AND ? : ,
    source:AFP source:"Eldholm Post" after:2021 after:x naïve
"""
_word = st.sampled_from([*_WORDS.split(), "\n", "\u200b", "\ud800", "a" * 700])
_text = st.one_of(st.lists(_word, max_size=12).map(" ".join), st.text(max_size=80))


@given(question=_text, before=st.none() | _text)
def test_the_combination_is_short_and_printable(question: str, before: str | None) -> None:
    searched = resolve_follow_up(_SEARCHER, question, before)
    assert len(searched) <= max(MAX_CHARS, len(question))
    assert searched == question or searched.isprintable()


@given(st.lists(_text, max_size=12))
def test_a_chain_stays_within_the_longest_question(questions: list[str]) -> None:
    before = "Who sold the lighthouse? " + "ships " * 320
    for question in questions:
        before = resolve_follow_up(_SEARCHER, question, before)
        assert len(before) <= max(MAX_CHARS, *map(len, questions))


@given(before=_text, words=st.permutations(["SeaLine", "bought", "lighthouse", "Eldholm", "it"]))
def test_a_question_with_many_content_words_is_complete(before: str, words: list[str]) -> None:
    question = " ".join(words)
    assert resolve_follow_up(_SEARCHER, question, before) == question
