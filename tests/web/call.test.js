import assert from 'node:assert/strict'
import { test } from 'node:test'

import { byEphemeralKey } from '../../web/realtime/index.js'
import { aCall, aConnectedCall, heard } from './calls.js'
import { ANSWER, OFFER, deferred, fakeServer, settled } from './fakes.js'

test('a call goes from idle over connecting to connected, and hanging up closes it', async () => {
  const { call, states } = await aConnectedCall()
  assert.deepEqual(states, ['connecting', 'connected'])

  await call.hangUp()

  assert.deepEqual(states, ['connecting', 'connected', 'closed'])
  assert.equal(call.state, 'closed')
})

test('track and data channel are part of the offer, and the offer goes out unchanged', async () => {
  const { connection, microphone, upstream } = await aConnectedCall()

  assert.deepEqual(connection.steps, [
    'addTransceiver audio',
    'createDataChannel',
    'createOffer',
    'replaceTrack',
    'setLocalDescription',
    'setRemoteDescription'
  ])
  assert.equal(connection.sender.track, microphone.track)
  assert.equal(connection.channel.label, 'oai-events')
  assert.equal(connection.channel.options, undefined)
  assert.deepEqual(upstream.offers, [OFFER])
  assert.deepEqual(connection.remoteDescription, { type: 'answer', sdp: ANSWER })
})

test('offer and signaling are begun while the microphone is asked for, and no offer goes out before it is granted', async () => {
  const granted = deferred()
  const begun = []
  const signaling = Object.assign(() => assert.fail('begin gives the function to use'), {
    begin: (signal) => {
      begun.push(signal.aborted)
      return async (offer) => (begun.push(offer), { answer: ANSWER, callId: 'rtc_1' })
    }
  })
  const { call, connection, microphone } = aCall({ signaling, microphone: () => granted.promise })
  const connecting = call.connect()
  await settled()
  assert.deepEqual(begun, [false])
  assert.deepEqual(connection.steps, ['addTransceiver audio', 'createDataChannel', 'createOffer'])

  granted.resolve(microphone)
  await settled()
  assert.deepEqual(begun, [false, OFFER])
  connection.become('connected')
  await connecting
})

test('a key is minted while the microphone is asked for; where it is denied, no call is created', async () => {
  const denied = deferred()
  const server = fakeServer(Response.json({ value: 'ek_local_1', expires_at: 1 }))
  const { call } = aCall({ signaling: byEphemeralKey({ fetch: server.fetch }), microphone: () => denied.promise })
  const connecting = call.connect()
  await settled()
  denied.reject(Object.assign(new Error('Not allowed'), { code: 'microphone_denied' }))

  await assert.rejects(connecting, { code: 'microphone_denied' })
  await settled()

  assert.deepEqual(server.requests.map(({ url }) => url), ['/token'])
})

test('a key that is refused while the microphone is asked for fails the call once it is granted', async () => {
  const granted = deferred()
  const server = fakeServer(Response.json({ error: { message: 'Locked.', code: 'preset_locked' } }, { status: 403 }))
  const { call, microphone } = aCall({ signaling: byEphemeralKey({ fetch: server.fetch }), microphone: () => granted.promise })
  const connecting = call.connect()
  await settled()
  assert.equal(call.state, 'connecting')
  granted.resolve(microphone)

  await assert.rejects(connecting, { code: 'preset_locked' })

  assert.equal(microphone.track.stopped, true)
  assert.equal(server.requests.length, 1)
})

test('the call id is announced as soon as the offer is answered', async () => {
  const { call } = aCall()
  const answered = heard(call, 'answered')
  const connecting = call.connect()
  await settled()

  assert.deepEqual(answered, [{ callId: 'rtc_1' }])
  assert.equal(call.callId, 'rtc_1')

  call.hangUp()
  await assert.rejects(connecting)
})

test('a second connect is refused and disturbs nothing', async () => {
  const { call, states } = await aConnectedCall()

  await assert.rejects(call.connect(), { name: 'InvalidStateError' })

  assert.deepEqual(states, ['connecting', 'connected'])
})

test('the voice of the other side is announced as a stream', async () => {
  const { call, connection } = await aConnectedCall()
  const streams = heard(call, 'stream')

  connection.hear('the stream')

  assert.deepEqual(streams, ['the stream'])
})

test('a track that belongs to no stream is put into one', async (t) => {
  globalThis.MediaStream = class {
    constructor(tracks) {
      this.tracks = tracks
    }
  }
  t.after(() => delete globalThis.MediaStream)
  const { call, connection } = await aConnectedCall()
  const streams = heard(call, 'stream')

  connection.hear()

  assert.deepEqual(streams[0].tracks, [{ kind: 'audio' }])
})

test('who comes late finds the streams and the error with the call', async () => {
  const { call, connection, microphone } = await aConnectedCall()
  connection.hear('the voice')
  assert.deepEqual([call.microphone, call.stream, call.error], [microphone, 'the voice', undefined])

  connection.become('failed')

  assert.deepEqual([call.microphone, call.stream, call.error.code], [undefined, undefined, 'connection_lost'])
})
