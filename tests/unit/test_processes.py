"""Processes of our own: none is left behind."""

import asyncio

import pytest

from index.workers.processes import python_process


@pytest.mark.parametrize("turns", range(5))
async def test_the_end_is_waited_for_though_the_wait_is_cancelled(turns: int) -> None:
    started = asyncio.get_running_loop().create_future()

    async def run() -> None:
        async with python_process("input()") as process:
            started.set_result(process)

    running = asyncio.create_task(run())
    process = await started
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert process.returncode is not None
