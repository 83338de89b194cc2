import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isHeard, statisticsOf } from '../../web/realtime/statistics.js'
import { statsOf } from './fakes.js'

const inbound = { type: 'inbound-rtp', kind: 'audio', jitter: 0.002, packetsLost: 5, packetsReceived: 95, bytesReceived: 9000, audioLevel: 0.2 }
const outbound = { type: 'outbound-rtp', kind: 'audio', packetsSent: 100, bytesSent: 9500 }
const pair = { id: 'P2', type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.03 }

test('the round trip is that of the pair that the transport has selected', () => {
  const other = { ...pair, id: 'P1', currentRoundTripTime: 0.5 }
  const report = statsOf(other, pair, { type: 'transport', selectedCandidatePairId: 'P2' }, inbound, outbound)

  assert.deepEqual(statisticsOf(report), {
    roundTripMs: 30,
    jitterMs: 2,
    lossRatio: 0.05,
    packetsReceived: 95,
    packetsSent: 100,
    bytesReceived: 9000,
    bytesSent: 9500
  })
})

test('a browser without transport statistics names the pair by its nomination', () => {
  const failed = { ...pair, id: 'P1', state: 'failed', currentRoundTripTime: 0.5 }

  assert.equal(statisticsOf(statsOf(failed, pair)).roundTripMs, 30)
})

test('a browser that measures no round trip by its checks has the other side’s reports', () => {
  const { currentRoundTripTime: _, ...silent } = pair

  assert.equal(statisticsOf(statsOf(silent, { type: 'remote-inbound-rtp', kind: 'audio', roundTripTime: 0.25 })).roundTripMs, 250)
})

test('what is not measured yet is undefined, not zero', () => {
  const { packetsReceived, ...figures } = statisticsOf(statsOf({ ...inbound, packetsReceived: 0, packetsLost: 0, jitter: undefined }))

  assert.equal(packetsReceived, 0)
  assert.deepEqual(
    [figures.roundTripMs, figures.jitterMs, figures.lossRatio, figures.bytesSent],
    [undefined, undefined, undefined, undefined]
  )
})

test('duplicates are not negative losses', () => {
  assert.equal(statisticsOf(statsOf({ ...inbound, packetsLost: -3 })).lossRatio, 0)
})

for (const [audioLevel, expected] of [
  [0.2, true],
  [0.0005, false],
  [0, false],
  [undefined, undefined]
]) {
  test(`a level of ${audioLevel} is ${expected === undefined ? 'not told' : expected ? 'heard' : 'silence'}`, () => {
    assert.equal(isHeard(statsOf({ ...inbound, audioLevel })), expected)
  })
}
