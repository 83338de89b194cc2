import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Agent } from '../../web/realtime/conversation/agent.js'
import { aSession } from './session.js'

/** What the model does after one event and the next. */
function doings(...events) {
  const { session, agent } = aSession()
  return events.map((event) => {
    if (event.type === 'response.create') session.sent(event)
    else session.take(event, 0)
    return agent.doing
  })
}

const of = (...types) => types.map((type) => ({ type }))
const done = (status, ...output) => ({ type: 'response.done', response: { status, output } })

test('a turn is listened to, thought about, spoken, and then it is the person’s', () => {
  const [started, stopped, ...rest] = doings(
    ...of('input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'response.created', 'output_audio_buffer.started'),
    done('completed'),
    ...of('output_audio_buffer.stopped')
  )

  assert.deepEqual([started, stopped, ...rest], ['listening', 'thinking', 'thinking', 'speaking', 'speaking', 'listening'])
})

test('sound may stop before the response is done, and the other way round', () => {
  const begun = of('response.created', 'output_audio_buffer.started')

  assert.deepEqual(doings(...begun, ...of('output_audio_buffer.stopped'), done('completed')).slice(2), ['thinking', 'listening'])
  assert.deepEqual(doings(...begun, done('completed'), ...of('output_audio_buffer.stopped')).slice(2), ['speaking', 'listening'])
})

test('whoever interrupts is listened to', () => {
  const events = of('response.created', 'output_audio_buffer.started', 'input_audio_buffer.speech_started', 'output_audio_buffer.cleared')

  assert.deepEqual(doings(...events, done('cancelled')).at(-1), 'listening')
  assert.equal(doings(...events.slice(0, 3)).at(-1), 'listening')
})

test('a function call is thought about until its result is answered', () => {
  const events = [...of('response.created'), done('completed', { type: 'function_call' }), ...of('response.create', 'response.created')]

  assert.deepEqual(doings(...events), ['thinking', 'thinking', 'thinking', 'thinking'])
})

test('a request that was refused leaves nobody waiting', () => {
  assert.deepEqual(doings(...of('response.create', 'error')), ['thinking', 'listening'])
  assert.deepEqual(doings(...of('response.created', 'error')), ['thinking', 'thinking'])
})

test('without events the voice tells, and a pause within a sentence is none', () => {
  const agent = new Agent()
  const heard = [[0, 0], [0.6, 100], [0, 400], [0.6, 700], [0, 1300], [0, 1500]].map(([level, now]) => {
    agent.hear(level, now)
    return agent.doing
  })

  assert.deepEqual(heard, ['listening', 'speaking', 'speaking', 'speaking', 'speaking', 'listening'])
})

test('nobody waits for an answer in a transcription session once the words are written down', () => {
  const created = { type: 'session.created', session: { type: 'transcription', audio: { input: { transcription: {} } } } }
  const completed = { type: 'conversation.item.input_audio_transcription.completed', item_id: 'item_1', transcript: 'Hello' }

  assert.deepEqual(doings(created, ...of('input_audio_buffer.speech_stopped'), completed), ['listening', 'thinking', 'listening'])
})
