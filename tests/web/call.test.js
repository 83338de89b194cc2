import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Call, ConnectionError, SignalingError, byEphemeralKey, relayed } from '../../web/realtime/index.js'
import { ANSWER, FakePeerConnection, OFFER, deferred, fakeMicrophone, fakeServer, listening, settled, statsOf } from './fakes.js'

/** A call whose signaling answers at once, with everything that a test may look at. */
function aCall({ signaling, ...options } = {}) {
  const connection = new FakePeerConnection()
  const microphone = fakeMicrophone()
  const upstream = { offers: [], hangUps: 0 }
  const answering = async (offer) => {
    upstream.offers.push(offer)
    return { answer: ANSWER, callId: 'rtc_1', hangUp: async () => void upstream.hangUps++ }
  }
  const call = new Call(signaling ?? answering, { connection, microphone: async () => microphone, ...options })
  const states = []
  call.addEventListener('state', ({ detail: { state, error } }) => states.push(error ? [state, error.code] : state))
  return { call, connection, microphone, upstream, states }
}

/** A call that is up. */
async function aConnectedCall(options) {
  const made = aCall(options)
  const connecting = made.call.connect()
  await settled()
  made.connection.become('connected')
  await connecting
  await listening()
  return made
}

const heard = (call, name) => {
  const details = []
  call.addEventListener(name, ({ detail }) => details.push(detail))
  return details
}

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

test('a call without a microphone asks for none, and can have one later', async () => {
  const { call, connection } = await aConnectedCall({ microphone: null })
  assert.deepEqual([call.state, connection.sender.track, call.timings.microphone], ['connected', null, undefined])
  const later = fakeMicrophone()

  await call.setMicrophone(async () => later)

  assert.equal(connection.sender.track, later.track)
  await call.hangUp()
  assert.equal(later.track.stopped, true)
})

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

test('the timings tell when each step was reached, in their order', async () => {
  const { call } = aCall()
  assert.deepEqual(call.timings, {})
  const made = await aConnectedCall()
  await settled()

  const { microphone, answered, connected, firstAudio, ...more } = made.call.timings
  assert.deepEqual(more, {})
  assert.ok(0 <= microphone && microphone <= answered && answered <= connected && connected <= firstAudio)
})

test('silence is not the first audio', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { call, connection } = aCall()
  connection.receiver.audioLevel = 0
  const steps = heard(call, 'timings')
  const connecting = call.connect()
  await settled()
  connection.become('connected')
  await connecting
  t.mock.timers.tick(100)
  await settled()
  assert.deepEqual(Object.keys(steps.at(-1)), ['microphone', 'answered', 'connected'])

  connection.receiver.audioLevel = 0.2
  t.mock.timers.tick(100)
  await settled()

  assert.deepEqual(Object.keys(steps.at(-1)), ['microphone', 'answered', 'connected', 'firstAudio'])
})

test('who is silent for ten seconds is listened to once a second, until the call is over', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { call, connection } = aCall()
  let reads = 0
  connection.receiver.getStats = async () => (reads++, statsOf({ type: 'inbound-rtp', audioLevel: 0 }))
  const connecting = call.connect()
  await settled()
  connection.become('connected')
  await connecting
  for (let ms = 0; ms < 20_000; ms += 100) {
    t.mock.timers.tick(100)
    await settled()
  }
  assert.ok(reads > 100 && reads < 115, reads)
  const before = reads
  call.hangUp()
  t.mock.timers.tick(10_000)
  await settled()

  assert.equal(reads, before)
})

test('where the browser does not say what it hears, the upstream’s word counts', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { call, connection } = aCall()
  connection.receiver.audioLevel = undefined
  const connecting = call.connect()
  await settled()
  connection.become('connected')
  await connecting
  await settled()
  assert.equal(call.timings.firstAudio, undefined)

  connection.channel.receive({ type: 'output_audio_buffer.started' })
  t.mock.timers.tick(100)
  await settled()

  assert.ok(call.timings.firstAudio >= call.timings.connected)
})

test('statistics are those of the connection', async () => {
  const { call, connection } = await aConnectedCall()
  connection.stats = statsOf({ type: 'inbound-rtp', kind: 'audio', jitter: 0.004, packetsLost: 1, packetsReceived: 99, bytesReceived: 8000 })

  assert.deepEqual(await call.statistics(), {
    roundTripMs: undefined,
    jitterMs: 4,
    lossRatio: 0.01,
    packetsReceived: 99,
    packetsSent: undefined,
    bytesReceived: 8000,
    bytesSent: undefined
  })
})

test('another microphone takes over in the call: muted stays muted, and the one that the call had opened is stopped', async () => {
  const { call, connection, microphone } = await aConnectedCall()
  const another = fakeMicrophone()
  const streams = heard(call, 'microphone')
  call.muted = true

  await call.setMicrophone(another)

  assert.equal(connection.sender.track, another.track)
  assert.equal(another.track.enabled, false)
  assert.equal(microphone.track.stopped, true)
  assert.deepEqual(streams, [another])
  call.muted = false
  assert.equal(another.track.enabled, true)
  call.hangUp()
  assert.equal(another.track.stopped, false)
})

test('a microphone that the call opens meanwhile is the call’s to stop', async () => {
  const { call } = await aConnectedCall()
  const another = fakeMicrophone()

  await call.setMicrophone(async () => another)
  call.hangUp()

  assert.equal(another.track.stopped, true)
})

test('a microphone that cannot be opened leaves the one before in the call', async () => {
  const { call, connection, microphone } = await aConnectedCall()

  await assert.rejects(call.setMicrophone(() => Promise.reject(new Error('Busy'))), { message: 'Busy' })

  assert.equal(connection.sender.track, microphone.track)
  assert.equal(microphone.track.stopped, false)
  assert.equal(call.state, 'connected')
})

test('a microphone that the system takes is told, and told again when it is given back', async () => {
  const { call, microphone } = await aConnectedCall()
  const told = heard(call, 'microphone-state')

  microphone.track.take()
  microphone.track.giveBack()

  assert.deepEqual(told.map(({ state, error }) => [state, error?.code]), [['interrupted', 'microphone_interrupted'], ['live', undefined]])
  assert.equal(call.muted, false)
})

test('a microphone that is taken already when it is opened is told, too', async () => {
  const { call, microphone } = aCall()
  const told = heard(call, 'microphone-state')
  microphone.track.muted = true
  const connecting = call.connect()
  await settled()

  assert.deepEqual(told.map(({ state }) => state), ['interrupted'])
  call.hangUp()
  await assert.rejects(connecting)
})

test('a microphone that ends is opened again at once, muted if it was', async () => {
  const opened = [fakeMicrophone(), fakeMicrophone()]
  const [first, second] = opened
  const { call, connection } = await aConnectedCall({ microphone: async () => opened.shift() })
  const [streams, told] = [heard(call, 'microphone'), heard(call, 'microphone-state')]
  call.muted = true

  first.track.end()
  await settled()

  assert.deepEqual([streams, told], [[second], []])
  assert.deepEqual([connection.sender.track, second.track.enabled], [second.track, false])
})

test('one that cannot be opened again is told, and opened when there is another device or the page is seen again', async (t) => {
  const [devices, page] = [new EventTarget(), Object.assign(new EventTarget(), { hidden: false })]
  t.mock.getter(globalThis, 'navigator', () => ({ mediaDevices: devices }))
  globalThis.document = page
  t.after(() => delete globalThis.document)
  const gone = new DOMException('Nothing there', 'NotFoundError')
  const [first, second] = [fakeMicrophone(), fakeMicrophone()]
  const replies = [first, gone, gone, second]
  const microphone = async () => {
    const reply = replies.shift()
    if (reply === gone) throw gone
    return reply
  }
  const { call, connection } = await aConnectedCall({ microphone })
  const told = heard(call, 'microphone-state')
  const states = () => told.map(({ state, error }) => [state, error?.code, error?.cause?.code])

  first.track.end()
  await settled()
  assert.deepEqual(states(), [['ended', 'microphone_ended', 'no_microphone']])
  devices.dispatchEvent(new Event('devicechange'))
  await settled()
  assert.equal(replies.length, 1)
  page.dispatchEvent(new Event('visibilitychange'))
  await settled()

  assert.deepEqual(states().slice(1), [['live', undefined, undefined]])
  assert.equal(connection.sender.track, second.track)
  devices.dispatchEvent(new Event('devicechange'))
  call.hangUp()
  second.track.end()
  await settled()
  assert.equal(told.length, 2)
})

test('a stream that was handed in is its owner’s to open again', async () => {
  const microphone = fakeMicrophone()
  const { call } = await aConnectedCall({ microphone })
  const told = heard(call, 'microphone-state')

  microphone.track.end()
  await settled()

  assert.deepEqual(told.map(({ state, error }) => [state, error.code]), [['ended', 'microphone_ended']])
})

test('of two microphones asked for at once the later one speaks, however late the earlier one is granted', async () => {
  const { call, connection } = await aConnectedCall()
  const [granted, slow, quick] = [deferred(), fakeMicrophone(), fakeMicrophone()]
  const earlier = call.setMicrophone(() => granted.promise)
  await call.setMicrophone(async () => quick)
  granted.resolve(slow)
  await earlier

  assert.equal(connection.sender.track, quick.track)
  assert.equal(slow.track.stopped, true)
  assert.equal(quick.track.stopped, false)
})

test('while connecting, one that is chosen later and cannot be opened leaves the one before in the call', async () => {
  const granted = deferred()
  const { call, connection, microphone } = aCall({ microphone: () => granted.promise })
  const connecting = call.connect()
  await settled()
  await assert.rejects(call.setMicrophone(() => Promise.reject(new Error('Busy'))), { message: 'Busy' })
  granted.resolve(microphone)
  await settled()
  connection.become('connected')
  await connecting

  assert.deepEqual([connection.sender.track, microphone.track.stopped], [microphone.track, false])
})

test('one that is granted while a later one is asked for speaks until that is granted', async () => {
  const { call, connection } = await aConnectedCall()
  const [granted, first, second] = [deferred(), fakeMicrophone(), fakeMicrophone()]
  const earlier = call.setMicrophone(async () => first)
  const later = call.setMicrophone(() => granted.promise)
  await earlier
  assert.deepEqual([connection.sender.track, first.track.stopped], [first.track, false])
  granted.resolve(second)
  await later

  assert.deepEqual([connection.sender.track, first.track.stopped, call.microphone], [second.track, true, second])
})

test('a stream without audio is refused, and the microphone before stays the call’s to stop', async () => {
  const { call, connection, microphone } = await aConnectedCall()
  const silent = fakeMicrophone()
  silent.getAudioTracks = () => []

  await assert.rejects(call.setMicrophone(async () => silent), { name: 'TypeError' })

  assert.deepEqual([call.microphone, connection.sender.track, silent.track.stopped], [microphone, microphone.track, true])
  call.hangUp()
  assert.equal(microphone.track.stopped, true)
})

test('a microphone that the connection does not take is stopped, and the one before speaks on', async () => {
  const { call, connection, microphone } = await aConnectedCall()
  const another = fakeMicrophone()
  connection.sender.replaceTrack = () => Promise.reject(new DOMException('No.', 'InvalidModificationError'))

  await assert.rejects(call.setMicrophone(async () => another), { name: 'InvalidModificationError' })

  assert.deepEqual([call.microphone, microphone.track.stopped, another.track.stopped], [microphone, false, true])
  call.muted = true
  assert.equal(microphone.track.enabled, false)
})

test('a microphone that was handed in is as audible to its owner afterwards as before', async () => {
  const [first, second] = [fakeMicrophone(), fakeMicrophone()]
  const { call } = await aConnectedCall({ microphone: first })
  call.muted = true
  await call.setMicrophone(second)
  assert.deepEqual([first.track.enabled, second.track.enabled], [true, false])
  await call.setMicrophone(second)
  assert.equal(second.track.enabled, false)

  call.hangUp()

  assert.deepEqual([second.track.enabled, second.track.stopped], [true, false])
})

test('a microphone chosen before the call is the one that the call opens', async () => {
  const { call, connection } = aCall({ microphone: () => assert.fail('another one was chosen') })
  const chosen = fakeMicrophone()
  await call.setMicrophone(chosen)
  const connecting = call.connect()
  await settled()

  assert.equal(connection.sender.track, chosen.track)
  call.hangUp()
  await assert.rejects(connecting)
  await assert.rejects(call.setMicrophone(chosen), { name: 'InvalidStateError' })
})

test('a microphone chosen when the call begins to connect is the one that the call opens', async () => {
  const chosen = fakeMicrophone()
  const { call, connection } = aCall({ microphone: null })
  call.addEventListener('state', ({ detail: { state } }) => state === 'connecting' && call.setMicrophone(chosen))
  const connecting = call.connect()
  await settled()

  assert.equal(connection.sender.track, chosen.track)
  call.hangUp()
  await assert.rejects(connecting)
})

test('a microphone that is granted after the call has ended is stopped', async () => {
  const { call } = await aConnectedCall()
  const [granted, late] = [deferred(), fakeMicrophone()]
  const using = call.setMicrophone(() => granted.promise)
  call.hangUp()
  granted.resolve(late)

  await assert.rejects(using, { name: 'AbortError' })

  assert.equal(late.track.stopped, true)
})

test('a call again has the same signaling, is as muted as it was left, and opens the microphone that was used last', async (t) => {
  globalThis.RTCPeerConnection = FakePeerConnection
  t.after(() => delete globalThis.RTCPeerConnection)
  const { call, upstream } = await aConnectedCall()
  const chosen = fakeMicrophone()
  await call.setMicrophone(async () => chosen)
  await call.hangUp()
  call.muted = true

  const next = call.again()
  assert.deepEqual([next.state, next.muted], ['idle', true])
  const connecting = next.connect()
  await settled()

  assert.equal(upstream.offers.length, 2)
  assert.equal(chosen.track.enabled, false)
  next.hangUp()
  await assert.rejects(connecting)
  assert.equal(new Call(async () => ({ answer: ANSWER })).muted, false)
})

test('a call again opens the microphone that spoke last, not one that was granted too late', async (t) => {
  globalThis.RTCPeerConnection = FakePeerConnection
  t.after(() => delete globalThis.RTCPeerConnection)
  const { call } = await aConnectedCall()
  const [granted, chosen] = [deferred(), fakeMicrophone()]
  const earlier = call.setMicrophone(() => granted.promise)
  await call.setMicrophone(chosen)
  granted.resolve(fakeMicrophone())
  await earlier
  await call.hangUp()

  const next = call.again()
  const connecting = next.connect()
  await settled()

  assert.equal(next.microphone, chosen)
  next.hangUp()
  await assert.rejects(connecting)
})

test('a call without a channel makes none, and refuses client events', async () => {
  const { call, connection } = await aConnectedCall({ channel: false })

  assert.equal(connection.channel, undefined)
  assert.throws(() => call.send({ type: 'response.create' }), { name: 'InvalidStateError' })
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

test('muting disables the track, also when it was asked for before the microphone was open', async () => {
  const { call, microphone } = aCall()
  call.muted = true
  const connecting = call.connect()
  await settled()
  assert.equal(microphone.track.enabled, false)

  call.muted = false
  assert.equal(microphone.track.enabled, true)
  assert.equal(call.muted, false)

  call.hangUp()
  await assert.rejects(connecting)
})

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

test('a microphone that was handed in stays open: its owner stops it', async () => {
  const microphone = fakeMicrophone()
  const { call } = await aConnectedCall({ microphone })

  call.hangUp()

  assert.equal(microphone.track.stopped, false)
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

/** A call that is up, which the server ends after 15 minutes. */
async function aLimitedCall(t, seconds = 900) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 })
  let hangUps = 0
  const signaling = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: async () => void hangUps++, seconds })
  const made = aCall({ signaling })
  const ending = heard(made.call, 'ending')
  const connecting = made.call.connect()
  await settled()
  made.connection.become('connected')
  await connecting
  return { ...made, ending, hangUps: () => hangUps }
}

test('a call knows when the server ends it, and how long that is from now', async (t) => {
  const { call } = await aLimitedCall(t)

  t.mock.timers.tick(300_000)

  assert.deepEqual([call.endsAt, call.secondsLeft], [new Date(1_900_000), 600])
})

test('where the server sets no limit a call knows none', async () => {
  const { call } = await aConnectedCall()

  assert.deepEqual([call.endsAt, call.secondsLeft], [undefined, undefined])
})

test('a minute before its time it is told that a call is ending, once; then the call hangs up by itself', async (t) => {
  const { call, microphone, states, ending, hangUps } = await aLimitedCall(t)
  t.mock.timers.tick(839_999)
  assert.deepEqual(ending, [])

  t.mock.timers.tick(1)
  assert.deepEqual([ending, call.state], [[{ secondsLeft: 60 }], 'connected'])
  t.mock.timers.tick(60_000)

  assert.deepEqual(states.at(-1), ['closed', 'time_limit'])
  assert.deepEqual([ending.length, hangUps(), microphone.track.stopped, call.secondsLeft], [1, 1, true, 0])
})

test('a call that can last half a minute is ending from the beginning', async (t) => {
  const { ending } = await aLimitedCall(t, 30)

  t.mock.timers.tick(1)

  assert.deepEqual(ending.map(({ secondsLeft }) => Math.round(secondsLeft)), [30])
})

for (const [seconds, words] of [[900, '15 minutes'], [60, '1 minute'], [754, '12 minutes and 34 seconds'], [1, '1 second']]) {
  test(`the limit of ${seconds} seconds is told as ${words}`, async (t) => {
    const { call } = await aLimitedCall(t, seconds)
    const closed = heard(call, 'state')

    t.mock.timers.tick(seconds * 1000)

    assert.equal(closed[0].error.message, `The call reached its time limit of ${words}.`)
  })
}

for (const [how, end] of Object.entries({
  'by its channel': ({ channel }) => channel.dispatchEvent(new Event('close')),
  'by its connection': (connection) => connection.become('failed')
})) {
  test(`what the server ends ${how} at its time has reached its time limit`, async (t) => {
    const { connection, states } = await aLimitedCall(t)
    t.mock.timers.tick(896_000)

    end(connection)

    assert.deepEqual(states.at(-1), ['closed', 'time_limit'])
  })

  test(`what ends ${how} long before has not`, async (t) => {
    const { connection, states } = await aLimitedCall(t)
    t.mock.timers.tick(890_000)

    end(connection)

    assert.notEqual(states.at(-1)[1], 'time_limit')
  })
}

test('a call that somebody hangs up at its time has no error, and nothing is told of it later', async (t) => {
  const { call, states, ending } = await aLimitedCall(t)
  t.mock.timers.tick(899_000)
  await call.hangUp()

  t.mock.timers.tick(10_000)

  assert.deepEqual([states.at(-1), ending.length], ['closed', 1])
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

test('who comes late finds the streams and the error with the call', async () => {
  const { call, connection, microphone } = await aConnectedCall()
  connection.hear('the voice')
  assert.deepEqual([call.microphone, call.stream, call.error], [microphone, 'the voice', undefined])

  connection.become('failed')

  assert.deepEqual([call.microphone, call.stream, call.error.code], [undefined, undefined, 'connection_lost'])
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
