"""Functions run as on Lambda: in their own processes, one event at a time, warm, and no longer than their timeout."""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import function
from local.template import Template
from tests.gateway.conftest import Serve, is_running, write_api
from tests.waiting import wait_until

PROCESS = """
    import os
    print("imported")
    def handler(event, context):
        return {"process": os.getpid()}
"""

MEETING = """
    import os, pathlib, time
    def handler(event, context):
        here = pathlib.Path("..", "here")
        here.mkdir(exist_ok=True)
        (here / str(os.getpid())).touch()
        while len(list(here.iterdir())) < 2:
            time.sleep(0.01)
        return {"process": os.getpid()}
"""
"""Answers only when another process answers at the same time."""


def two_processes(client: httpx.Client) -> set[int]:
    """Send two requests at the same time; return the processes that answered."""
    with ThreadPoolExecutor(2) as pool:
        return set(pool.map(lambda _: client.get("/odd").json()["process"], range(2)))


def test_a_warm_worker_is_used_again(api: Serve) -> None:
    client = api(PROCESS)

    assert client.get("/odd").json() == client.get("/odd").json()
    assert client.get("/odd").json() != {"process": os.getpid()}


def test_two_requests_run_at_once(api: Serve) -> None:
    assert len(two_processes(api(MEETING))) == 2


def test_more_requests_than_the_limit_wait(api: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function, "MAX_CONCURRENCY", 1)
    client = api("""
        import os, pathlib, time
        def handler(event, context):
            here = pathlib.Path("..", "here")
            here.mkdir(exist_ok=True)
            (here / str(os.getpid())).touch()
            deadline = time.monotonic() + 1
            while len(list(here.iterdir())) < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            return {"process": os.getpid()}
    """)

    assert len(two_processes(client)) == 1


def test_an_invocation_that_waits_when_the_gateway_is_closed_starts_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function, "MAX_CONCURRENCY", 1)
    started = tmp_path / "started"
    source = f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ndef handler(*_): time.sleep(20)"
    settings = Template(write_api(tmp_path, source)).routes[0].function

    async def close_with_two_invocations() -> list[Any]:
        closed = function.Function(settings, {})
        invocations = [asyncio.create_task(closed.invoke({})) for _ in range(2)]
        await asyncio.to_thread(wait_until, started.exists)
        closed.close()
        return await asyncio.gather(*invocations, return_exceptions=True)

    failed = asyncio.run(close_with_two_invocations())

    assert list(map(str, failed)) == ["its process ended", "the gateway was closed before it was invoked"]


def test_idle_workers_are_killed_except_for_one_that_stays_warm(api: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function, "IDLE_SECONDS", 0.3)
    client = api(MEETING)
    first, second = two_processes(client)

    wait_until(lambda: is_running(first) != is_running(second))

    left = first if is_running(first) else second
    assert client.get("/odd").json() == {"process": left}


def test_a_changed_file_is_used_by_the_next_invocation(api: Serve, tmp_path: Path) -> None:
    client = api("def handler(event, context): return 'before'")
    assert client.get("/odd").text == "before"

    write_api(tmp_path, "def handler(event, context): return 'after it changed'")

    assert client.get("/odd").text == "after it changed"


def test_an_exception_is_a_500_and_the_worker_is_used_again(api: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    client = api("""
        import os
        def handler(event, context):
            if event["rawQueryString"]:
                raise ValueError("a traceback for the developer")
            return {"process": os.getpid()}
    """)
    before = client.get("/odd").json()

    answer = client.get("/odd?fail")

    assert (answer.status_code, answer.text) == (500, '{"message":"Internal Server Error"}')
    assert "ValueError: a traceback for the developer" in capfd.readouterr().err
    assert client.get("/odd").json() == before


@pytest.mark.parametrize(
    ("handler", "logged"),
    [
        ("import os\ndef handler(event, context): os._exit(3)", "local-Odd: its process ended"),
        ("import sys\ndef handler(event, context): sys.exit(0)", "local-Odd: its process ended"),
        ("def handler(event, context): return object()", "not JSON serializable"),
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("def other(event, context): pass", "has no attribute 'handler'"),
        ("def handler(event, context): return 'x' * 7_000_000", "local-Odd: its response is larger than 6291456 bytes"),
    ],
    ids=["dies", "exits", "no JSON", "import fails", "no handler", "too long"],
)
def test_a_function_that_fails_is_a_500(
    api: Serve, capfd: pytest.CaptureFixture[str], handler: str, logged: str
) -> None:
    answer = api(handler).get("/odd")

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert logged in capfd.readouterr().err


def test_after_a_crash_a_new_worker_answers(api: Serve) -> None:
    client = api("""
        import os
        def handler(event, context):
            return os._exit(1) if event["rawQueryString"] else {"process": os.getpid()}
    """)
    before = client.get("/odd").json()
    client.get("/odd?die")

    after = client.get("/odd")

    assert after.status_code == 200
    assert after.json() != before


def test_a_warm_worker_that_was_killed_is_replaced(api: Serve) -> None:
    client = api(PROCESS)
    process = client.get("/odd").json()["process"]
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)

    assert client.get("/odd").status_code == 200


def test_a_function_is_ended_at_its_timeout(api: Serve, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "process"
    client = api(
        f"""
        import os, pathlib, time
        def handler(event, context):
            pathlib.Path({str(file)!r}).write_text(str(os.getpid()))
            time.sleep(20)
        """,
        timeout=1,
    )

    answer = client.get("/odd")

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert "local-Odd: it timed out after 1.00 seconds" in capfd.readouterr().err
    assert not is_running(int(file.read_text()))


def test_the_handler_gets_lambdas_context(api: Serve) -> None:
    client = api("""
        import time
        def handler(event, context):
            before = context.get_remaining_time_in_millis()
            time.sleep(0.1)
            members = {name: value for name, value in vars(context).items() if name != "deadline"}
            return {**members, "left": before, "passed": before - context.get_remaining_time_in_millis()}
    """)

    first, second = client.get("/odd").json(), client.get("/odd").json()

    assert 4000 < first.pop("left") <= 5000
    assert 100 <= first.pop("passed") < 1000
    assert first.pop("aws_request_id") != second["aws_request_id"]
    assert first.pop("log_stream_name").startswith("local/[$LATEST]")
    assert first == {
        "function_name": "local-Odd",
        "function_version": "$LATEST",
        "invoked_function_arn": "arn:aws:lambda:us-west-2:123456789012:function:local-Odd",
        "memory_limit_in_mb": "256",
        "log_group_name": "/aws/lambda/local-Odd",
        "identity": None,
        "client_context": None,
    }


def test_a_function_sees_lambdas_variables_and_not_the_developers(
    api: Serve, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("OPENAI_API_KEY", "sk-local-of-the-developer")
    client = api("""
        import os, sys
        def handler(event, context):
            return {"path": sys.path[:1], "folder": os.getcwd(), "variables": dict(os.environ)}
    """)

    seen: dict[str, Any] = client.get("/odd", headers={"X-Amzn-Trace-Id": "Root=1-2-3"}).json()

    code = str(tmp_path / "odd")
    variables = seen.pop("variables")
    assert seen == {"path": [code], "folder": code}
    assert variables.pop("AWS_ENDPOINT_URL").startswith("http://127.0.0.1:")
    assert variables.pop("AWS_LAMBDA_LOG_STREAM_NAME").startswith("local/[$LATEST]")
    assert variables.pop("AWS_ACCESS_KEY_ID")
    assert {name: value for name, value in variables.items() if name != "LC_CTYPE"} == {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": code,
        "LAMBDA_TASK_ROOT": code,
        "_HANDLER": "app.handler",
        "_X_AMZN_TRACE_ID": "Root=1-2-3",
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_NAME": "local-Odd",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/local-Odd",
        "AWS_SECRET_ACCESS_KEY": "local",
    }


def test_what_a_handler_prints_does_not_mix_with_its_answer(api: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    client = api("def handler(event, context):\n    print('to the log')\n    return 'to the client'")

    assert client.get("/odd").text == "to the client"
    assert "to the log" in capfd.readouterr().out
