"""`python -m local` starts everything, prints its URLs, and leaves no process behind."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from realtime.presets import presets

from local.command import run
from local.ports import free
from local.template import ROOT
from tests.conftest import event
from tests.gateway.conftest import is_running
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream
from tests.waiting import wait_until

REAL_KEY = "sk-local-somebodys-own"
AZURE = {"OPENAI_AUTH": "api-key", "MODEL": "my-deployment"}


class Command:
    """A running `python -m local`, on free ports.

    Args:
        output: a folder for its output.
        project: its working directory.
        variables: additional environment variables.
    """

    def __init__(self, output: Path, project: Path = ROOT, **variables: str) -> None:
        self.ports = {name: str(free(0, "PORT")) for name in ("PORT", "UPSTREAM_PORT", "MOTO_PORT")}
        self.url = f"http://127.0.0.1:{self.ports['PORT']}"
        self.out, self.err = output / "out", output / "err"
        # Bytecode may be written, or each start would compile moto again.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **self.ports, **variables}
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local"], cwd=project, env=environment, stdout=out, stderr=err
            )

    def wait_for(self, text: str) -> str:
        """Wait for a line with this text, and return it."""

        def found() -> list[str]:
            lines = [line for line in self.out.read_text().splitlines() if text in line]
            assert lines or self.process.poll() is None, self.output()
            return lines

        return wait_until(found, 30, interval=0.02)[0]

    def output(self) -> tuple[str, str]:
        return self.out.read_text(), self.err.read_text()

    def end(self, by: signal.Signals) -> float:
        """Send a signal, and return the seconds until the process had ended."""
        start = time.monotonic()
        self.process.send_signal(by)
        self.process.wait(30)
        return time.monotonic() - start

    def children(self) -> list[int]:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        return [pid for pid, parent in pairs if parent == self.process.pid and is_running(pid)]


@contextmanager
def running(output: Path, project: Path = ROOT, **variables: str) -> Iterator[Command]:
    command = Command(output, project, **variables)
    try:
        command.wait_for("Ctrl-C")
        yield command
    finally:
        command.process.terminate()
        command.process.wait(30)


def offer() -> bytes:
    return base64.b64decode(event("session")["body"])


def test_after_sigkill_no_child_process_is_left(tmp_path: Path) -> None:
    with running(tmp_path) as command, httpx.Client(base_url=command.url, timeout=30) as client:
        assert client.get("/token").status_code == 200
        children = command.children()
        assert len(children) == 2
        command.end(signal.SIGKILL)

        wait_until(lambda: not any(map(is_running, children)), interval=0.02)


def test_it_serves_page_and_routes_and_sigint_ends_it_and_its_children(tmp_path: Path) -> None:
    with running(tmp_path) as command, httpx.Client(base_url=command.url, timeout=30) as client:
        sdp = {"Content-Type": "application/sdp"}

        assert command.wait_for("Page").split() == ["Page", command.url]
        assert (
            command.wait_for("Routes").split(maxsplit=1)[1]
            == "POST /session, DELETE /session/{call_id}, GET /token, GET /usage"
        )
        assert "(a stand-in: no key, no cost)" in command.wait_for("Upstream")
        assert client.get("/").text == (ROOT / "web/index.html").read_text()
        assert client.get("/config.json").json() == {
            "access": "open",
            "calls_url": f"http://127.0.0.1:{command.ports['UPSTREAM_PORT']}/v1/realtime/calls",
            "dcid": 0,
            "default_preset": presets().default,
            "presets": presets().catalogue,
        }
        answer = client.post("/session?preset=assistant&voice=cedar", content=offer(), headers=sdp)
        assert (answer.status_code, answer.text[:5]) == (201, "v=0\r\n")
        assert client.delete(answer.headers["location"]).status_code == 204
        assert client.get("/token?preset=private").status_code == 403
        assert client.get("/token").json()["value"].startswith("ek_")
        children = command.children()
        assert len(children) == 3

        seconds = command.end(signal.SIGINT)

        output, errors = command.output()
        assert (command.process.returncode, errors, [pid for pid in children if is_running(pid)]) == (0, "", [])
        assert seconds < 5
        requests = [line.split() for line in output.splitlines() if " ms" in line]
        assert [(method, path.rpartition("/rtc_")[0] or path, status) for method, path, status, *_ in requests] == [
            ("GET", "/", "200"),
            ("GET", "/config.json", "200"),
            ("POST", "/session", "201"),
            ("DELETE", "/session", "204"),
            ("GET", "/token", "403"),
            ("GET", "/token", "200"),
        ]
        assert "preset_locked: The preset private is locked: connect through POST /session." in command.wait_for(
            "  403  "
        )
        assert not [text for text in ("voice=cedar", "ek_", "v=0") if text in output]


def sdp_request() -> dict[str, Any]:
    return {"content": offer(), "headers": {"Content-Type": "application/sdp"}, "timeout": 30}


def test_a_real_key_goes_to_the_real_api_is_protected_and_sigterm_ends_everything(
    tmp_path: Path,
) -> None:
    with (
        scripted_upstream() as upstream,
        running(tmp_path, ROOT, OPENAI_API_KEY=REAL_KEY, OPENAI_BASE_URL=upstream.url, **AZURE) as command,
    ):
        upstream.replies[0].body = '{"value": "ek_local", "expires_at": 1, "session": {}}'

        assert command.wait_for("Upstream").split(maxsplit=2)[1:] == [
            upstream.url,
            "YOUR OWN KEY: EVERY CALL COSTS MONEY",
        ]
        assert httpx.get(f"{command.url}/token", timeout=30).status_code == 200
        assert (upstream.asked[0].headers["api-key"], upstream.asked[0].path) == (
            REAL_KEY,
            "/v1/realtime/client_secrets",
        )
        assert json.loads(upstream.asked[0].body)["session"]["model"] == AZURE["MODEL"]
        headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
        preflight = httpx.options(f"{command.url}/token", headers=headers)
        assert "access-control-allow-origin" not in preflight.headers
        assert httpx.get(f"{command.url}/config.json").json()["calls_url"] == f"{upstream.url}/realtime/calls"
        moto = f"http://127.0.0.1:{command.ports['MOTO_PORT']}"
        assert {httpx.get(f"{moto}{path}").status_code for path in ("/", "/moto-api/data.json")} == {403}
        assert REAL_KEY not in "".join(command.output())

        assert_sigterm_ends(command, upstream)


def assert_sigterm_ends(command: Command, upstream: ScriptedUpstream) -> None:
    """Send SIGTERM while a request is being answered."""
    upstream.says(Reply(after_seconds=10))
    thread = threading.Thread(target=httpx.post, args=[f"{command.url}/session"], kwargs=sdp_request())
    thread.start()
    wait_until(lambda: len(upstream.asked) == 2, interval=0.02)
    children = command.children()

    seconds = command.end(signal.SIGTERM)

    thread.join()
    assert (command.process.returncode, [pid for pid in children if is_running(pid)]) == (0, [])
    assert seconds < 5
    assert "Traceback" not in command.output()[1]


def test_everything_ends_when_the_stand_in_ends(tmp_path: Path) -> None:
    with running(tmp_path) as command:
        [stand_in] = command.children()
        os.kill(stand_in, signal.SIGKILL)

        assert command.process.wait(5) == 1
        assert command.output()[1] == (
            "realtime-serverless: the stand-in for the Realtime API ended by itself (exit status -9)\n"
        )


def test_an_error_at_the_start_is_printed_in_one_line(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    break_presets(project)
    command = Command(tmp_path, project)

    assert command.process.wait(30) == 1
    output, [error] = command.out.read_text(), command.err.read_text().splitlines()
    expected = "realtime-serverless: presets.toml: presets.assistant.session.type"
    assert (output, error.partition(": Input should be")[0]) == ("", expected)


def test_presets_that_become_invalid_while_it_runs_are_an_error_in_the_form_of_the_contract(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")

    with running(tmp_path, project) as command:
        break_presets(project)
        answer = httpx.get(f"{command.url}/config.json")

    error = answer.json()["error"]
    assert error.pop("message").startswith("presets.toml: presets.assistant.session.type: Input should be")
    assert error.pop("request_id")
    assert (answer.status_code, error) == (500, {"type": "server_error", "code": "misconfigured", "param": None})


def test_a_variable_chooses_the_default_preset(tmp_path: Path) -> None:
    with running(tmp_path, DEFAULT_PRESET="colours") as command:
        command.wait_for("Page")
        assert httpx.get(f"{command.url}/config.json").json()["default_preset"] == "colours"
        key = httpx.get(f"{command.url}/token", timeout=30).json()
        assert [tool["name"] for tool in key["session"]["tools"]] == ["set_colour", "get_time"]


def test_a_default_preset_that_does_not_exist_is_an_error_at_the_start(tmp_path: Path) -> None:
    command = Command(tmp_path, DEFAULT_PRESET="nope")

    assert command.process.wait(30) == 1
    assert command.err.read_text().startswith("realtime-serverless: DefaultPreset: there is no preset nope: take one")


@pytest.mark.parametrize("variable", ["PORT", "UPSTREAM_PORT", "MOTO_PORT"])
def test_the_error_for_a_port_that_cannot_be_used_names_its_variable(
    environment: pytest.MonkeyPatch, variable: str
) -> None:
    for name in ("PORT", "UPSTREAM_PORT", "MOTO_PORT"):
        environment.setenv(name, str(free(0, "PORT")))

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        environment.setenv(variable, port)
        with pytest.raises(SystemExit, match=f"port {port} is in use or not allowed: set {variable} to another one"):
            run()

    environment.setenv(variable, "many")
    with pytest.raises(SystemExit, match=f"{variable} is 'many': set it to a port, 1 to 65535"):
        run()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PORT": "8001"}, "PORT and UPSTREAM_PORT are both 8001: set UPSTREAM_PORT to another port"),
        ({"UPSTREAM_PORT": "8000"}, "PORT and UPSTREAM_PORT are both 8000: set PORT to another port"),
        ({"PORT": "5000"}, "PORT and MOTO_PORT are both 5000: set MOTO_PORT to another port"),
        ({"MOTO_PORT": "8001"}, "UPSTREAM_PORT and MOTO_PORT are both 8001: set UPSTREAM_PORT to another port"),
    ],
)
def test_the_error_for_two_variables_with_the_same_port_names_the_one_that_was_not_set(
    environment: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    for name in ("PORT", "UPSTREAM_PORT", "MOTO_PORT"):
        environment.setenv(name, variables.get(name, ""))

    with pytest.raises(SystemExit, match=f"^realtime-serverless: {message}$"):
        run()


def test_with_a_key_there_is_no_stand_in_whose_port_could_be_in_the_way(environment: pytest.MonkeyPatch) -> None:
    port = str(free(0, "PORT"))
    ports = {"PORT": port, "UPSTREAM_PORT": port, "MOTO_PORT": str(free(0, "PORT"))}
    for name, value in {**ports, "OPENAI_API_KEY": REAL_KEY, "OPENAI_BASE_URL": "nowhere"}.items():
        environment.setenv(name, value)

    with pytest.raises(SystemExit, match="the parameter OpenAIBaseUrl must start with https"):
        run()


@pytest.mark.parametrize(
    "address", ["everywhere", "203.0.113.1", "::1", "0.0.0.0", "224.0.0.1", "127.255.255.255", "255.255.255.255"]
)
def test_calls_are_accepted_only_at_an_address_of_this_machine(environment: pytest.MonkeyPatch, address: str) -> None:
    environment.setenv("MEDIA_ADDRESS", address)
    environment.setenv("PORT", "many")  # so that nothing is started if the address is accepted

    with pytest.raises(SystemExit, match=f"MEDIA_ADDRESS is '{address}': set it to an IPv4 address of this machine"):
        run()


def test_an_empty_upstream_url_is_not_set(tmp_path: Path) -> None:
    with running(tmp_path, OPENAI_API_KEY=REAL_KEY, OPENAI_BASE_URL="") as command:
        assert command.wait_for("Upstream").split()[1] == "https://api.openai.com/v1"


def test_an_invalid_upstream_url_is_refused_as_in_a_deployment(environment: pytest.MonkeyPatch) -> None:
    for name, value in {"PORT": str(free(0, "PORT")), "OPENAI_API_KEY": REAL_KEY, "OPENAI_BASE_URL": "nowhere"}.items():
        environment.setenv(name, value)

    with pytest.raises(SystemExit, match="the parameter OpenAIBaseUrl must start with https"):
        run()


def copy_project(copy: Path) -> Path:
    for part in ("local", "layers", "functions", "web"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", copy)
    return copy


def break_presets(project: Path) -> None:
    file = project / "layers/realtime/presets.toml"
    file.write_text(file.read_text().replace('type = "realtime"', "", 1))
