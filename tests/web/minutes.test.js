import assert from 'node:assert/strict'
import { test } from 'node:test'

import { messageOf } from '../../web/messages/messages.js'
import { inWords } from '../../web/call/minutes.js'
import { timeOfDay } from '../../web/messages/time-of-day.js'

const told = (left_seconds) => inWords({ left_seconds, resets_in_seconds: 3600 })

test('whole minutes are told, and nothing where there is no limit', () => {
  assert.deepEqual([7200, 119, 60].map(told), ['120 minutes left today', '1 minute left today', '1 minute left today'])
  assert.equal(told(null), '')
})

test('with less than the shortest call there is nothing left, and it is told when there is', () => {
  assert.match(told(59), /^No minutes left today\. More are free at \d\d:\d\d.* (today|tomorrow)\.$/)
})

test('a time is told to the minute, whatever seconds the two clocks differ by', () => {
  const evening = new Date(2026, 10, 25, 22, 0, 0).getTime()
  const at = (hours, minutes) => new Date(2026, 10, 25, hours, minutes).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

  for (const seconds of [3590, 3600, 3610]) assert.equal(timeOfDay(seconds, evening), `at ${at(23, 0)} today`)
  assert.equal(timeOfDay(3 * 3600, evening), `at ${at(1, 0)} tomorrow`)
})

test('what mends a quota is to wait until minutes are free, where the server knows when', () => {
  assert.match(messageOf({ code: 'quota_exceeded', retryAfter: 60 })[1], /^Call again at .+ (today|tomorrow)\.$/)
  assert.equal(messageOf({ code: 'quota_exceeded' })[1], 'Call again later, or end your other calls first.')
})
