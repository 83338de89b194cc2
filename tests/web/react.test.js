import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newContainer } from './fake-document.js'
import { ANSWER, FakePeerConnection, fakeMicrophone, settled } from './fakes.js'

const { act, createElement } = await import('react')
const { createRoot } = await import('react-dom/client')
const { useConversation } = await import('../../web/realtime/react/index.js')

const signaling = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: async () => {} })
const microphone = async () => fakeMicrophone()

/** A component that uses the hook, and what it was given at its last rendering. */
function aComponent(t) {
  const connections = []
  t.after(() => delete globalThis.RTCPeerConnection)
  globalThis.RTCPeerConnection = function () {
    connections.push(new FakePeerConnection())
    return connections.at(-1)
  }
  const root = createRoot(newContainer())
  t.after(() => act(async () => root.unmount()))
  const used = {}
  const Talk = ({ options, shown }) => {
    Object.assign(used, useConversation(options))
    return shown && createElement('audio', { ref: (element) => (used.audio(element), element && (used.element = element)) })
  }
  const render = (options, shown = false) => act(async () => root.render(createElement(Talk, { options, shown })))
  const call = () =>
    act(async () => {
      const calling = used.call()
      await settled()
      connections.at(-1).become('connected')
      await calling
    })
  return { used, connections, render, call }
}

test('an <audio> that is mounted after the voice is there plays it', async (t) => {
  const { used, connections, render, call } = aComponent(t)
  await render({ signaling, microphone })
  await call()
  await act(async () => connections[0].hear('the voice'))

  await render({ signaling, microphone }, true)

  assert.deepEqual([used.element.srcObject, used.element.played], ['the voice', 1])
  await act(() => used.hangUp())
  assert.equal(used.element.srcObject, null)
})

test('the functions are the same at each rendering', async (t) => {
  const { used, render } = aComponent(t)
  const names = ['call', 'hangUp', 'mute', 'send', 'play', 'audio', 'conversation']
  await render({ signaling, microphone })
  const before = names.map((name) => used[name])

  await render({ signaling, microphone }, true)

  assert.deepEqual(names.map((name) => used[name]), before)
})

test('calling without signaling is a mistake, which is thrown', async (t) => {
  const { used, render } = aComponent(t)
  await render({})

  await assert.rejects(used.call(), { name: 'TypeError' })
})

test('why a call fails is in the state alone', async (t) => {
  const { used, render } = aComponent(t)
  const refused = Object.assign(new Error('No.'), { code: 'paused' })
  await render({ signaling: () => Promise.reject(refused), microphone })

  await act(() => used.call())

  assert.equal(used.error, refused)
})

test('a call that somebody hangs up while it connects ends without an error', async (t) => {
  const { used, render } = aComponent(t)
  await render({ signaling, microphone })

  await act(async () => {
    const calling = used.call()
    await used.hangUp()
    await calling
  })

  assert.deepEqual([used.state.agent, used.error], ['ended', undefined])
})

test('an option that a later rendering leaves out does not hold any more', async (t) => {
  const { used, connections, render, call } = aComponent(t)
  await render({ signaling, microphone, channel: false })
  await call()
  assert.equal(connections[0].channel, undefined)
  await act(() => used.hangUp())

  await render({ signaling, microphone })
  await call()

  assert.equal(connections[1].channel.label, 'oai-events')
})

test('a microphone that was chosen in a call is used by the next one, where the options name none', async (t) => {
  const chosen = fakeMicrophone()
  const { used, connections, render, call } = aComponent(t)
  t.mock.getter(globalThis, 'navigator', () => ({ mediaDevices: Object.assign(new EventTarget(), { getUserMedia: microphone }) }))
  await render({ signaling })
  await call()
  await act(() => used.conversation.setMicrophone(chosen))
  await act(() => used.hangUp())

  await call()

  assert.equal(connections[1].sender.track, chosen.track)
})

test('the tools are those of the newest rendering, and learn which call they are of', async (t) => {
  const runs = []
  const { used, connections, render, call } = aComponent(t)
  await render({ signaling, microphone, tools: { look: () => assert.fail('an old one') } })
  await call()
  await render({ signaling, microphone, tools: { look: (args, { toolCallId }) => runs.push([args, toolCallId]) } })

  await act(async () => {
    const { channel } = connections[0]
    channel.open()
    const output = [{ id: 'item_1', type: 'function_call', name: 'look', arguments: '{"at":1}', call_id: 'tool_1' }]
    channel.receive({ type: 'response.done', response: { status: 'completed', output } })
    await settled()
  })

  assert.deepEqual(runs, [[{ at: 1 }, 'tool_1']])
  await act(() => used.hangUp())
})
