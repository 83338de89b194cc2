/** What the events of a realtime or a transcription session mean, and what is sent in one. */

/** @import {Can, ClientEvent, ReadEvent, ServerResponse, SessionEvents, SessionParts} from '../types.js' */

import { Answers } from './answers.js'
import { EVERYTHING, NOTHING } from './can.js'
import { FunctionCalls } from './function-calls.js'
import { Items } from './items.js'
import { Responses } from './responses.js'
import { SessionError } from './session-error.js'
import { Speech } from './speech.js'
import { TurnDetection } from './turn-detection.js'

/** Two who were quick at the same time: nothing is wrong, and nothing is to be done. */
const HARMLESS = new Set(['response_cancel_not_active', 'conversation_already_has_active_response'])

/** @implements {SessionEvents} */
export class RealtimeEvents {
  #parts
  #answers
  #speech
  #items
  #responses
  #type = 'realtime'
  #turnDetection
  #functions

  /** @param {SessionParts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#turnDetection = new TurnDetection(parts.send)
    this.#answers = new Answers(parts.transcript)
    this.#speech = new Speech(parts.transcript, this.#answers)
    this.#items = new Items(parts.transcript, this.#answers)
    this.#responses = new Responses(parts.send)
    this.#functions = new FunctionCalls(parts)
  }

  /** @returns {SessionEvents['voices']} */
  get voices() {
    return this.#turnDetection.voices
  }

  get manual() {
    return this.#turnDetection.manual
  }

  /** @returns {Can} */
  get can() {
    return this.#type === 'transcription' ? NOTHING : EVERYTHING
  }

  /**
   * @param {ReadEvent} event
   * @param {number} now In milliseconds.
   */
  take(event, now) {
    const id = event.item_id ?? event.item?.id ?? ''
    if (event.response_id && id) this.#answers.belong(id, event.response_id)
    this.#parts.usage.follow(event)
    this.#takeSession(event, now)
    this.#speech.take(event, id)
    this.#items.take(event, id)
    this.#takeResponse(event, now)
  }

  /**
   * @param {'person' | 'model'} who
   * @param {number} level 0 to 1.
   * @param {number} now In milliseconds.
   */
  hear(who, level, now) {
    if (who === 'person') this.#turnDetection.hear(level, now)
  }

  /** @param {ClientEvent} event That was sent. */
  sent({ type }) {
    if (type === 'response.create') this.#parts.agent.ask()
  }

  /**
   * The order of events is not the order of the conversation: the person's words often arrive after the model has begun
   * to answer.
   *
   * @param {ReadEvent} event
   * @param {number} now
   */
  #takeSession(event, now) {
    const { agent, latency, fail } = this.#parts
    switch (event.type) {
      case 'session.created':
        this.#configure(event.session)
        return this.#turnDetection.begin(this.#type, event.session?.audio?.input?.turn_detection)
      case 'session.updated':
        return this.#configure(event.session)
      case 'input_audio_buffer.speech_started':
        latency.cancel()
        this.#turnDetection.startSpeech()
        return agent.listen()
      case 'input_audio_buffer.speech_stopped':
        latency.begin(this.#turnDetection.endOfSpeech(now))
        return agent.think()
      case 'conversation.item.input_audio_transcription.completed':
      case 'conversation.item.input_audio_transcription.failed':
        // Nobody answers in a transcription session: to write it down is all.
        return this.#type === 'transcription' && agent.listen()
      case 'error':
        agent.refuse()
        if (event.error) this.#responses.refuse(event.error)
        if (event.error && !HARMLESS.has(event.error.code ?? '')) fail(new SessionError(event.error, event.event_id))
    }
  }

  /**
   * @param {ReadEvent} event
   * @param {number} now
   */
  #takeResponse({ type, item, response = {}, response_id: id = '' }, now) {
    const { agent } = this.#parts
    switch (type) {
      case 'conversation.item.done':
        // The upstream calls a tool of an MCP server itself, and says nothing about it before it is asked to.
        return item?.type === 'mcp_call' && this.#responses.request()
      case 'response.created':
        this.#responses.begin()
        return agent.begin()
      case 'response.done':
        return this.#endResponse(response, now)
      case 'output_audio_buffer.started':
        this.#play(true)
        this.#answers.play(id, now)
        return this.#timeAnswer(id, now)
      case 'output_audio_buffer.stopped':
        this.#play(false)
        return this.#answers.complete(id, now)
      case 'output_audio_buffer.cleared':
        this.#play(false)
        return this.#answers.clear(id, now)
    }
  }

  /**
   * @param {string} text What the person typed.
   * @returns {boolean} Whether it was sent.
   */
  text(text) {
    /** @type {ClientEvent} */
    const event = { type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] } }
    if (!this.#parts.send(event)) return false
    this.interrupt()
    this.#parts.latency.begin(performance.now())
    this.#responses.request()
    return true
  }

  /** Lets the person have the word. */
  interrupt() {
    this.#responses.interrupt()
  }

  /**
   * @param {string} id Of the request to call a tool.
   * @param {boolean} approve
   */
  decide(id, approve) {
    const item = { type: 'mcp_approval_response', approval_request_id: id, approve }
    // The types ask for an id of the item, which the upstream gives, as it does to all others.
    const event = /** @type {ClientEvent} */ ({ type: 'conversation.item.create', previous_item_id: id, item })
    if (!this.#parts.send(event)) return
    this.#items.decide(id, approve)
    // What is allowed is called first; what is refused the model has to do without.
    if (!approve) this.#responses.request()
  }

  /** @param {boolean} push Whether the person says when a turn ends. */
  pushToTalk(push) {
    this.#turnDetection.pushToTalk(this.#type, push)
  }

  /** The person begins to speak. */
  press() {
    this.interrupt()
    this.#parts.send({ type: 'input_audio_buffer.clear' })
  }

  /** The person has spoken. */
  release() {
    this.#parts.send({ type: 'input_audio_buffer.commit' })
    if (this.#type !== 'realtime') return
    this.#parts.latency.begin(performance.now())
    this.#responses.request()
  }

  /** It is muted by its track alone, and ended by its connection. */
  mute() {}
  get closeEvent() {
    return undefined
  }

  /** @param {number} now In milliseconds. */
  end(now) {
    this.#functions.end()
    this.#answers.endAll(now)
    this.#parts.transcript.end()
  }

  /** @param {ReadEvent['session']} session */
  #configure(session) {
    this.#type = session?.type ?? this.#type
    this.#items.transcribed = Boolean(session?.audio?.input?.transcription)
  }

  /** @param {boolean} playing */
  #play(playing) {
    this.#responses.playing = playing
    this.#parts.agent.play(playing)
  }

  /**
   * @param {string} response
   * @param {number} now
   */
  #timeAnswer(response, now) {
    const latencyMs = this.#parts.latency.end(now)
    const turn = this.#answers.turnsOf(response).find(({ speaker }) => speaker === 'model')
    if (turn && latencyMs !== undefined) this.#parts.transcript.change(turn.id, { latencyMs })
  }

  /**
   * @param {ServerResponse} response
   * @param {number} now
   */
  #endResponse(response, now) {
    // A cancelled response may carry calls too: those are not run.
    const calls = response.status === 'completed' ? (response.output ?? []).filter(({ type }) => type === 'function_call') : []
    this.#answers.end(response, now)
    this.#parts.agent.finish(calls.length > 0)
    this.#responses.finish()
    if (calls.length > 0) this.#runFunctions(calls)
    const error = response.status === 'failed' ? response.status_details?.error : undefined
    if (error) this.#parts.fail(new SessionError(error))
  }

  /** @param {import('../types.js').Item[]} calls */
  async #runFunctions(calls) {
    const { send } = this.#parts
    const goesOn = await this.#functions.run(calls, (item) => send({ type: 'conversation.item.create', item }))
    if (goesOn) this.#responses.request()
  }
}
