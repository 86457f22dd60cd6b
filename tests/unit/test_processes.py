"""Child processes are always reaped."""

import asyncio

import pytest

from index.workers.processes import python_process


@pytest.mark.parametrize("turns", range(5))
async def test_cancelled_wait_still_reaps_the_process(turns: int) -> None:
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
