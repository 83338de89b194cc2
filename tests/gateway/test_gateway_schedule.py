"""Functions are invoked at their rates, whatever one invocation does."""

import asyncio
from pathlib import Path

import pytest

from local.function import Function
from local.schedule import Schedule
from local.template import Template
from tests.gateway.conftest import write_api
from tests.waiting import wait_until

EVENT = "{'detail-type': 'Scheduled Event', 'source': 'aws.events'}"


def test_a_function_that_fails_is_invoked_again_at_its_time(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "events"
    source = f"""
        import pathlib
        def handler(event, context):
            with pathlib.Path({str(events)!r}).open("a") as file:
                print(event, file=file)
            raise ValueError
    """
    settings = Template(write_api(tmp_path, source)).routes[0].function

    def invoked_twice() -> bool:
        return events.exists() and len(events.read_text().splitlines()) >= 2

    async def run_schedule() -> None:
        function = Function(settings, {})
        schedule = asyncio.create_task(Schedule([(function, 0)]).run())
        await asyncio.to_thread(wait_until, invoked_twice)
        schedule.cancel()
        function.close()

    asyncio.run(run_schedule())

    assert events.read_text().splitlines()[:2] == [EVENT, EVENT]
    assert "local-Odd: it raised ValueError\n" in capfd.readouterr().err
