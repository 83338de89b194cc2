import assert from 'node:assert/strict'
import { test } from 'node:test'

import { wordsOf } from '../../web/call/words.js'

const MICROPHONE = { mode: 'open', manual: false, muted: false, pressed: false, stream: {}, state: 'live', error: undefined, speaksMuted: false }
const IDLE = { call: 'idle', agent: 'idle', microphone: { ...MICROPHONE, stream: undefined }, timings: {}, reconnection: undefined, error: undefined }
const UP = { ...IDLE, call: 'connected', agent: 'listening', microphone: MICROPHONE, timings: { connected: 1 } }
const HERE = { busy: true, access: 'open', preset: { type: 'realtime' }, notice: '', spaceBar: true }

const words = (state, context) => wordsOf(state, { ...HERE, busy: state.call !== 'idle' && state.call !== 'closed', ...context })
const heard = (microphone) => ({ ...UP, microphone: { ...MICROPHONE, ...microphone } })

test('before a call the page says how one begins', () => {
  assert.deepEqual(words(IDLE), ['Ready', 'Press Connect, allow the microphone, and speak.'])
  assert.deepEqual(words(IDLE, { access: 'expired' }), ['Sign-in expired', 'Sign in again, then connect.'])
})

test('nobody is listened to who is still asked for the microphone', () => {
  const [state, advice] = words({ ...IDLE, call: 'connecting', agent: 'asking' })

  assert.equal(state, 'Allow the microphone')
  assert.match(advice, /nothing is sent, and it costs nothing/)
})

test('a call says how to speak in it', () => {
  assert.deepEqual(words(UP), ['Listening', 'Speak. You can interrupt at any time.'])
  assert.equal(words(UP, { preset: { type: 'transcription' } })[1], 'Speak. Your words are written down.')
  assert.match(words(heard({ mode: 'push', muted: false }))[1], /space bar/)
  assert.doesNotMatch(words(heard({ mode: 'push' }), { spaceBar: false })[1], /space bar/)
  assert.deepEqual(words(heard({ stream: undefined })), ['Type a message', 'Type a message. To be heard, press Speak.'])
})

test('muted is said before anything else but what is wrong', () => {
  assert.equal(words({ ...heard({ muted: true }), agent: 'muted' })[0], 'Muted')
  assert.equal(words(heard({ muted: true }))[1], 'You are muted: nobody hears you.')
  assert.match(words(heard({ muted: true, speaksMuted: true }))[1], /^You are speaking, but you are muted/)
  assert.equal(words(heard({ error: new Error('taken') }))[1], 'You are not heard.')
})

test('who pushes to talk is not muted, though nothing is sent meanwhile', () => {
  assert.match(words(heard({ mode: 'push', muted: true }))[1], /^Hold the button/)
})

test('a failure is told once, where it is shown; the end of a call’s time is none', () => {
  const failed = { ...IDLE, call: 'closed', agent: 'failed', error: { code: 'paused', message: 'Paused.' } }
  assert.deepEqual(words(failed), ['Not connected', ''])
  assert.deepEqual(words({ ...failed, timings: { connected: 1 } }), ['Call ended', ''])

  const over = { ...failed, timings: { connected: 1 }, error: { code: 'time_limit', message: 'The call reached its time limit.' } }
  assert.deepEqual(words(over), ['Call ended', 'The call reached its time limit. Connect again: a new conversation begins.'])
})

test('a lost call says when it is placed again', () => {
  const lost = { ...IDLE, call: 'closed', agent: 'reconnecting', reconnection: { secondsLeft: 2, attempts: 1 } }

  assert.deepEqual(words(lost), ['Reconnecting', 'Calling again soon. It will be a new call: the model remembers nothing of this one.'])
})
