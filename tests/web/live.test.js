import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LiveEvents } from '../../web/realtime/conversation/live-events.js'
import { TranslationEvents } from '../../web/realtime/conversation/translation-events.js'
import { deferred, settled } from './fakes.js'
import { aSession } from './session.js'

/** A session whose pauses the test lets pass. */
function aStream(t, Events, tools) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const made = aSession({ Events, tools })
  const said = () => made.transcript.turns.map(({ speaker, text, state }) => [speaker, text, state])
  return { ...made, said }
}

const heard = (delta) => ({ type: 'session.input_transcript.delta', delta })
const answered = (delta) => ({ type: 'session.output_transcript.delta', delta })
const started = (delegation = { type: 'client' }) => ({ type: 'session.started', session: { id: 'live_1', delegation } })

test('words become turns of the two who speak', (t) => {
  const { session, said } = aStream(t, LiveEvents)
  session.take(heard('How'), 0)
  session.take(heard(' are you'), 300)
  session.take(answered('Fine'), 1000)
  session.take(answered(' thanks'), 1200)

  assert.deepEqual(said(), [['person', 'How are you', 'partial'], ['model', 'Fine thanks', 'partial']])
  session.take(heard(' And'), 1700)
  assert.deepEqual(said().map(([, ...rest]) => rest), [['How are you', 'final'], ['Fine thanks', 'partial'], ['And', 'partial']])
})

test('words that cross on the way are no turn of their own', (t) => {
  const { session, said } = aStream(t, LiveEvents)
  session.take(heard('How'), 0)
  session.take(answered('Mhm'), 100)
  session.take(heard(' are you'), 300)

  assert.deepEqual(said(), [['person', 'How are you', 'partial'], ['model', 'Mhm', 'partial']])
})

test('a pause ends a turn, though no event says so', (t) => {
  const { session, told, said } = aStream(t, LiveEvents)
  session.take(answered('Fine'), 0)
  t.mock.timers.tick(2000)

  assert.deepEqual([said(), told.changes], [[['model', 'Fine', 'final']], 1])
  session.take(answered(' Still here?'), 3000)
  assert.deepEqual(said().at(-1), ['model', 'Still here?', 'partial'])
  session.end()
  assert.deepEqual(said().at(-1), ['model', 'Still here?', 'interrupted'])
})

test('an interpreter speaks along: only a pause ends a turn', (t) => {
  const { session, said } = aStream(t, TranslationEvents)
  session.take(heard('hello'), 0)
  session.take(answered('hola'), 600)
  session.take(heard(' world'), 1200)
  session.take(answered(' mundo'), 1800)

  assert.deepEqual(said(), [['person', 'hello world', 'partial'], ['model', 'hola mundo', 'partial']])
})

test('their voices tell who speaks, and how long the answer took', (t) => {
  const { session, agent, latency, transcript } = aStream(t, LiveEvents)
  session.hear('person', 0.6, 1000)
  session.hear('person', 0, 1100)
  session.take(answered('Fine'), 1400)
  session.hear('model', 0.6, 1500)

  assert.deepEqual([agent.doing, latency.last, transcript.turns[0].latencyMs], ['speaking', 500, 500])
  session.hear('model', 0, 2300)
  assert.equal(agent.doing, 'listening')
  session.hear('model', 0.6, 3000)
  assert.equal(latency.last, 500)
})

test('muting is told to the upstream, once it can be', (t) => {
  const { session, sent } = aStream(t, LiveEvents)
  session.mute(true)
  assert.deepEqual(sent, [])

  session.take(started(), 0)
  session.mute(true)
  session.mute(false)

  assert.deepEqual(sent.map(({ type }) => type), ['session.input_audio.mute', 'session.input_audio.unmute'])
})

for (const [reason, code] of [
  ['expired', 'session_expired'],
  ['content', 'content_filter'],
  ['connection_lost', 'connection_lost'],
  ['remote_hangup', 'ended_upstream'],
  ['close_requested', 'ended_upstream']
]) {
  test(`a session that is closed as ${reason} ends the call with ${code}`, (t) => {
    const { session, ends, usage } = aStream(t, LiveEvents)
    session.take({ type: 'session.closed', reason, usage: { seconds: 12 } }, 0)

    assert.deepEqual([ends.map(({ code }) => code), usage.total.seconds], [[code], 12])
  })
}

test('usage is in seconds, of all calls', (t) => {
  const { session, usage } = aStream(t, LiveEvents)
  session.take({ type: 'session.usage.updated', usage: { seconds: 5 } }, 0)
  session.take({ type: 'session.usage.updated', usage: { seconds: 9 } }, 0)
  assert.equal(usage.total.seconds, 9)

  usage.begin()
  session.take({ type: 'session.usage.updated', usage: { seconds: 2 } }, 0)

  assert.deepEqual([usage.total.seconds, usage.total.dollars], [11, undefined])
})

const nested = (type, members) => ({ type: 'response.event', event: { type, ...members } })

test('a function that the backend calls is run, shown, and answered', async (t) => {
  const { session, sent, agent, transcript } = aStream(t, LiveEvents, { add: ({ a, b }) => a + b })
  const call = { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'add' }
  session.take(started({ type: 'responses' }), 0)
  session.take({ type: 'session.delegation.created', delegation: { id: 'd_1', target: 'responses' } }, 0)
  session.take(nested('response.output_item.added', { item: { ...call, arguments: '' } }), 0)
  session.take(nested('response.function_call_arguments.delta', { item_id: 'fc_1', delta: '{"a":1,"b":2}' }), 0)
  session.take(nested('response.output_item.done', { item: { ...call, arguments: '{"a":1,"b":2}' } }), 0)
  session.take(nested('response.completed', { response: {} }), 0)
  assert.equal(agent.doing, 'thinking')
  await settled()

  assert.deepEqual(sent, [
    { type: 'response.item.create', item: { type: 'function_call_output', call_id: 'call_1', output: '3' } },
    { type: 'response.create' }
  ])
  const [{ name, arguments: args, output, state }] = transcript.turns
  assert.deepEqual([name, args, output, state], ['add', '{"a":1,"b":2}', '3', 'final'])
  session.take(nested('response.completed', { response: {} }), 0)
  assert.equal(agent.doing, 'listening')
})

test('what a function of the backend fails with when the call is over is told to nobody', async (t) => {
  const slow = deferred()
  const { session, sent, errors } = aStream(t, LiveEvents, { read: () => slow.promise })
  session.take(nested('response.output_item.done', { item: { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'read', arguments: '{}' } }), 0)
  session.take(nested('response.completed', { response: {} }), 0)
  await settled()
  session.end()
  slow.reject(new Error('Too late.'))
  await settled()

  assert.deepEqual([sent, errors], [[], []])
})

test('who writes, writes to the backend, where there is one', (t) => {
  const { session, sent, said } = aStream(t, LiveEvents)
  session.take(started(), 0)
  assert.deepEqual(session.can, { text: false, interrupt: false })
  session.take(started({ type: 'responses' }), 0)
  assert.equal(session.can.text, true)

  assert.equal(session.text('hello'), true)

  assert.deepEqual(sent.map(({ type }) => type), ['response.item.create', 'response.create'])
  assert.deepEqual(said(), [['person', 'hello', 'final']])
})

test('what a locked session does not let the page do is no error to the person, anything else is', (t) => {
  const { session, errors } = aStream(t, LiveEvents)
  session.take({ type: 'error', error: { message: 'No.', code: 'event_not_allowed' } }, 0)
  session.take({ type: 'error', error: { message: 'No.', code: 'invalid_value' } }, 0)

  assert.deepEqual(errors.map(({ code }) => code), ['invalid_value'])
})
