import assert from 'node:assert/strict'
import { test } from 'node:test'

import { clock } from '../../web/call/timer.js'
import { inWords, points } from '../../web/developer/plot.js'

const size = { width: 240, height: 48 }

test('the newest is at the right, the largest at the top', () => {
  assert.equal(points([10, 40, 20], size), '0,36 120,0 240,24')
})

test('one figure is no line', () => {
  assert.deepEqual([points([], size), points([5], size)], ['', ''])
})

test('whoever does not see the plot reads it', () => {
  assert.equal(inWords([]), 'Nothing measured yet.')
  assert.equal(inWords([3.4, 8, 5.2]), 'Round trip over the last 3 s: now 5 ms, between 3 and 8 ms.')
})

test('a time is written as people read it', () => {
  assert.deepEqual([0, 65_000, 3_599_999, 3_600_000].map(clock), ['0:00', '1:05', '59:59', '1:00:00'])
})
