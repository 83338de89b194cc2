/**
 * Asks the model for a response. A conversation has one at a time: asked for while another runs, it is refused, so the
 * request waits for the end of that one.
 */

/** @import {ClientEvent, EventError} from '../types.js' */

export class Responses {
  #send
  #running = false
  #wanted = false
  /** Asked for, but not yet begun. */
  #pending = false
  #requests = 0
  /** Whether the model's voice is to be heard. */
  playing = false

  /** @param {(event: ClientEvent) => void} send */
  constructor(send) {
    this.#send = send
  }

  begin() {
    this.#running = true
    this.#pending = false
  }

  finish() {
    this.#running = false
    if (this.#wanted) this.request()
  }

  /** @param {Pick<EventError, 'code' | 'event_id'>} error Of any client event: it names the one that it is about. */
  refuse({ code, event_id: about }) {
    if (about !== this.#requestId) return
    this.#pending = false
    // The person's voice was quicker: ask again when that response is done.
    this.#wanted = code === 'conversation_already_has_active_response'
  }

  /** Asks for a response: now, or as soon as the one that runs is done. */
  request() {
    this.#wanted = this.#running || this.#pending
    if (this.#wanted) return
    this.#pending = true
    this.#requests += 1
    this.#send({ type: 'response.create', event_id: this.#requestId })
  }

  /** Lets the person have the word: what is being generated is cancelled, what is being played falls silent. */
  interrupt() {
    if (this.#running) this.#send({ type: 'response.cancel' })
    if (this.playing) this.#send({ type: 'output_audio_buffer.clear' })
  }

  get #requestId() {
    return `response_${this.#requests}`
  }
}
