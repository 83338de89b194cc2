"""A new project of Vite, React and TypeScript, made by typing what the guide says, in React's StrictMode."""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from local.stack import Stack
from tests.browser.conftest import about, static_site
from tests.browser.guide import snippets
from tests.browser.page import THE_TONE, heard_hz
from tests.conftest import ROOT
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

BIN = ROOT / "node_modules" / ".bin"

# Those of `npm create vite@latest -- --template react-ts`, as far as they concern the code.
TSCONFIG = {
    "compilerOptions": {
        "target": "ES2023",
        "lib": ["ES2023", "DOM", "DOM.Iterable"],
        "module": "ESNext",
        "moduleResolution": "bundler",
        "moduleDetection": "force",
        "verbatimModuleSyntax": True,
        "jsx": "react-jsx",
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "noUnusedLocals": True,
        "noUnusedParameters": True,
        "noEmit": True,
        "types": ["vite/client"],
    },
    "include": ["src"],
}

INDEX = """<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><title>Talk</title></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>"""

MAIN = """import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Talk } from './Talk'
import { AtOnce } from './AtOnce'

const page = location.hash === '#at-once' ? <AtOnce /> : <Talk />
createRoot(document.getElementById('root')!).render(<StrictMode>{page}</StrictMode>)
"""

# Calls as soon as it is there, which StrictMode makes twice, and hangs up by going away.
AT_ONCE = """import { useEffect, useState } from 'react'
import { relayed } from 'realtime-serverless'
import { useConversation } from 'realtime-serverless/react'

const signaling = relayed({ url: 'URL/session' })

function Talking() {
  const { state, call } = useConversation({ signaling, tools: { now: () => new Date().toISOString() } })
  useEffect(() => void call(), [call])
  return <p role="status">{state.agent}</p>
}

export function AtOnce() {
  const [isThere, setThere] = useState(true)
  return <>{isThere && <Talking />}<button onClick={() => setThere(false)}>Leave</button></>
}
"""


class Project(NamedTuple):
    """The built project, by interface."""

    session: str
    token: str


def run(folder: Path, *command: str, **environment: str) -> None:
    path = os.pathsep.join([str(BIN), str(ROOT / ".venv" / "bin"), os.environ["PATH"]])
    variables = os.environ | {"PATH": path} | environment
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def make(folder: Path, url: str, component: str) -> Path:
    """Make the project, check its types, and build it with the React that StrictMode needs; return what was built."""
    (folder / "src").mkdir(parents=True)
    files = {"Talk": component, "AtOnce": AT_ONCE.replace("URL", url), "main": MAIN}
    for name, code in files.items():
        (folder / "src" / f"{name}.tsx").write_text(code)
    (folder / "index.html").write_text(INDEX)
    (folder / "tsconfig.json").write_text(json.dumps(TSCONFIG))
    (folder / "package.json").write_text('{"type": "module"}')
    install(folder)
    run(folder, "tsc", "-p", "tsconfig.json")
    run(folder, "vite", "build", "--mode", "development", NODE_ENV="development")
    return folder / "dist"


def install(folder: Path) -> None:
    """Install the packed package, and what this repository has already."""
    installed = folder / "node_modules"
    installed.mkdir()
    for package in (ROOT / "node_modules").iterdir():
        (installed / package.name).symlink_to(package)
    source = shutil.copytree(ROOT / "web" / "realtime", folder / "source", ignore=shutil.ignore_patterns("types"))
    run(source, "npm", "pack", "--offline", "--pack-destination", str(folder))
    [tarball] = folder.glob("*.tgz")
    with tarfile.open(tarball) as tar:
        tar.extractall(installed, filter="data")
    (installed / "package").rename(installed / "realtime-serverless")


@pytest.fixture(scope="module")
def project(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    component = snippets(stack.url)["react"]
    by_key = component.replace("relayed", "byEphemeralKey").replace(
        f"url: '{stack.url}/session'", f"tokenUrl: '{stack.url}/token'"
    )
    built = [
        make(tmp_path_factory.mktemp(name) / name, stack.url, code) for name, code in (("s", component), ("t", by_key))
    ]
    with static_site(built[0]) as session, static_site(built[1]) as token:
        yield Project(session, token)


@pytest.fixture
def page(talking: Browser) -> Iterator[Page]:
    context = talking.new_context(permissions=["microphone"])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    opened.on("console", note)
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("interface", ["session", "token"])
def test_the_guides_component_talks_through_both_interfaces(
    stack: Stack, project: Project, page: Page, interface: str
) -> None:
    page.goto(getattr(project, interface))
    page.get_by_role("button", name="Call").click()

    expect(page.locator("li", has_text="person:").first).to_contain_text("of speech")
    expect(page.locator("li", has_text="model:").first).not_to_have_text("model: ")
    assert heard_hz(page, "document.querySelector('audio').srcObject") == THE_TONE
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_role("status")).to_have_text("muted")
    page.get_by_role("button", name="Ask for a joke").click()
    expect(page.locator("li", has_text="model: You typed: Tell me a joke.")).to_have_count(1)
    page.get_by_role("button", name="Hang up").click()
    expect(page.get_by_role("status")).to_have_text("ended")
    wait_until(lambda: about(stack)["open_calls"] == [])


def test_a_component_that_is_mounted_twice_makes_one_call_and_leaves_none(
    stack: Stack, project: Project, page: Page
) -> None:
    wait_until(lambda: about(stack)["open_calls"] == [])

    page.goto(f"{project.session}#at-once")

    expect(page.get_by_role("status")).to_have_text("speaking")
    assert len(about(stack)["open_calls"]) == 1
    page.get_by_role("button", name="Leave").click()
    wait_until(lambda: about(stack)["open_calls"] == [])
