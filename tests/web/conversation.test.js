import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Conversation } from '../../web/realtime/conversation/index.js'
import { ANSWER, FakePeerConnection, deferred, fakeMicrophone, listening, settled } from './fakes.js'

const CREATED = {
  type: 'session.created',
  session: { type: 'realtime', audio: { input: { transcription: {}, turn_detection: { type: 'server_vad', silence_duration_ms: 200 } } } }
}
const typed = (id, text) => ({
  type: 'conversation.item.added',
  item: { id, type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
})
const MANUAL = { type: 'session.created', session: { type: 'realtime', audio: { input: { turn_detection: null } } } }

const NO_ANSWER = Object.assign(new Error('no answer'), { code: 'unreachable' })
/** Calls of which the server does not hear that they are over. */
const UNHEARD = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: () => Promise.reject(NO_ANSWER) })

/** A conversation whose calls are answered at once; each has its own connection. */
function aConversation(t, options) {
  const connections = []
  t.after(() => delete globalThis.RTCPeerConnection)
  globalThis.RTCPeerConnection = function () {
    connections.push(new FakePeerConnection())
    return connections.at(-1)
  }
  const microphone = fakeMicrophone()
  const signaling = async () => ({ answer: ANSWER, callId: `rtc_${connections.length}`, hangUp: async () => {} })
  const conversation = new Conversation({ signaling, microphone: async () => microphone, ...options })
  const agents = []
  conversation.addEventListener('change', ({ detail: { state, changed } }) => changed.includes('agent') && agents.push(state.agent))
  const up = async (created = CREATED) => {
    const connecting = conversation.connect()
    await settled()
    connections.at(-1).become('connected')
    await connecting
    await listening()
    receive(created)
  }
  const receive = (...events) => {
    const { channel } = connections.at(-1)
    channel.open()
    for (const event of events) channel.receive(event)
  }
  return { conversation, connections, microphone, agents, up, receive, sent: () => connections.at(-1).channel.sent.map(({ type }) => type) }
}

test('a conversation is idle, connecting, up, and ended', async (t) => {
  const { conversation, agents, up } = aConversation(t)
  assert.equal(conversation.state.agent, 'idle')

  await up()
  await conversation.hangUp()

  assert.deepEqual(agents.filter((agent) => agent !== 'asking' && agent !== 'connecting'), ['listening', 'ended'])
  assert.equal(conversation.state.error, undefined)
})

test('a change names what is different, and what is not stays the same object', async (t) => {
  const { conversation, up, receive } = aConversation(t)
  await up()
  const before = conversation.state
  const changes = []
  conversation.addEventListener('change', ({ detail }) => changes.push(detail))

  receive(typed('item_1', 'hello'), { type: 'rate_limits.updated' })

  assert.deepEqual(changes.map(({ changed }) => changed), [['turns']])
  assert.equal(changes[0].state, conversation.state)
  assert.equal(before.turns.length, 0)
  for (const name of ['microphone', 'usage', 'timings', 'can']) assert.equal(conversation.state[name], before[name])
  receive(typed('item_2', 'there'))
  assert.equal(conversation.state.turns[0], changes[0].state.turns[0])
  assert.throws(() => (conversation.state.agent = 'thinking'), TypeError)
})

test('what was said in an earlier call stays above a divider, also when the next call fails', async (t) => {
  const { conversation, up, receive } = aConversation(t)
  await up()
  receive(typed('item_1', 'one'))
  await conversation.hangUp()
  const failing = conversation.connect({ signaling: async () => Promise.reject(Object.assign(new Error('No.'), { code: 'unreachable' })) })
  await assert.rejects(failing)
  assert.deepEqual(conversation.state.turns.map(({ text }) => text), ['one'])
  assert.deepEqual([conversation.state.agent, conversation.state.error.code], ['failed', 'unreachable'])
})

test('a new call begins below the divider', async (t) => {
  const { conversation, up, receive } = aConversation(t)
  await up()
  receive(typed('item_1', 'one'))
  await conversation.hangUp()

  await up()
  receive(typed('item_2', 'two'))

  assert.deepEqual(conversation.state.turns.map(({ speaker, text }) => [speaker, text]), [['person', 'one'], ['divider', ''], ['person', 'two']])
  await conversation.hangUp()
  conversation.clear()
  assert.deepEqual(conversation.state.turns, [])
})

test('a lost call is placed again, and the person sees when', async (t) => {
  const { conversation, connections, agents, up, receive } = aConversation(t)
  await up()
  conversation.mute()
  receive(typed('item_1', 'one'))

  t.mock.timers.enable({ apis: ['setTimeout'] })
  connections[0].become('failed')
  assert.deepEqual([conversation.busy, conversation.state.agent, conversation.state.reconnection], [true, 'reconnecting', { secondsLeft: 1, attempts: 1 }])
  t.mock.timers.tick(1000)
  await settled()
  connections[1].become('connected')
  t.mock.timers.tick(0)
  receive(CREATED)

  assert.equal(conversation.state.agent, 'muted')
  assert.equal(conversation.state.reconnection, undefined)
  assert.deepEqual(conversation.state.turns.map(({ speaker }) => speaker), ['person', 'page'])
  assert.ok(!agents.includes('ended'))
  await conversation.hangUp()
})

test('a lost call is placed again with the microphone that was chosen meanwhile', async (t) => {
  const { conversation, connections, up } = aConversation(t)
  await up()
  connections[0].become('failed')
  const chosen = fakeMicrophone()
  await conversation.setMicrophone(async () => chosen)

  conversation.reconnect()
  await settled()

  assert.equal(conversation.call.microphone, chosen)
  await conversation.hangUp()
})

test('a lost call is placed again with the microphone that it had, where another one could not be opened', async (t) => {
  const { conversation, connections, microphone, up } = aConversation(t)
  await up()
  const busy = new Error('Busy')
  await assert.rejects(conversation.setMicrophone(() => Promise.reject(busy)), busy)
  connections[0].become('failed')

  conversation.reconnect()
  await settled()

  assert.equal(conversation.call.microphone, microphone)
  await conversation.hangUp()
})

test('a lost call is placed again with the microphone that the person was asked for when it was lost', async (t) => {
  const { conversation, connections, up } = aConversation(t)
  await up()
  const [granted, chosen, asked] = [deferred(), fakeMicrophone(), []]
  const choosing = conversation.setMicrophone(() => (asked.push('again'), asked.length === 1 ? granted.promise : chosen))
  connections[0].become('failed')
  granted.resolve(fakeMicrophone())
  await assert.rejects(choosing, { code: 'connection_lost' })

  conversation.reconnect()
  await settled()

  assert.equal(conversation.call.microphone, chosen)
  await conversation.hangUp()
})

test('whoever hangs up while a lost call waits is not called again', async (t) => {
  const { conversation, connections, up } = aConversation(t)
  await up()
  connections[0].become('failed')

  await conversation.hangUp()

  assert.deepEqual([conversation.busy, conversation.state.agent, conversation.state.error], [false, 'ended', undefined])
})

test('whoever hangs up while a lost call waits is not told what became of that call’s hang-up', async (t) => {
  const told = deferred()
  const signaling = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: () => told.promise })
  const { conversation, connections, up } = aConversation(t, { signaling })
  await up()
  connections[0].become('failed')

  await conversation.hangUp()
  told.reject(NO_ANSWER)
  await settled()

  assert.deepEqual([conversation.state.agent, conversation.state.error], ['ended', undefined])
})

test('whoever hangs up ends the call that was up, not one that is placed when it is told', async (t) => {
  const { conversation, connections, up } = aConversation(t)
  await up()
  connections[0].become('failed')
  let next
  conversation.addEventListener('change', ({ detail: { state } }) => state.agent === 'ended' && (next ??= conversation.connect()))

  await conversation.hangUp()
  await settled()
  connections[1].become('connected')
  await next

  assert.equal(conversation.state.call, 'connected')
  await conversation.hangUp()
})

test('a call that is not to be placed again ends with its error', async (t) => {
  const { conversation, connections, up } = aConversation(t, { reconnect: () => false })
  await up()

  connections[0].become('failed')

  assert.deepEqual([conversation.busy, conversation.state.agent, conversation.state.error.code], [false, 'failed', 'connection_lost'])
  conversation.dismissError()
  assert.deepEqual([conversation.state.agent, conversation.state.error], ['idle', undefined])
})

test('text is sent and answered, and how long the answer took is told', async (t) => {
  const { conversation, up, receive, sent } = aConversation(t)
  assert.equal(conversation.sendText('hello'), false)
  await up()

  assert.equal(conversation.sendText('hello'), true)
  assert.equal(conversation.state.agent, 'thinking')
  receive({ type: 'response.created' }, { type: 'response.output_audio_transcript.delta', item_id: 'a', response_id: 'r', delta: 'Hi' })
  receive({ type: 'output_audio_buffer.started', response_id: 'r' })

  assert.deepEqual(sent(), ['conversation.item.create', 'response.create'])
  assert.equal(typeof conversation.state.latencyMs, 'number')
  assert.equal(conversation.state.turns[0].latencyMs, conversation.state.latencyMs)
  assert.equal(conversation.state.agent, 'speaking')
  await conversation.hangUp()
})

test('from the end of speech counts what the upstream waited to be sure of it', async (t) => {
  const { conversation, up, receive } = aConversation(t)
  await up()

  receive({ type: 'input_audio_buffer.speech_stopped' }, { type: 'output_audio_buffer.started', response_id: 'r' })

  assert.ok(conversation.state.latencyMs >= 200)
  await conversation.hangUp()
})

test('what is too large is not sent, and the state says so', async (t) => {
  const { conversation, up, sent } = aConversation(t)
  await up()

  assert.equal(conversation.sendText('x'.repeat(2000)), false)

  assert.equal(conversation.state.error.code, 'event_too_large')
  assert.deepEqual(sent(), [])
  assert.equal(conversation.sendText('hello'), true)
  assert.equal(conversation.state.error, undefined)
  await conversation.hangUp()
})

test('text that is too large does not interrupt the answer that is being given', async (t) => {
  const { conversation, up, receive, sent } = aConversation(t)
  await up()
  receive({ type: 'response.created' }, { type: 'output_audio_buffer.started', response_id: 'r' })

  assert.equal(conversation.sendText('x'.repeat(2000)), false)
  assert.deepEqual(sent(), [])
  assert.equal(conversation.sendText('hello'), true)

  assert.deepEqual(sent(), ['conversation.item.create', 'response.cancel', 'output_audio_buffer.clear'])
  await conversation.hangUp()
})

const calling = (name, args = '{}') => ({
  type: 'response.done',
  response: { id: 'r', status: 'completed', output: [{ id: 'item_1', type: 'function_call', name, arguments: args, call_id: 'tool_1' }] }
})

test('a function’s result that is too large is told to the model as an error, and the model goes on', async (t) => {
  const { conversation, connections, up, receive } = aConversation(t, { tools: { read: () => 'x'.repeat(2000) } })
  await up()

  receive(calling('read'))
  await settled()

  assert.deepEqual(connections[0].channel.sent, [
    { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'tool_1', output: '{"error":"The result is too large."}' } },
    { type: 'response.create', event_id: 'response_1' }
  ])
  assert.equal(conversation.state.error.code, 'event_too_large')
  await conversation.hangUp()
})

test('a function learns by its signal that the call is over, and what it fails with then is told to nobody', async (t) => {
  const seen = []
  const read = (args, { signal, toolCallId }) => {
    seen.push(args, toolCallId, signal.aborted)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('Too late.'))))
  }
  const { conversation, up, receive } = aConversation(t, { tools: { read } })
  await up()
  receive(calling('read', '{"page":1}'))
  await settled()
  assert.deepEqual(seen, [{ page: 1 }, 'tool_1', false])

  await conversation.hangUp()
  await settled()

  assert.deepEqual([conversation.state.agent, conversation.state.error], ['ended', undefined])
})

test('what cannot be sent because the channel is closing is not sent, and the call goes on to its end', async (t) => {
  const slow = deferred()
  const { conversation, connections, up, receive } = aConversation(t, { tools: { read: () => slow.promise } })
  await up()
  receive(calling('read'))
  connections[0].channel.readyState = 'closing'
  slow.resolve('done')
  await settled()

  assert.equal(conversation.send({ type: 'response.create' }), false)
  assert.deepEqual([connections[0].channel.sent, conversation.state.error], [[], undefined])
  await conversation.hangUp()
})

test('who is muted is not listened to, until they are not', async (t) => {
  const { conversation, microphone, up } = aConversation(t)
  await up()

  conversation.mute()
  assert.deepEqual([conversation.state.agent, conversation.state.microphone.muted, microphone.track.enabled], ['muted', true, false])
  conversation.mute(false)

  assert.deepEqual([conversation.state.agent, microphone.track.enabled], ['listening', true])
  await conversation.hangUp()
})

test('who pushes to talk is heard while they press, and answered when they let go', async (t) => {
  const { conversation, microphone, up, sent } = aConversation(t)
  conversation.setMicrophoneMode('push')
  await up()
  assert.deepEqual([conversation.state.microphone.mode, microphone.track.enabled, conversation.state.agent], ['push', false, 'listening'])
  assert.deepEqual(sent(), ['session.update'])

  conversation.press()
  assert.deepEqual([conversation.state.microphone.pressed, microphone.track.enabled], [true, true])
  conversation.release()
  await new Promise((resolve) => setTimeout(resolve, 300))

  assert.deepEqual([conversation.state.microphone.pressed, microphone.track.enabled], [false, false])
  assert.deepEqual(sent(), ['session.update', 'input_audio_buffer.clear', 'input_audio_buffer.commit', 'response.create'])
  await conversation.hangUp()
})

test('who presses again before the last sound has arrived goes on with the same words', async (t) => {
  const { conversation, up, sent } = aConversation(t)
  conversation.setMicrophoneMode('push')
  await up()
  t.mock.timers.enable({ apis: ['setTimeout'] })

  conversation.press()
  conversation.release()
  t.mock.timers.tick(249)
  conversation.press()
  t.mock.timers.tick(1_000)
  assert.deepEqual(sent(), ['session.update', 'input_audio_buffer.clear'])
  conversation.release()
  t.mock.timers.tick(250)
  assert.deepEqual(sent().slice(2), ['input_audio_buffer.commit', 'response.create'])
  conversation.press()

  assert.deepEqual(sent().slice(4), ['input_audio_buffer.clear'])
  await conversation.hangUp()
})

test('a session that takes no turns makes the person push to talk', async (t) => {
  const { conversation, microphone, up, receive, sent } = aConversation(t)
  await up()

  receive(MANUAL)

  assert.deepEqual([conversation.state.microphone.mode, conversation.state.microphone.manual], ['push', true])
  assert.equal(microphone.track.enabled, false)
  assert.deepEqual(sent(), [])
  await conversation.hangUp()
  assert.deepEqual([conversation.state.microphone.mode, conversation.state.microphone.manual], ['open', false])
})

test('what the upstream says is wrong is told, and what is harmless is not', async (t) => {
  const { conversation, up, receive } = aConversation(t)
  await up()

  receive({ type: 'error', error: { message: 'Nothing to cancel.', code: 'response_cancel_not_active' } })
  assert.equal(conversation.state.error, undefined)
  receive({ type: 'error', event_id: 'event_1', error: { message: 'No.', type: 'server_error', code: null } })

  const { message, code, requestId } = conversation.state.error
  assert.deepEqual([message, code, requestId], ['No.', 'server_error', 'event_1'])
  await conversation.hangUp()
})

test('usage adds up over the responses', async (t) => {
  const { conversation, up, receive } = aConversation(t)
  await up()
  const usage = { input_tokens: 10, output_tokens: 5, input_token_details: { cached_tokens: 4 } }

  receive({ type: 'response.done', response: { status: 'completed', usage } }, { type: 'response.done', response: { status: 'completed', usage } })

  const { inputTokens, cachedTokens, outputTokens, dollars } = conversation.state.usage
  assert.deepEqual([inputTokens, cachedTokens, outputTokens, dollars], [20, 8, 10, undefined])
  await conversation.hangUp()
})

test('a call without a channel has nothing to write or interrupt', async (t) => {
  const { conversation, connections } = aConversation(t, { channel: false })
  const connecting = conversation.connect()
  await settled()
  connections[0].become('connected')
  await connecting

  assert.deepEqual([conversation.state.can, conversation.state.agent], [{ text: false, interrupt: false }, 'listening'])
  assert.equal(conversation.send({ type: 'response.create' }), false)
  await conversation.hangUp()
})

test('there is one call at a time', async (t) => {
  const { conversation, up } = aConversation(t)
  await up()

  await assert.rejects(conversation.connect(), { name: 'InvalidStateError' })
  await conversation.hangUp()
})

test('who is muted before a call begins is not heard in it', async (t) => {
  const { conversation, microphone, up } = aConversation(t)
  conversation.mute()
  conversation.setMicrophoneMode('open')

  await up()

  assert.equal(conversation.state.microphone.muted, true)
  assert.equal(microphone.track.enabled, false)
})

test('a lost call that waits to be placed again keeps the conversation busy', async (t) => {
  const { conversation, connections, up } = aConversation(t)
  const busy = [conversation.state.busy]
  await up()
  busy.push(conversation.state.busy)
  connections[0].become('failed')
  busy.push(conversation.state.busy)
  await conversation.hangUp()

  assert.deepEqual([...busy, conversation.state.busy], [false, true, true, false])
})

test('a hang-up that the server did not hear of is told by the state, too', async (t) => {
  const { conversation, up } = aConversation(t, { signaling: UNHEARD })
  await up()

  await assert.rejects(conversation.hangUp(), NO_ANSWER)

  assert.equal(conversation.state.error, NO_ANSWER)
})

test('a remark has a code, for pages in other languages', async (t) => {
  const { conversation, connections, up, receive } = aConversation(t)
  await up()
  receive(typed('item_1', 'hello'))
  connections[0].become('failed')
  await conversation.hangUp()

  const { code, text } = conversation.state.turns.at(-1)
  assert.deepEqual([code, text], ['reconnecting', 'The connection was lost: the model remembers nothing of what was said.'])
})

test('who is muted is so again after a session that made them push to talk', async (t) => {
  const { conversation, up } = aConversation(t)
  await up()
  conversation.mute()
  await conversation.hangUp()

  await up(MANUAL)
  assert.deepEqual([conversation.state.microphone.mode, conversation.state.microphone.muted], ['push', false])
  await conversation.hangUp()

  assert.deepEqual([conversation.state.microphone.mode, conversation.state.microphone.muted], ['open', true])
})

test('a conversation stays busy while a lost call is placed again', async (t) => {
  const { conversation, connections, up } = aConversation(t)
  await up()
  const seen = []
  conversation.addEventListener('change', ({ detail: { state } }) => seen.push(state.busy))

  connections[0].become('failed')
  conversation.reconnect()
  await settled()
  connections.at(-1).become('connected')
  await settled()

  assert.deepEqual(new Set(seen), new Set([true]))
  await conversation.hangUp()
})

test('a call that is given up before it begins leaves nothing behind', async (t) => {
  const { conversation } = aConversation(t)

  await assert.rejects(conversation.connect({ signal: AbortSignal.abort() }), { name: 'AbortError' })

  assert.deepEqual([conversation.state.busy, conversation.state.call], [false, 'idle'])
})

test('a call that is given up when it is announced leaves the conversation free for the next one', async (t) => {
  const { conversation } = aConversation(t)
  const giving = new AbortController()
  conversation.addEventListener('call', () => giving.abort())

  await assert.rejects(conversation.connect({ signal: giving.signal }), { name: 'AbortError' })

  assert.deepEqual([conversation.busy, conversation.state.busy, conversation.state.agent, conversation.state.error], [false, false, 'ended', undefined])
})

test('an old failure of a hang-up is not told by the state again', async (t) => {
  const { conversation, up } = aConversation(t, { signaling: UNHEARD })
  await up()
  await assert.rejects(conversation.hangUp(), NO_ANSWER)
  conversation.dismissError()

  await assert.rejects(conversation.hangUp(), NO_ANSWER)

  assert.equal(conversation.state.error, undefined)
})
