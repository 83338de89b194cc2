import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Call } from '../../web/realtime/index.js'
import { aCall, aConnectedCall, heard } from './calls.js'
import { ANSWER, FakePeerConnection, deferred, fakeMicrophone, settled } from './fakes.js'

test('a call without a microphone asks for none, and can have one later', async () => {
  const { call, connection } = await aConnectedCall({ microphone: null })
  assert.deepEqual([call.state, connection.sender.track, call.timings.microphone], ['connected', null, undefined])
  const later = fakeMicrophone()

  await call.setMicrophone(async () => later)

  assert.equal(connection.sender.track, later.track)
  await call.hangUp()
  assert.equal(later.track.stopped, true)
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

test('a microphone that was handed in stays open: its owner stops it', async () => {
  const microphone = fakeMicrophone()
  const { call } = await aConnectedCall({ microphone })

  call.hangUp()

  assert.equal(microphone.track.stopped, false)
})
