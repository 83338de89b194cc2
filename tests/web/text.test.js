import assert from 'node:assert/strict'
import { test } from 'node:test'

import { asText } from '../../web/conversation/text.js'

test('a conversation as text has who said what, and where a call begins', () => {
  const text = asText([
    { id: '1', speaker: 'person', text: 'Set the accent to teal.', state: 'final' },
    { id: '2', speaker: 'function', name: 'set_colour', arguments: '{"colour":"teal"}', output: '{"colour":"teal"}', state: 'final' },
    { id: '3', speaker: 'model', text: 'It is teal', state: 'interrupted' },
    { id: '4', speaker: 'divider', text: '', state: 'final', at: new Date(2026, 0, 1, 12, 5) },
    { id: '5', speaker: 'person', text: '', state: 'final' },
    { id: '6', speaker: 'page', text: 'The answer was cut off.', state: 'final' }
  ])

  assert.deepEqual(text.replace(/at .*05.* —/, 'at 12:05 —').split('\n\n'), [
    'You: Set the accent to teal.',
    'Function: set_colour({"colour":"teal"}) → {"colour":"teal"}',
    'Model: It is teal (interrupted)',
    '— New call at 12:05 —',
    'You: (not transcribed)',
    '(The answer was cut off.)\n'
  ])
})
