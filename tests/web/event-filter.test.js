import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jsonLines, matches } from '../../web/developer/event-filter.js'

const sent = { at: new Date(0), direction: 'sent', event: { type: 'response.create', event_id: 'First' } }
const received = { at: new Date(1500), direction: 'received', event: { type: 'response.done' } }
const found = (...filter) => [sent, received].filter((event) => matches(event, ...filter))

test('an event is found by its direction and by any text in it', () => {
  assert.deepEqual(found('', ''), [sent, received])
  assert.deepEqual(found('', 'received'), [received])
  assert.deepEqual(found(' RESPONSE.d', ''), [received])
  assert.deepEqual(found('FIRST', ''), [sent])
  assert.deepEqual(found('FIRST', 'received'), [])
})

test('events are saved one a line, in the order of time', () => {
  const lines = jsonLines([sent, received]).split('\n')

  assert.equal(lines.pop(), '')
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    { at: '1970-01-01T00:00:00.000Z', direction: 'sent', event: { type: 'response.create', event_id: 'First' } },
    { at: '1970-01-01T00:00:01.500Z', direction: 'received', event: { type: 'response.done' } }
  ])
})
