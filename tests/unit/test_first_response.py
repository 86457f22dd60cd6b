"""Deadlines of first responses, and the prediction of their duration."""

import asyncio

import pytest

from bot.discord.connection import first_response
from bot.discord.connection.first_response import FirstResponses, UnacknowledgedError
from waiting import in_no_time


@pytest.fixture
def responses(monkeypatch: pytest.MonkeyPatch) -> FirstResponses:
    """First responses with a deadline of one second."""
    monkeypatch.setattr(first_response, "FIRST_RESPONSE_S", 1.0)
    monkeypatch.setattr(first_response, "_DECAY", 0.5)
    return FirstResponses()


async def _respond(responses: FirstResponses, number: int, duration_s: float = 0.0) -> None:
    async with responses.responding(number):
        await asyncio.sleep(duration_s)


@in_no_time
async def test_a_response_ends_at_its_deadline(responses: FirstResponses) -> None:
    assert responses.expect(1, age_s=0.7)
    with pytest.raises(UnacknowledgedError, match="Timeout"):
        await _respond(responses, 1, duration_s=10)
    assert asyncio.get_running_loop().time() == pytest.approx(0.3, abs=0.01)
    await responses.fewer_than(1)


@in_no_time
async def test_no_response_starts_that_would_miss_its_deadline(responses: FirstResponses) -> None:
    assert not responses.expect(1, age_s=1.1)
    assert responses.expect(2, age_s=0.5)
    assert responses.expect(3, age_s=0.0)
    await _respond(responses, 3, duration_s=0.6)
    with pytest.raises(UnacknowledgedError, match="no time left"):
        await _respond(responses, 2)
    assert not responses.expect(4, age_s=0.5)  # which is expected to take as long as the one before
    assert responses.expect(5, age_s=0.0)


@in_no_time
async def test_a_stall_is_forgotten(responses: FirstResponses) -> None:
    responses.expect(0, age_s=0.0)
    await _respond(responses, 0, duration_s=0.6)
    for number in range(1, 10):
        assert responses.expect(number, age_s=0.0)
        await _respond(responses, number)
    assert responses.expect(10, age_s=0.5)


@in_no_time
async def test_a_response_can_be_retried_after_a_network_error(
    responses: FirstResponses,
) -> None:
    responses.expect(1, age_s=0.0)
    with pytest.raises(ConnectionResetError):
        async with responses.responding(1):
            raise ConnectionResetError
    await _respond(responses, 1)
    with pytest.raises(UnacknowledgedError):  # it has been sent
        await _respond(responses, 1)


@in_no_time
async def test_an_interaction_without_response_does_not_block_others(
    responses: FirstResponses,
) -> None:
    responses.expect(1, age_s=0.0)
    await responses.fewer_than(1)
    assert asyncio.get_running_loop().time() == pytest.approx(1.0, abs=0.01)
