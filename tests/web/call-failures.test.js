import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConnectionError, relayed } from '../../web/realtime/index.js'
import { aCall, aConnectedCall } from './calls.js'
import { ANSWER, fakeMicrophone, fakeServer, settled } from './fakes.js'

test('a denied microphone closes the call before anything is asked of a server', async () => {
  const denied = Object.assign(new Error('Not allowed'), { code: 'microphone_denied' })
  const { call, upstream, connection, states } = aCall({ microphone: () => Promise.reject(denied) })

  await assert.rejects(call.connect(), denied)

  assert.deepEqual(states, ['connecting', ['closed', 'microphone_denied']])
  assert.deepEqual(upstream.offers, [])
  assert.equal(connection.connectionState, 'closed')
})

test('a channel that cannot be made fails the call before anybody is asked for the microphone', async () => {
  let asked = 0
  const { call, connection } = aCall({ microphone: async () => (asked++, fakeMicrophone()) })
  connection.createDataChannel = () => {
    throw new TypeError('The id is too large.')
  }

  await assert.rejects(call.connect(), { name: 'TypeError', message: 'The id is too large.' })
  await settled()

  assert.deepEqual([call.state, asked], ['closed', 0])
})

test('a microphone whose hardware fails is no hang-up, whoever opened it', async () => {
  const { call, states } = aCall({ microphone: () => Promise.reject(new DOMException('Starting audioinput failed', 'AbortError')) })

  await assert.rejects(call.connect(), { name: 'MicrophoneError', code: 'microphone_failed' })

  assert.deepEqual(states, ['connecting', ['closed', 'microphone_failed']])
})

test('a browser without WebRTC says so, before it asks for the microphone', async () => {
  const { call, states, upstream } = aCall({ connection: undefined, microphone: () => assert.fail('nobody was to be asked') })

  await assert.rejects(call.connect(), { name: 'ConnectionError', code: 'no_webrtc' })

  assert.deepEqual(states, ['connecting', ['closed', 'no_webrtc']])
  assert.deepEqual(upstream.offers, [])
  await assert.rejects(call.connect(), { name: 'InvalidStateError' })
  assert.equal((await call.statistics()).packetsSent, undefined)
})

test('a refused offer releases the microphone, and the refusal never becomes an answer', async () => {
  const body = { error: { message: 'No quota is left.', code: 'insufficient_quota', request_id: 'req_1' } }
  const server = fakeServer(Response.json(body, { status: 429 }))
  const { call, connection, microphone, states } = aCall({ signaling: relayed({ fetch: server.fetch }) })

  await assert.rejects(call.connect(), { name: 'SignalingError', message: 'No quota is left.', status: 429, requestId: 'req_1' })

  assert.equal(connection.remoteDescription, undefined)
  assert.equal(connection.connectionState, 'closed')
  assert.equal(microphone.track.stopped, true)
  assert.deepEqual(states, ['connecting', ['closed', 'insufficient_quota']])
})

test('an answer that the browser does not understand ends the call upstream', async () => {
  const { call, connection, upstream, microphone } = aCall()
  connection.setRemoteDescription = () => Promise.reject(new DOMException('Failed to parse', 'OperationError'))

  await assert.rejects(call.connect(), { name: 'ConnectionError', code: 'not_understood' })

  assert.equal(upstream.hangUps, 1)
  assert.equal(microphone.track.stopped, true)
})

test('a connection that fails at once says so, and the call is ended upstream', async () => {
  const { call, connection, upstream, microphone, states } = aCall()
  const connecting = call.connect()
  await settled()
  connection.become('failed')

  await assert.rejects(connecting, ConnectionError)

  assert.deepEqual(states, ['connecting', ['closed', 'not_connected']])
  assert.equal(upstream.hangUps, 1)
  assert.equal(microphone.track.stopped, true)
})

for (const [address, code] of [
  ['127.0.0.1', 'loopback_refused'],
  ['::1', 'loopback_refused'],
  ['192.0.2.1', 'not_connected']
]) {
  test(`a connection to ${address} that fails is ${code}`, async () => {
    const answer = `${ANSWER}a=candidate:0 1 udp 2130706431 ${address} 40000 typ host\r\n`
    const { call, connection } = aCall({ signaling: async () => ({ answer, callId: 'rtc_1' }) })
    const connecting = call.connect()
    await settled()
    connection.become('failed')

    await assert.rejects(connecting, { code })
  })
}

test('a connection that also has other addresses is not told to be refused for its loopback one', async () => {
  const candidates = ['127.0.0.1', '192.0.2.1'].map((address) => `a=candidate:0 1 udp 2130706431 ${address} 40000 typ host\r\n`)
  const { call, connection } = aCall({ signaling: async () => ({ answer: ANSWER + candidates.join(''), callId: 'rtc_1' }) })
  const connecting = call.connect()
  await settled()
  connection.become('failed')

  await assert.rejects(connecting, { code: 'not_connected' })
})

test('a connection that never comes up is given up after 20 seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { call, states } = aCall()
  const connecting = call.connect()
  await settled()
  t.mock.timers.tick(19_999)
  assert.equal(call.state, 'connecting')
  t.mock.timers.tick(1)

  await assert.rejects(connecting, { code: 'not_connected' })
  assert.deepEqual(states, ['connecting', ['closed', 'not_connected']])
})

test('a call that is up may stay up for longer than connecting may take', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { call } = await aConnectedCall()

  t.mock.timers.tick(3_600_000)

  assert.equal(call.state, 'connected')
})

test('a disconnected call that mends itself within five seconds goes on', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { call, connection } = await aConnectedCall()

  connection.become('disconnected')
  t.mock.timers.tick(4_999)
  connection.become('connected')
  t.mock.timers.tick(60_000)

  assert.equal(call.state, 'connected')
})

test('a disconnected call is lost after five seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { connection, states, upstream } = await aConnectedCall()

  connection.become('disconnected')
  t.mock.timers.tick(5_000)

  assert.deepEqual(states.at(-1), ['closed', 'connection_lost'])
  assert.equal(upstream.hangUps, 1)
})

test('a connection that fails during the call is lost', async () => {
  const { connection, states } = await aConnectedCall()

  connection.become('failed')

  assert.deepEqual(states.at(-1), ['closed', 'connection_lost'])
})

test('a channel that the other side closes ends the call', async () => {
  const { connection, states, microphone } = await aConnectedCall()

  connection.channel.dispatchEvent(new Event('close'))

  assert.deepEqual(states.at(-1), ['closed', 'ended_upstream'])
  assert.equal(microphone.track.stopped, true)
})
