"""The module as a package: its files, its types in another strict project, and that it runs."""

import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.thorough

BIN = ROOT / "node_modules" / ".bin"

# Code of a frontend; each line that must not compile has `@ts-expect-error`.
CONSUMER = """
import { Call, ConnectionError, Meter, MicrophoneError, SignalingError, byEphemeralKey, microphones, openMicrophone, relayed } from 'realtime-serverless'
import type { CallStatistics, ErrorCode, ServerEvent, Signaling } from 'realtime-serverless'
import { Conversation, ToolError } from 'realtime-serverless/conversation'
import type { ConversationState, Turn } from 'realtime-serverless/conversation'
import { useConversation } from 'realtime-serverless/react'

const own: Signaling = async (offer: string, signal: AbortSignal) => ({ answer: offer, callId: undefined, hangUp: undefined })
const prepared = byEphemeralKey({ tokenUrl: 'https://api.example/token', choices: { voice: 'marin' }, bearer: async () => 'token' })
prepared.prepare().then(() => undefined)
const call = new Call(relayed({ url: 'https://api.example/session', preset: 'assistant' }), { channel: true, microphone: () => openMicrophone() })
call.addEventListener('stream', ({ detail }) => new Meter(detail).level.toFixed(1))
call.addEventListener('server-event', ({ detail }: CustomEvent<ServerEvent>) => detail.type.length)
call.addEventListener('state', ({ detail: { state, error } }) => (state === 'closed' ? error?.code?.length : 0))
call.connect().catch((error: unknown) => error instanceof SignalingError && error.status === 429)
const statistics: Promise<CallStatistics> = call.statistics()
microphones().then(([first]) => call.setMicrophone(() => openMicrophone({ deviceId: first?.deviceId })))
const firstAudio: number | undefined = call.timings.firstAudio
new Call(own); [ConnectionError, MicrophoneError, statistics, firstAudio]
const add = ({ a, b }: Record<string, unknown>) => { if (!a) throw new ToolError('There is no a.'); return Number(a) + Number(b) }
const conversation = new Conversation({ signaling: own, tools: { add, later: async () => 1 }, reconnect: () => navigator.onLine })
conversation.addEventListener('change', ({ detail: { state, changed } }) => changed.includes('turns') && state.turns.length)
conversation.connect({ channel: false }).then(() => conversation.sendText('hello'))
const texts = (state: ConversationState) => state.turns.map((turn: Turn) => (turn.speaker === 'function' ? turn.name : turn.text)); [texts]
call.addEventListener('server-event', ({ detail }) => {
  if (detail.type === 'response.done') detail.response.status?.length
  if (detail.type === 'session.usage.updated') detail.usage.seconds.toFixed()
  // @ts-expect-error: an event has its own members
  if (detail.type === 'response.created') detail.transcript
  // @ts-expect-error: there is no such event
  if (detail.type === 'response.finished') return
})
call.send({ type: 'response.create', response: { instructions: 'Say hello.' } })
// @ts-expect-error: there is no such client event
call.send({ type: 'response.make' })
// @ts-expect-error: the event has no such member
call.send({ type: 'response.cancel', now: true })
const code: ErrorCode = 'quota_exceeded'
// @ts-expect-error: there is no such code
const misspelt: ErrorCode = 'quota_exceded'; [code, misspelt]
relayed({ choices: { speed: 1.25 } })
const { call: begin, send, state }: { call: () => Promise<void>; send: (text: string) => boolean; state: ConversationState } = useConversation({ signaling: own })
begin().then(() => send(state.agent))
// @ts-expect-error: there is no such state
state.agent === 'dreaming'
// @ts-expect-error: the state is changed by nobody but the conversation
conversation.state.agent = 'listening'
// @ts-expect-error: there is no such event
conversation.addEventListener('chnage', () => {})
// @ts-expect-error: there is no such event
call.removeEventListener('states', () => {})
// @ts-expect-error: there is no such state
call.state === 'ringing'
// @ts-expect-error: the voice is a choice, not an option
relayed({ voice: 'marin' })
"""  # noqa: E501 - one line for each case

STRICT = {
    "compilerOptions": {
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "noUncheckedIndexedAccess": True,
        "noEmit": True,
        "module": "NodeNext",
        "target": "ES2022",
        "lib": ["ES2022", "DOM"],
        "types": [],
    },
    "files": ["consumer.ts"],
}


def run(folder: Path, *command: str, tools: tuple[Path, ...] = (BIN,)) -> str:
    path = [*map(str, tools), str(ROOT / ".venv" / "bin"), os.environ["PATH"]]
    environment = os.environ | {"PATH": os.pathsep.join(path)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tarball that `npm pack` makes of a copy."""
    folder = tmp_path_factory.mktemp("package")
    source = shutil.copytree(ROOT / "web" / "realtime", folder / "realtime", ignore=shutil.ignore_patterns("types"))
    before = sorted(file.name for file in source.iterdir())
    run(source, "npm", "pack", "--offline", "--json", "--pack-destination", "..")
    assert sorted(file.name for file in source.iterdir()) == before
    [tarball] = folder.glob("*.tgz")
    return tarball


@pytest.fixture(scope="module")
def consumer(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the package as its only dependency."""
    folder = tmp_path_factory.mktemp("consumer")
    installed = folder / "node_modules" / "realtime-serverless"
    with tarfile.open(package) as tar:
        tar.extractall(folder, filter="data")
    installed.parent.mkdir()
    (folder / "package").rename(installed)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def test_the_package_has_the_modules_their_types_and_nothing_else(package: Path) -> None:
    modules = [
        "answer",
        "call",
        "channel",
        "client-event-error",
        "connection-error",
        "conversation/agent",
        "conversation/answers",
        "conversation/can",
        "conversation/conversation",
        "conversation/conversation-state",
        "conversation/function-calls",
        "conversation/index",
        "conversation/items",
        "conversation/latency",
        "conversation/live-events",
        "conversation/microphone-state",
        "conversation/muted-voice",
        "conversation/playback",
        "conversation/realtime-events",
        "conversation/reconnection",
        "conversation/responses",
        "conversation/session",
        "conversation/session-error",
        "conversation/session-reader",
        "conversation/speech",
        "conversation/streamed-turns",
        "conversation/tools",
        "conversation/transcript",
        "conversation/translation-events",
        "conversation/turn-detection",
        "conversation/usage",
        "conversation/voice-watch",
        "conversation/voices",
        "cost",
        "hang-up",
        "index",
        "input",
        "keys",
        "meter",
        "microphone",
        "microphone-watch",
        "minutes",
        "peer-connection",
        "prices",
        "react/index",
        "request",
        "signaling",
        "signaling-error",
        "statistics",
        "time-limit",
        "timings",
        "url",
    ]
    with tarfile.open(package) as tar:
        names = sorted(name.removeprefix("package/") for name in tar.getnames())

    assert names == sorted(
        ["CHANGELOG.md", "LICENSE", "README.md", "package.json"]
        + [f"{module}.js" for module in modules]
        + [f"types/{module}.d.ts" for module in [*modules, "error-codes", "events", "types"]]
    )


def test_the_guides_command_makes_the_package_on_a_fresh_clone(package: Path, tmp_path: Path) -> None:
    """Without `node_modules`: npm fetches the compiler by itself."""
    command = "npm pack ./web/realtime"
    assert f"`{command}`" in (ROOT / "docs" / "frontend.md").read_text()
    shutil.copytree(ROOT / "web", tmp_path / "web", ignore=shutil.ignore_patterns("types"))

    run(tmp_path, *command.split(), tools=())

    [made] = tmp_path.glob("*.tgz")
    with tarfile.open(package) as expected, tarfile.open(made) as packed:
        assert sorted(packed.getnames()) == sorted(expected.getnames())


def test_the_package_type_checks_in_another_strict_project(consumer: Path) -> None:
    (consumer / "consumer.ts").write_text(CONSUMER)
    (consumer / "tsconfig.json").write_text(json.dumps(STRICT))

    run(consumer, "tsc", "-p", "tsconfig.json")


BY_URL = """
import { Call, Conversation, relayed } from 'https://voice.example.com/realtime/1/index.js'

const conversation = new Conversation({ signaling: relayed({ url: '/session' }) })
const call: Call | undefined = conversation.call
call?.hangUp()
// @ts-expect-error: the types are those of the package
conversation.state.agent === 'dreaming'
"""


def test_the_guides_declaration_gives_a_module_by_url_its_types(consumer: Path) -> None:
    [declaration] = re.findall(
        r"```ts\n(declare module .*?)```", (ROOT / "docs" / "frontend.md").read_text(), re.DOTALL
    )
    (consumer / "by-url.d.ts").write_text(declaration)
    (consumer / "by-url.ts").write_text(BY_URL)
    (consumer / "by-url.json").write_text(json.dumps(STRICT | {"files": ["by-url.d.ts", "by-url.ts"]}))

    run(consumer, "tsc", "-p", "by-url.json")


def test_the_package_runs_without_any_other(consumer: Path) -> None:
    script = """
      const { Call, SignalingError, relayed } = await import('realtime-serverless')
      const refusing = async () => Response.json({ error: { message: 'Too many.', code: 'rate_limit_exceeded' } }, { status: 429 })
      const error = await relayed({ fetch: refusing })('v=0', new AbortController().signal).catch((error) => error)
      console.log(error instanceof SignalingError, error.code, typeof Call)
    """  # noqa: E501

    assert run(consumer, "node", "--input-type=module", "--eval", script) == "true rate_limit_exceeded function\n"


def test_the_package_depends_on_nothing_but_the_react_of_who_has_one(consumer: Path) -> None:
    package = json.loads((consumer / "node_modules" / "realtime-serverless" / "package.json").read_text())

    assert {"dependencies", "optionalDependencies"}.isdisjoint(package)
    assert package["peerDependencies"] == {"react": ">=18"}
    assert package["peerDependenciesMeta"] == {"react": {"optional": True}}
