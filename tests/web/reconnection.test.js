import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Reconnection } from '../../web/realtime/conversation/reconnection.js'

const lost = { code: 'connection_lost' }

function waiting(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const told = []
  const reconnection = new Reconnection(() => told.push('call'))
  reconnection.addEventListener('tick', () => told.push(reconnection.countdown.secondsLeft))
  return { reconnection, told }
}

test('it counts down, then calls', (t) => {
  const { reconnection, told } = waiting(t)
  for (const seconds of [1, 2, 4]) {
    reconnection.wait()
    for (let n = 0; n < seconds; n++) t.mock.timers.tick(1000)
  }

  assert.deepEqual(told, [1, 'call', 2, 1, 'call', 4, 3, 2, 1, 'call'])
  assert.equal(reconnection.waiting, false)
})

test('whoever does not want to wait calls now', (t) => {
  const { reconnection, told } = waiting(t)
  reconnection.wait()
  reconnection.callNow()
  t.mock.timers.tick(60_000)

  assert.deepEqual(told, [1, 'call'])
})

test('whoever does not want it is not called', (t) => {
  const { reconnection, told } = waiting(t)
  reconnection.wait()
  reconnection.stop()
  t.mock.timers.tick(60_000)

  assert.deepEqual([told, reconnection.waiting, reconnection.attempts], [[1], false, 0])
})

test('only a call that was up and was lost is placed again', () => {
  const reconnection = new Reconnection(() => {})

  assert.equal(reconnection.shouldRetry(lost, true), true)
  for (const code of ['ended_upstream', 'unreachable', undefined]) assert.equal(reconnection.shouldRetry({ code }, true), false)
  assert.equal(reconnection.shouldRetry(undefined, true), false)
  assert.equal(reconnection.shouldRetry({ code: 'unreachable' }, false), false)
})

test('it goes on as long as the fault may pass, and six times at most', (t) => {
  const { reconnection } = waiting(t)
  const passing = { code: 'unreachable' }
  reconnection.wait()
  reconnection.callNow()

  assert.equal(reconnection.shouldRetry({ code: 'insufficient_quota' }, false), false)
  for (let n = 0; n < 5; n++) {
    assert.equal(reconnection.shouldRetry(passing, false), true)
    reconnection.wait()
    reconnection.callNow()
  }
  assert.equal(reconnection.shouldRetry(passing, false), false)
})
