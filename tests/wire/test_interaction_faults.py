"""Commands that come late, get lost, or arrive in floods."""

import pytest

from fakes.discord import Injected, Sampling, ServerError, SlowResponse
from waiting import until
from wire.bot_process import CANARY
from wire.newsroom import CALLBACK, ORIGINAL, Newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _answers_computed(room: Newsroom) -> str:
    notice = await room.discord.ledger.answer(room.ada.uses_command(room.general, "status"))
    facts = {field["name"]: field["value"] for field in notice.embeds[0]["fields"]}
    return str(facts["Response time"]).partition("(")[2]


# In time


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        pytest.param(SlowResponse(4, after_handling=True), 1, marks=pytest.mark.long),
        pytest.param(SlowResponse(4), 1, marks=pytest.mark.long),
        (ServerError(503), 2),
    ],
    ids=str,
)
async def test_a_stalled_acknowledgement_is_reported_and_nothing_is_searched_for(
    newsroom: Newsroom, fault: SlowResponse | ServerError, tries: int
) -> None:
    """The acknowledgement takes four seconds, before or after handling, or is always refused."""
    ledger = newsroom.discord.ledger
    computed = await _answers_computed(newsroom)
    newsroom.discord.faults.on("POST", CALLBACK, fault, times=tries)
    place = newsroom.channel()
    used = newsroom.uses(place)
    await newsroom.bot.wait_for_log(f"channel {place.id} can no longer be answered: Timeout")
    await until(lambda: ledger.callbacks(used))
    assert len(ledger.callbacks(used)) <= tries
    arrives = isinstance(fault, SlowResponse) and fault.after_handling
    if arrives:
        notice = await ledger.answer(used)
        assert notice.content == "This arrived too late to be answered. Please ask again."
    assert len(ledger.answers(used)) == 2 * arrives  # with what it says at first
    newsroom.discord.faults.clear()
    assert await _answers_computed(newsroom) == computed


async def test_an_answer_to_an_expired_interaction_is_dropped(newsroom: Newsroom) -> None:
    since = len(newsroom.discord.ledger.requests(route=ORIGINAL))
    late = SlowResponse(0.5)
    newsroom.discord.faults.on("PATCH", ORIGINAL, late)
    place = newsroom.channel()
    newsroom.uses(place)
    await newsroom.discord.ledger.wait_for(
        lambda entry: isinstance(entry, Injected) and entry.fault is late
    )
    newsroom.discord.clock.advance(16 * 60)
    await newsroom.bot.wait_for_log(f"channel {place.id} can no longer be answered")
    await newsroom.expect_answer(newsroom.uses(place))
    statuses = [one.status for one in newsroom.discord.ledger.requests(route=ORIGINAL)[since:]]
    assert statuses == [401, 200]
    assert newsroom.bot.count_log_lines(f"channel {place.id} can no longer be answered") == 1


async def test_completions_keep_up_with_fast_typing(newsroom: Newsroom) -> None:
    """Ten people type, each after seeing the last completions, while others ask."""
    ledger = newsroom.discord.ledger
    newsroom.discord.inspector.sampling = Sampling()
    asked = [newsroom.uses() for _ in range(10)]
    for _ in range(20):
        options = {"question": CANARY, "source": "e"}
        person, place = newsroom.ada, newsroom.general
        typed = [person.autocompletes(place, "ask", **options) for _ in range(10)]
        for one in typed:
            choices = (await ledger.callback(one))["data"]["choices"]
            assert [choice["name"] for choice in choices] == ["Eldholm Post"]
    for one in asked:
        await newsroom.expect_answer(one)
