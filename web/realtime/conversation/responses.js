/**
 * Asks the model for a response. A conversation has one at a time: asked for while another runs, it is refused, so the
 * request waits for `response.done`.
 */

/** @import {ClientEvent, ServerEvent} from '../../types.js' */

export class Responses {
  #send
  #running = false
  #playing = false
  #wanted = false
  /** Asked for, but not yet begun. */
  #pending = false
  #requests = 0

  /** @param {(event: ClientEvent) => void} send */
  constructor(send) {
    this.#send = send
  }

  /**
   * Keeps count of what the model is doing.
   *
   * @param {ServerEvent} event
   */
  follow(event) {
    if (event.type === 'response.created') {
      this.#running = true
      this.#pending = false
    } else if (event.type === 'response.done') {
      this.#running = false
      if (this.#wanted) this.request()
    } else if (event.type === 'output_audio_buffer.started') {
      this.#playing = true
    } else if (event.type === 'output_audio_buffer.stopped' || event.type === 'output_audio_buffer.cleared') {
      this.#playing = false
    } else if (event.type === 'error' && event.error?.event_id === this.#requestId) {
      this.#pending = false
      // The person's voice was quicker: ask again when that response is done.
      this.#wanted = event.error.code === 'conversation_already_has_active_response'
    }
  }

  /** Asks for a response: now, or as soon as the one that runs is done. */
  request() {
    this.#wanted = this.#running || this.#pending
    if (this.#wanted) return
    this.#pending = true
    this.#requests += 1
    this.#send({ type: 'response.create', event_id: this.#requestId })
  }

  /** An error names the client event that it is about. */
  get #requestId() {
    return `response_${this.#requests}`
  }

  /** Lets the person have the word: what is being generated is cancelled, what is being played falls silent. */
  interrupt() {
    if (this.#running) this.#send({ type: 'response.cancel' })
    if (this.#playing) this.#send({ type: 'output_audio_buffer.clear' })
  }
}
