import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SignalingError } from '../../web/realtime/index.js'
import { aCall, aConnectedCall, heard } from './calls.js'
import { ANSWER, deferred, settled } from './fakes.js'

test('hanging up twice tells the upstream once', async () => {
  const { call, upstream, microphone, connection, states } = await aConnectedCall()

  await call.hangUp()
  await call.hangUp()

  assert.equal(upstream.hangUps, 1)
  assert.equal(microphone.track.stopped, true)
  assert.equal(connection.connectionState, 'closed')
  assert.deepEqual(states.slice(2), ['closed'])
})

test('hanging up again does not close the connection before the upstream knows: it would know no call any more', async () => {
  const told = deferred()
  const signaling = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: () => told.promise })
  const { call, connection } = await aConnectedCall({ signaling })

  call.hangUp()
  const again = call.hangUp()
  assert.equal(connection.connectionState, 'connected')
  told.resolve()
  await again

  assert.equal(connection.connectionState, 'closed')
})

for (const [what, hangUp, sent] of [
  ['the server confirms it', async () => {}, []],
  ['the server refuses it', () => Promise.reject(new Error('refused')), [{ type: 'session.close' }]],
  ['nobody knows whether the server heard of it', async () => false, [{ type: 'session.close' }]],
  ['there is no server to ask', undefined, [{ type: 'session.close' }]]
]) {
  test(`a session’s own event to close it is sent unless it has ended already: ${what}`, async () => {
    const signaling = async () => ({ answer: ANSWER, callId: 'live_1', hangUp })
    const { call, connection } = await aConnectedCall({ signaling, closeEvent: () => ({ type: 'session.close' }) })

    connection.channel.open()
    await call.hangUp().catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 300))

    assert.deepEqual(connection.channel.sent, sent)
    assert.equal(connection.connectionState, 'closed')
  })
}

test('a session’s own event to close it is sent once, however often somebody hangs up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const signaling = async () => ({ answer: ANSWER, callId: 'live_1', hangUp: undefined })
  const { call, connection } = await aConnectedCall({ signaling, closeEvent: () => ({ type: 'session.close' }) })
  connection.channel.open()

  await call.hangUp()
  await call.hangUp()
  assert.deepEqual([connection.channel.sent, connection.connectionState], [[{ type: 'session.close' }], 'connected'])
  t.mock.timers.tick(200)

  assert.equal(connection.connectionState, 'closed')
})

test('hanging up before the call was made is harmless', async () => {
  const { call, upstream } = aCall()

  await call.hangUp()

  assert.equal(call.state, 'closed')
  assert.equal(upstream.hangUps, 0)
  await assert.rejects(call.connect(), { name: 'InvalidStateError' })
})

test('whoever hangs up learns that the upstream could not be told', async () => {
  const refusal = new SignalingError('Gone wrong', { code: 'upstream_error', status: 502 })
  const signaling = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: () => Promise.reject(refusal) })
  const { call } = await aConnectedCall({ signaling })

  await assert.rejects(call.hangUp(), refusal)
  assert.equal(call.state, 'closed')
})

test('nothing is sent once the call is closed', async () => {
  const { call } = await aConnectedCall()
  call.hangUp()

  assert.throws(() => call.send({ type: 'response.create' }), { name: 'InvalidStateError' })
})

test('a microphone that is granted after the call was hung up is released, and no offer goes out', async () => {
  const granted = deferred()
  const { call, microphone, upstream, states } = aCall({ microphone: () => granted.promise })
  const connecting = call.connect()
  call.hangUp()
  granted.resolve(microphone)

  await assert.rejects(connecting, { name: 'AbortError' })
  await settled()

  assert.equal(microphone.track.stopped, true)
  assert.deepEqual(upstream.offers, [])
  assert.deepEqual(states, ['connecting', 'closed'])
})

test('an answer that arrives after the call was hung up ends that call upstream', async () => {
  const answered = deferred()
  let hangUps = 0
  const { call, connection } = aCall({ signaling: () => answered.promise })
  const connecting = call.connect()
  await settled()
  const hangingUp = call.hangUp()
  await assert.rejects(connecting, { name: 'AbortError' })
  answered.resolve({ answer: ANSWER, callId: 'rtc_1', hangUp: async () => void hangUps++ })
  await hangingUp

  assert.equal(hangUps, 1)
  assert.equal(connection.remoteDescription, undefined)
})

test('signaling learns that the call was hung up meanwhile', async () => {
  const seen = deferred()
  const { call } = aCall({ signaling: (_offer, signal) => (seen.resolve(signal), new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))) })
  const connecting = call.connect()
  const signal = await seen.promise
  assert.equal(signal.aborted, false)

  call.hangUp()

  assert.equal(signal.aborted, true)
  await assert.rejects(connecting, { name: 'AbortError' })
})

test('what the connection still says after the hang-up changes nothing', async () => {
  const { call, connection, states } = await aConnectedCall()
  const events = heard(call, 'server-event')
  call.hangUp()

  connection.become('connected')
  connection.channel.receive({ type: 'response.done' })
  connection.channel.dispatchEvent(new Event('close'))

  assert.deepEqual(events, [])
  assert.deepEqual(states, ['connecting', 'connected', 'closed'])
})

test('a call that is given up by its signal is hung up', async () => {
  const { call, connection, microphone, upstream } = aCall()
  const giving = new AbortController()
  const connecting = call.connect({ signal: giving.signal })
  await settled()

  giving.abort()

  await assert.rejects(connecting, { name: 'AbortError' })
  assert.deepEqual([call.state, call.error, connection.connectionState, microphone.track.stopped], ['closed', undefined, 'closed', true])
  assert.equal(upstream.hangUps, 1)
})

test('a call whose signal was aborted before is closed without asking for a microphone', async () => {
  const late = new Error('Too late.')
  const { call, states, upstream } = aCall({ microphone: () => assert.fail('nobody was to be asked') })

  await assert.rejects(call.connect({ signal: AbortSignal.abort(late) }), late)

  assert.deepEqual([states, call.error, upstream.offers], [['closed'], undefined, []])
})

for (const [what, options] of Object.entries({
  'while the person is asked for the microphone': { microphone: () => new Promise(() => {}) },
  'while the offer is on its way': { signaling: () => new Promise(() => {}) }
})) {
  test(`connecting is given up at once ${what}, for the reason of its signal`, async () => {
    const { call, states } = aCall(options)
    const giving = new AbortController()
    const connecting = call.connect({ signal: giving.signal })
    await settled()
    const late = new DOMException('It took too long.', 'TimeoutError')
    giving.abort(late)

    await assert.rejects(connecting, late)

    assert.deepEqual([states, call.error], [['connecting', 'closed'], undefined])
  })

  test(`connecting ends at once where somebody hangs up ${what}`, async () => {
    const { call } = aCall(options)
    const connecting = call.connect()
    await settled()
    call.hangUp()

    await assert.rejects(connecting, { name: 'AbortError', message: 'The call was hung up.' })
  })
}

test('hanging up does not wait for the person who is asked for the microphone', async () => {
  const { call } = aCall({ microphone: () => new Promise(() => {}) })
  call.connect().catch(() => {})
  await settled()

  await call.hangUp()

  assert.equal(call.state, 'closed')
})

for (const step of ['connecting', 'microphone', 'answered', 'connected']) {
  test(`a call that somebody hangs up when it is told that it is ${step} stays closed`, async () => {
    const { call, connection, microphone, upstream, states } = aCall()
    const names = []
    call.addEventListener('state', ({ detail: { state } }) => state === step && call.hangUp())
    call.addEventListener('timings', ({ detail }) => Object.keys(detail).at(-1) === step && call.hangUp())
    for (const name of ['microphone', 'answered']) call.addEventListener(name, () => names.push(name))
    const connecting = call.connect()
    connecting.catch(() => {})
    await settled()
    connection.become('connected')

    await assert.rejects(connecting, { name: 'AbortError' })
    await call.hangUp()

    assert.deepEqual([states, call.state, call.microphone], [['connecting', 'closed'], 'closed', undefined])
    assert.ok(!names.includes(step))
    assert.equal(step === 'connecting' || microphone.track.stopped, true)
    assert.equal(upstream.hangUps, upstream.offers.length)
  })
}

test('a connecting call that somebody hangs up is over when the upstream has heard of it', async () => {
  const [answered, told] = [deferred(), deferred()]
  const { call } = aCall({ signaling: () => answered.promise })
  const connecting = call.connect()
  await settled()
  const steps = []
  const hangingUp = call.hangUp().then(() => steps.push('over'))
  await assert.rejects(connecting, { name: 'AbortError' })
  answered.resolve({ answer: ANSWER, callId: 'rtc_1', hangUp: () => (steps.push('told'), told.promise) })
  await settled()
  assert.deepEqual(steps, ['told'])
  told.resolve()
  await hangingUp

  assert.deepEqual(steps, ['told', 'over'])
})

test('a connecting call whose offer is refused after the hang-up has nobody to tell', async () => {
  const answered = deferred()
  const { call } = aCall({ signaling: () => answered.promise })
  const connecting = call.connect()
  await settled()
  const hangingUp = call.hangUp()
  answered.reject(new SignalingError('No.', { code: 'paused', status: 503 }))

  await assert.rejects(connecting, { name: 'AbortError' })
  await hangingUp

  assert.equal(call.error, undefined)
})

test('a signal that is aborted once the call is up changes nothing', async () => {
  const { call, connection } = aCall()
  const giving = new AbortController()
  const connecting = call.connect({ signal: giving.signal })
  await settled()
  connection.become('connected')
  await connecting

  giving.abort()

  assert.equal(call.state, 'connected')
})
