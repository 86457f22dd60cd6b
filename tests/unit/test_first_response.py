"""First responses: none too late, and what is to be learned from those before."""

import asyncio

import pytest

from bot.discord.connection import first_response
from bot.discord.connection.first_response import FirstResponses, UnacknowledgedError
from waiting import in_no_time


@pytest.fixture
def responses(monkeypatch: pytest.MonkeyPatch) -> FirstResponses:
    """To be given within a second."""
    monkeypatch.setattr(first_response, "FIRST_RESPONSE_S", 1.0)
    monkeypatch.setattr(first_response, "_FORGOTTEN_BY", 0.5)
    return FirstResponses()


async def _respond(responses: FirstResponses, number: int, estimate_read_s: float = 0.0) -> None:
    async with responses.responding(number):
        await asyncio.sleep(estimate_read_s)


@in_no_time
async def test_a_response_is_given_up_when_its_time_is_over(responses: FirstResponses) -> None:
    assert responses.expect(1, age_s=0.7)
    with pytest.raises(UnacknowledgedError, match="Timeout"):
        await _respond(responses, 1, estimate_read_s=10)
    assert asyncio.get_running_loop().time() == pytest.approx(0.3, abs=0.01)
    await responses.fewer_than(1)


@in_no_time
async def test_none_is_begun_that_would_come_too_late(responses: FirstResponses) -> None:
    assert not responses.expect(1, age_s=1.1)
    assert responses.expect(2, age_s=0.5)
    assert responses.expect(3, age_s=0.0)
    await _respond(responses, 3, estimate_read_s=0.6)
    with pytest.raises(UnacknowledgedError, match="no time left"):
        await _respond(responses, 2)
    assert not responses.expect(4, age_s=0.5)  # which takes as long as the one before
    assert responses.expect(5, age_s=0.0)


@in_no_time
async def test_one_that_stalled_is_forgotten(responses: FirstResponses) -> None:
    responses.expect(0, age_s=0.0)
    await _respond(responses, 0, estimate_read_s=0.6)
    for number in range(1, 10):
        assert responses.expect(number, age_s=0.0)
        await _respond(responses, number)
    assert responses.expect(10, age_s=0.5)


@in_no_time
async def test_it_can_be_tried_again_where_the_connection_broke(
    responses: FirstResponses,
) -> None:
    responses.expect(1, age_s=0.0)
    with pytest.raises(ConnectionResetError):
        async with responses.responding(1):
            raise ConnectionResetError
    await _respond(responses, 1)
    with pytest.raises(UnacknowledgedError):  # it has been given
        await _respond(responses, 1)


@in_no_time
async def test_what_gets_no_response_keeps_nobody_out(responses: FirstResponses) -> None:
    responses.expect(1, age_s=0.0)
    await responses.fewer_than(1)
    assert asyncio.get_running_loop().time() == pytest.approx(1.0, abs=0.01)
