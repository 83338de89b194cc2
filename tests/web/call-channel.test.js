import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aCall, aConnectedCall, heard } from './calls.js'
import { ANSWER, deferred, listening, settled } from './fakes.js'

test('a channel that the other side makes too is made under the id that signaling names', async () => {
  const signaling = Object.assign(async () => ({ answer: ANSWER, callId: 'rtc_1' }), { dcid: 0 })

  const { connection } = await aConnectedCall({ signaling })

  assert.deepEqual(connection.channel.options, { negotiated: true, id: 0 })
})

test('on such a channel client events wait until the other side is heard', async () => {
  const signaling = Object.assign(async () => ({ answer: ANSWER, callId: 'rtc_1' }), { dcid: 0 })
  const { call, connection } = await aConnectedCall({ signaling })
  connection.channel.open()
  call.send({ type: 'response.create' })
  assert.deepEqual(connection.channel.sent, [])

  connection.channel.receive({ type: 'session.created' })

  assert.deepEqual(connection.channel.sent, [{ type: 'response.create' }])
})

test('an upstream that takes no notice of the id is told of another channel', async (test) => {
  test.mock.timers.enable({ apis: ['setTimeout'] })
  const signaling = Object.assign(async () => ({ answer: ANSWER, callId: 'rtc_1' }), { dcid: 0 })
  const { call, connection, states } = await aConnectedCall({ signaling })
  const silent = connection.channel
  silent.open()
  call.send({ type: 'response.create' })

  test.mock.timers.tick(2_000)
  silent.dispatchEvent(new Event('close'))
  connection.channel.open()

  assert.equal(connection.channel.options, undefined)
  assert.deepEqual([silent.sent, connection.channel.sent], [[], [{ type: 'response.create' }]])
  assert.deepEqual(states, ['connecting', 'connected'])
})

test('a call without a channel makes none, and refuses client events', async () => {
  const { call, connection } = await aConnectedCall({ channel: false })

  assert.equal(connection.channel, undefined)
  assert.throws(() => call.send({ type: 'response.create' }), { name: 'InvalidStateError' })
})

test('client events wait for the channel and then go out in their order', async () => {
  const { call, connection } = await aConnectedCall()
  const announced = heard(call, 'client-event')

  call.send({ type: 'conversation.item.create' })
  call.send({ type: 'response.create' })
  assert.deepEqual([connection.channel.sent, announced], [[], []])
  connection.channel.open()
  call.send({ type: 'response.cancel' })

  const events = [{ type: 'conversation.item.create' }, { type: 'response.create' }, { type: 'response.cancel' }]
  assert.deepEqual(connection.channel.sent, events)
  assert.deepEqual(announced, events)
})

const large = { type: 'conversation.item.create', text: 'ä'.repeat(500) }

test('an event that is too large is refused with the limit, and the next one goes out', async () => {
  const { call, connection } = await aConnectedCall()
  connection.channel.open()

  assert.throws(() => call.send(large), { name: 'ClientEventError', code: 'event_too_large', size: 1045, limit: 1000 })
  call.send({ type: 'response.create' })

  assert.deepEqual(connection.channel.sent, [{ type: 'response.create' }])
})

test('of those that waited for the channel the one that is too large is refused, and the others go out', async () => {
  const { call, connection } = aCall()
  const [refused, sent] = [heard(call, 'client-event-refused'), heard(call, 'client-event')]
  const small = [{ type: 'session.update' }, { type: 'response.create' }]
  call.send(small[0])
  call.send(large)
  call.send(small[1])
  const connecting = call.connect()
  await settled()
  connection.become('connected')
  await connecting
  connection.channel.open()

  assert.deepEqual([connection.channel.sent, sent], [small, small])
  assert.deepEqual(refused.map(({ event, error }) => [event, error.code, error.limit]), [[large, 'event_too_large', 1000]])
  assert.equal(refused[0].error.message, 'The event conversation.item.create has 1,045 bytes; the other side takes 1,000 at most.')
})

test('server events are passed on, unknown ones and unknown members too', async () => {
  const { call, connection } = await aConnectedCall()
  const events = heard(call, 'server-event')

  connection.channel.receive({ type: 'session.created', event_id: 'event_1' })
  connection.channel.receive({ type: 'of.tomorrow', member: [1] })

  assert.deepEqual(events, [{ type: 'session.created', event_id: 'event_1' }, { type: 'of.tomorrow', member: [1] }])
})

test('who listens once the call is up hears of the first event, which came before', async () => {
  const { call, connection } = aCall()
  const connecting = call.connect()
  await settled()
  connection.channel.open()
  connection.channel.receive({ type: 'session.created' })
  connection.become('connected')
  await connecting
  const types = []
  call.addEventListener('server-event', ({ detail }) => types.push(detail.type))

  await listening()
  connection.channel.receive({ type: 'session.updated' })

  assert.deepEqual(types, ['session.created', 'session.updated'])
})

test('what the upstream said before the call failed is told before its end', async () => {
  const { call, connection } = aCall()
  const told = []
  call.addEventListener('server-event', ({ detail }) => told.push(detail.type))
  call.addEventListener('state', ({ detail }) => told.push(detail.state))
  const connecting = call.connect()
  await settled()
  connection.channel.open()
  connection.channel.receive({ type: 'error' })
  connection.become('failed')

  await assert.rejects(connecting, { code: 'not_connected' })
  assert.deepEqual(told, ['connecting', 'error', 'closed'])
})

test('what waits for the data channel is not sent once the call is hung up, though the connection still waits for the server', async () => {
  const told = deferred()
  const signaling = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: () => told.promise })
  const { call, connection } = await aConnectedCall({ signaling })
  const sent = []
  call.addEventListener('client-event', ({ detail }) => sent.push(detail))
  call.send({ type: 'response.create' })

  const hungUp = call.hangUp()
  connection.channel.open()
  told.resolve()
  await hungUp

  assert.deepEqual([sent, connection.channel.sent], [[], []])
})
