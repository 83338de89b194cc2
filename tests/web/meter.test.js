import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Meter } from '../../web/realtime/meter.js'

/** A Web Audio that hears a constant tone of that amplitude. */
function fakeContext(amplitude, state = 'running') {
  const context = { state, links: 0, resumed: 0, resume: async () => void context.resumed++ }
  const node = () => ({ connect: () => void context.links++, disconnect: () => void (context.links = 0) })
  context.createMediaStreamSource = node
  context.createAnalyser = () => ({ ...node(), getFloatTimeDomainData: (samples) => void samples.fill(amplitude) })
  return context
}

const level = (amplitude) => new Meter('a stream', { context: fakeContext(amplitude) }).level

test('silence is 0, full scale is 1, and in between it is as loud as it sounds', () => {
  assert.equal(level(0), 0)
  assert.equal(level(0.0001), 0)
  assert.equal(level(1), 1)
  assert.ok(Math.abs(level(0.0316) - 0.5) < 0.01, 'half of the meter is 30 dB')
})

test('a context that waits for a click is woken', () => {
  const context = fakeContext(0, 'suspended')

  new Meter('a stream', { context })

  assert.equal(context.resumed, 1)
})

test('where Web Audio refuses the stream the level is 0', () => {
  const refuse = () => {
    throw new DOMException('Connecting AudioNodes from AudioContexts with different sample-rate is currently not supported.', 'NotSupportedError')
  }
  const context = fakeContext(1)
  const source = context.createMediaStreamSource()
  context.createMediaStreamSource = () => ({ ...source, connect: refuse })

  const meter = new Meter('a stream', { context })

  assert.equal(meter.level, 0)
  meter.close()
})

test('a browser without Web Audio has a meter that stays at 0', () => {
  assert.equal(new Meter('a stream').level, 0)
})

test('a closed meter lets go of the stream, and closing again is harmless', () => {
  const context = fakeContext(0)
  const meter = new Meter('a stream', { context })
  assert.equal(context.links, 1)

  meter.close()
  meter.close()

  assert.equal(context.links, 0)
  assert.equal(meter.level, 0)
})

test('meters share one context, which is closed with the last of them', (t) => {
  const made = []
  globalThis.AudioContext = function () {
    made.push(Object.assign(fakeContext(1), { close: async () => {} }))
    return made.at(-1)
  }
  t.after(() => delete globalThis.AudioContext)
  const closed = []
  const [first, second] = [new Meter('a stream'), new Meter('another stream')]
  made[0].close = async () => void closed.push('closed')

  first.close()
  first.close()
  assert.deepEqual([made.length, closed], [1, []])
  second.close()
  assert.deepEqual(closed, ['closed'])

  new Meter('a third stream').close()
  assert.equal(made.length, 2)
})
