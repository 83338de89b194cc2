import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aCall, aConnectedCall, heard } from './calls.js'
import { settled, statsOf } from './fakes.js'

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
