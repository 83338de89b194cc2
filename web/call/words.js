/** What the person reads of the call: a word or two of what goes on, and a sentence of advice. Pure functions. */

/** @import {AgentState, CallContext, ConversationState} from '../types.js' */

/** @type {Record<AgentState, string>} */
const WORDS = {
  idle: 'Ready',
  asking: 'Allow the microphone',
  connecting: 'Connecting',
  listening: 'Listening',
  muted: 'Muted',
  thinking: 'Thinking',
  speaking: 'Speaking',
  reconnecting: 'Reconnecting',
  ended: 'Call ended',
  failed: 'Not connected'
}

const SIGNED_OUT = ['Not signed in', 'Speak with a model, from your browser. Sign in first: only invited people can call.']
const EXPIRED = ['Sign-in expired', 'Sign in again, then connect.']

/** @type {Partial<Record<AgentState, string>>} */
const ADVICE = {
  idle: 'Press Connect, allow the microphone, and speak.',
  asking: 'Your browser asks whether this page may listen. Until you allow it, nothing is sent, and it costs nothing.'
}

/** Without the seconds, since a screen reader would say each of them. The button shows them. */
const CALLING_AGAIN = 'Calling again soon. It will be a new call: the model remembers nothing of this one.'

const AGAIN = 'Connect again: a new conversation begins.'

/**
 * @param {ConversationState} state
 * @param {CallContext} context
 * @returns {[string, string]} Both may be empty.
 */
export function wordsOf(state, context) {
  const { busy, access } = context
  if (!busy && access === 'signed-out') return /** @type {[string, string]} */ (SIGNED_OUT)
  if (!busy && access === 'expired') return /** @type {[string, string]} */ (EXPIRED)
  return [word(state), advice(state, context)]
}

/**
 * @param {ConversationState} state
 * @returns {boolean} Whether the call took as long as it may: nothing is wrong then.
 */
export function isOver({ agent, error }) {
  return agent === 'failed' && (error?.code === 'time_limit' || error?.code === 'session_expired')
}

/**
 * @param {ConversationState} state
 * @returns {boolean} Whether the person can only type in this call.
 */
export function lacksMicrophone({ call, microphone }) {
  return call === 'connected' && microphone.stream === undefined
}

/**
 * @param {ConversationState} state
 * @returns {boolean} Who pushes to talk is mostly silent, and wants to be: that is not muted.
 */
export function isMuted({ microphone }) {
  return microphone.mode === 'open' && microphone.muted
}

/** @param {ConversationState} state */
function word(state) {
  const { agent, timings } = state
  if (agent === 'failed' && timings.connected !== undefined) return WORDS.ended
  if (agent === 'listening' && lacksMicrophone(state)) return 'Type a message'
  return WORDS[agent]
}

/**
 * @param {ConversationState} state
 * @param {CallContext} context
 */
function advice(state, context) {
  const { agent, call, error, reconnection } = state
  if (reconnection) return CALLING_AGAIN
  if (isOver(state)) return `${error?.message} ${AGAIN}`
  if (call === 'connected') return inCall(state, context)
  return context.notice || (ADVICE[agent] ?? '')
}

/**
 * @param {ConversationState} state
 * @param {CallContext} context
 */
function inCall(state, { preset, notice, spaceBar }) {
  const { microphone } = state
  if (microphone.speaksMuted) return 'You are speaking, but you are muted. Press Unmute to be heard.'
  if (microphone.error) return 'You are not heard.'
  if (notice) return notice
  if (isMuted(state)) return 'You are muted: nobody hears you.'
  if (lacksMicrophone(state)) return 'Type a message. To be heard, press Speak.'
  if (microphone.mode === 'push') return `Hold the button ${spaceBar ? 'or the space bar ' : ''}while you speak; a tap keeps it on.`
  return preset?.type === 'transcription' ? 'Speak. Your words are written down.' : 'Speak. You can interrupt at any time.'
}
