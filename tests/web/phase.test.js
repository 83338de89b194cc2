import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Phase } from '../../web/realtime/conversation/phase.js'

/** The phases that one event after the other leads to. */
function phases(...events) {
  const phase = new Phase()
  return events.map((event) => {
    if (event.type === 'response.create') phase.ask(event)
    else phase.follow(event)
    return phase.name
  })
}

const of = (...types) => types.map((type) => ({ type }))
const done = (status, ...output) => ({ type: 'response.done', response: { status, output } })

test('a turn is listened to, thought about, spoken, and then it is the person’s', () => {
  const [started, stopped, ...rest] = phases(
    ...of('input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'response.created', 'output_audio_buffer.started'),
    done('completed'),
    ...of('output_audio_buffer.stopped')
  )

  assert.deepEqual([started, stopped, ...rest], ['listening', 'thinking', 'thinking', 'speaking', 'speaking', 'listening'])
})

test('sound may stop before the response is done, and the other way round', () => {
  const begun = of('response.created', 'output_audio_buffer.started')

  assert.deepEqual(phases(...begun, ...of('output_audio_buffer.stopped'), done('completed')).slice(2), ['thinking', 'listening'])
  assert.deepEqual(phases(...begun, done('completed'), ...of('output_audio_buffer.stopped')).slice(2), ['speaking', 'listening'])
})

test('whoever interrupts is listened to', () => {
  const events = of('response.created', 'output_audio_buffer.started', 'input_audio_buffer.speech_started', 'output_audio_buffer.cleared')

  assert.deepEqual(phases(...events, done('cancelled')).at(-1), 'listening')
  assert.equal(phases(...events.slice(0, 3)).at(-1), 'listening')
})

test('a function call is thought about until its result is answered', () => {
  const events = [...of('response.created'), done('completed', { type: 'function_call' }), ...of('response.create', 'response.created')]

  assert.deepEqual(phases(...events), ['thinking', 'thinking', 'thinking', 'thinking'])
})

test('a request that was refused leaves nobody waiting', () => {
  assert.deepEqual(phases(...of('response.create', 'error')), ['thinking', 'listening'])
  assert.deepEqual(phases(...of('response.created', 'error')), ['thinking', 'thinking'])
})

test('without events the voice tells, and a pause within a sentence is none', () => {
  const phase = new Phase()
  const heard = [[0, 0], [0.6, 100], [0, 400], [0.6, 700], [0, 1300], [0, 1500]].map(([level, now]) => {
    phase.hear(level, now)
    return phase.name
  })

  assert.deepEqual(heard, ['listening', 'speaking', 'speaking', 'speaking', 'speaking', 'listening'])
})

test('only another phase is a change', () => {
  const phase = new Phase()
  let changes = 0
  phase.addEventListener('change', () => (changes += 1))
  for (const event of of('response.created', 'response.created', 'output_audio_buffer.started')) phase.follow(event)

  assert.equal(changes, 2)
})
