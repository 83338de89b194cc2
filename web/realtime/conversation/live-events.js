/**
 * What the events of a session of the Live API mean, and what is sent in one. Both sides may speak at once, so who does is
 * told by their voices. Source: `openai/types/live/server_event.py` and `client_event.py` of the openai package.
 */

/** @import {Can, ClientEvent, ReadEvent, SessionEvents, SessionParts} from '../types.js' */

import { VOICE } from './agent.js'
import { Answers } from './answers.js'
import { connectionLost, endedUpstream } from '../connection-error.js'
import { NOTHING, TEXT } from './can.js'
import { FunctionCalls } from './function-calls.js'
import { Items } from './items.js'
import { SessionError } from './session-error.js'
import { StreamedTurns } from './streamed-turns.js'

/** What is said after a longer silence answers nobody. */
const ANSWER_MS = 10_000

/** A locked session lets nobody mute its input; the muted microphone sends silence all the same. */
const HARMLESS = new Set(['event_not_allowed'])

/** @implements {SessionEvents} */
export class LiveEvents {
  /** @type {SessionEvents['voices']} */
  voices = ['person', 'model']
  manual = false
  #parts
  #turns
  #items
  #canWrite = false
  #started = false
  #muted = false
  #spokeAt = -Infinity
  /** @type {import('../types.js').Item[]} the calls of a response of the backend that is not done */
  #calls = []
  #functions

  /** @param {SessionParts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#turns = new StreamedTurns(parts.transcript, { alternate: true, changed: parts.changed })
    this.#items = new Items(parts.transcript, new Answers(parts.transcript))
    this.#functions = new FunctionCalls(parts)
  }

  /** @returns {Can} Who writes, writes to the backend: the voice's model reads nothing. */
  get can() {
    return this.#canWrite ? TEXT : NOTHING
  }

  /**
   * @param {ReadEvent} event
   * @param {number} now In milliseconds.
   */
  take(event, now) {
    this.#start(event)
    switch (event.type) {
      case 'session.input_transcript.delta':
        return this.#turns.add('person', event.delta ?? '', now)
      case 'session.output_transcript.delta':
        return this.#turns.add('model', event.delta ?? '', now)
      case 'session.usage.updated':
        return this.#parts.usage.measure(event.usage?.seconds)
      case 'session.delegation.created':
        // What is delegated to the application it sees, and answers, itself.
        if (event.delegation?.target === 'responses') this.#parts.agent.begin()
        return
      case 'response.event':
        return this.#takeResponse(event.event)
      case 'session.closed':
        this.#parts.usage.measure(event.usage?.seconds)
        return this.#parts.close(endOf(event.reason))
      case 'error':
        if (event.error && !HARMLESS.has(event.error.code ?? '')) this.#parts.fail(new SessionError(event.error, event.event_id))
    }
  }

  /**
   * @param {'person' | 'model'} who
   * @param {number} level 0 to 1.
   * @param {number} now In milliseconds.
   */
  hear(who, level, now) {
    const { agent, latency, transcript } = this.#parts
    if (who === 'person') {
      if (level > VOICE) this.#spokeAt = now
      return
    }
    const before = agent.doing
    agent.hear(level, now)
    if (before === agent.doing || agent.doing !== 'speaking' || now - this.#spokeAt > ANSWER_MS) return
    latency.begin(this.#spokeAt)
    this.#spokeAt = -Infinity
    const latencyMs = latency.end(now)
    if (latencyMs !== undefined) transcript.change(this.#turns.idOf('model') ?? '', { latencyMs })
  }

  /** @param {string} text What the person typed. */
  text(text) {
    const { transcript, send } = this.#parts
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
    if (!send({ type: 'response.item.create', item })) return false
    transcript.insert({ id: transcript.newId('person'), speaker: 'person', text, state: 'final' })
    this.#parts.agent.begin()
    return send({ type: 'response.create' })
  }

  /**
   * The upstream's own microphone is muted, too: it goes on to listen otherwise, and hears silence as a pause.
   *
   * @param {boolean} muted
   */
  mute(muted) {
    const before = this.#muted
    this.#muted = muted
    if (this.#started && muted !== before) this.#sendMute()
  }

  /** Who speaks into it is heard anyway: there is nothing to interrupt. */
  interrupt() {}

  /** Nobody is asked to allow a tool here: the backend's preset says what it may call. */
  decide() {}

  /** There are no turns that the person could say the end of: pressing unmutes. */
  pushToTalk() {}
  press() {}
  release() {}

  /** @param {ClientEvent} _event */
  sent(_event) {}

  /** @returns {ClientEvent} What ends the session, where the server could not. */
  get closeEvent() {
    return { type: 'session.close' }
  }

  end() {
    this.#functions.end()
    this.#turns.end()
    this.#parts.transcript.end()
  }

  /** @param {ReadEvent} event The first one, of whatever type: a locked session does not tell that it has started. */
  #start({ type, session }) {
    if (type === 'session.started') this.#canWrite = session?.delegation?.type === 'responses'
    if (this.#started) return
    this.#started = true
    if (this.#muted) this.#sendMute()
  }

  #sendMute() {
    this.#parts.send({ type: `session.input_audio.${this.#muted ? 'mute' : 'unmute'}` })
  }

  /**
   * What the backend answers in writing, the voice says: it is not written down twice.
   *
   * @param {ReadEvent | undefined} event Of the Responses API.
   */
  #takeResponse({ type, item, item_id: id = item?.id ?? '', ...event } = { type: '' }) {
    switch (type) {
      case 'response.function_call_arguments.delta':
        return this.#items.called(id, { delta: event.delta })
      case 'response.output_item.added':
      case 'response.output_item.done':
        if (item?.type !== 'function_call') return
        this.#items.called(id, { name: item.name, arguments: item.arguments, toolCallId: item.call_id })
        if (type.endsWith('done')) this.#calls.push(item)
        return
      case 'response.completed':
        return this.#finish(this.#calls.splice(0))
      case 'response.failed':
      case 'response.incomplete':
        this.#calls = []
        return this.#parts.agent.finish(false)
    }
  }

  /** @param {import('../types.js').Item[]} calls */
  async #finish(calls) {
    const { agent, send, changed } = this.#parts
    agent.finish(calls.length > 0)
    if (calls.length === 0) return
    agent.begin()
    if (!(await this.#functions.run(calls, (item) => this.#answer(item)))) return
    send({ type: 'response.create' })
    changed()
  }

  /** @param {import('../types.js').FunctionOutput} item Nobody tells that it has arrived. */
  #answer(item) {
    const isSent = this.#parts.send({ type: 'response.item.create', item })
    if (isSent) this.#items.add(item, undefined, true)
    return isSent
  }
}

/** @param {string | undefined} reason Of `session.closed`. */
function endOf(reason) {
  if (reason === 'connection_lost') return connectionLost()
  if (reason === 'expired') return new SessionError({ message: 'The call reached the longest time that the model’s API allows.', code: 'session_expired' })
  if (reason === 'content') return new SessionError({ message: 'The call was ended by the content filter of the model’s API.', code: 'content_filter' })
  return endedUpstream()
}
