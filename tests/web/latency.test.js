import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aSession } from './session.js'

const created = (turn_detection) => ({ type: 'session.created', session: { type: 'realtime', audio: { input: { turn_detection } } } })

/** The latency of an answer that begins at 5000 ms, of words that end at 2000 and that the upstream knows of at 4000. */
function latencyOf(turnDetection, ...levels) {
  const { session, latency } = aSession()
  session.take(created(turnDetection), 0)
  if (session.voices.includes('person')) for (const [level, now] of levels) session.hear('person', level, now)
  session.take({ type: 'input_audio_buffer.speech_stopped' }, 4000)
  session.take({ type: 'output_audio_buffer.started', response_id: 'resp_1' }, 5000)
  return latency.last
}

const SPOKEN = [
  [0.9, 1000],
  [0.9, 2000],
  [0.1, 3000]
]

test('turn detection by silence tells when the words ended', () => {
  assert.equal(latencyOf({ type: 'server_vad', silence_duration_ms: 500 }, ...SPOKEN), 1500)
})

test('with semantic turn detection the microphone tells', () => {
  assert.equal(latencyOf({ type: 'semantic_vad' }, ...SPOKEN), 3000)
})

test('where the microphone heard nothing, the upstream’s word is taken', () => {
  assert.equal(latencyOf({ type: 'semantic_vad' }, [0.1, 3000]), 1000)
})

test('nobody is listened to whose end of speech the session tells itself', () => {
  const { session } = aSession()
  session.take(created({ type: 'server_vad', silence_duration_ms: 500 }), 0)

  assert.deepEqual(session.voices, [])
})

test('what was heard before the person began to speak was another turn', () => {
  const { session, latency } = aSession()
  session.take(created({ type: 'semantic_vad' }), 0)
  session.hear('person', 0.9, 1000)
  session.take({ type: 'input_audio_buffer.speech_started' }, 3000)
  session.take({ type: 'input_audio_buffer.speech_stopped' }, 4000)
  session.take({ type: 'output_audio_buffer.started', response_id: 'resp_1' }, 5000)

  assert.equal(latency.last, 1000)
})
