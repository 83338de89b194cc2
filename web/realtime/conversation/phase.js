/** What goes on in a call that is up, told from its events: listening, thinking or speaking. It knows no page. */

/** @import {ClientEvent, PhaseName, ServerEvent} from '../../types.js' */

/** Louder than this is a voice: -42 dBFS on the scale of a meter. */
const VOICE = 0.3

/** A pause within a sentence is shorter. */
const PAUSE_MS = 700

/** A `change` event tells that the phase is another one now. */
export class Phase extends EventTarget {
  /** @type {PhaseName} */
  #name = 'listening'
  #playing = false
  #answering = false
  #heardAt = -Infinity

  /** @returns {PhaseName} */
  get name() {
    return this.#name
  }

  /**
   * Where there is a data channel, its events tell.
   *
   * @param {ServerEvent} event
   */
  follow({ type, response }) {
    if (type === 'input_audio_buffer.speech_started') this.#become('listening')
    else if (type === 'input_audio_buffer.speech_stopped') this.#become('thinking')
    else if (type === 'response.created') this.#begin()
    else if (type === 'response.done') this.#finish(response?.status === 'completed' && calls(response.output))
    else if (type === 'output_audio_buffer.started') this.#play(true)
    else if (type === 'output_audio_buffer.stopped' || type === 'output_audio_buffer.cleared') this.#play(false)
    else if (type === 'error' && !this.#answering && !this.#playing) this.#become('listening')
  }

  /** @param {ClientEvent} event What the page asked for. */
  ask({ type }) {
    if (type === 'response.create' && !this.#playing) this.#become('thinking')
  }

  /**
   * Without a data channel the model's voice itself is all that there is.
   *
   * @param {number} level Of the model's voice, 0 to 1.
   * @param {number} now In milliseconds.
   */
  hear(level, now) {
    if (level > VOICE) this.#heardAt = now
    this.#become(now - this.#heardAt < PAUSE_MS ? 'speaking' : 'listening')
  }

  #begin() {
    this.#answering = true
    if (!this.#playing) this.#become('thinking')
  }

  /** @param {boolean} calling Whether a function's result is still to be sent and answered. */
  #finish(calling) {
    this.#answering = false
    if (!this.#playing && !calling) this.#become('listening')
  }

  /** @param {boolean} playing */
  #play(playing) {
    this.#playing = playing
    this.#become(playing ? 'speaking' : this.#answering ? 'thinking' : 'listening')
  }

  /** @param {PhaseName} name */
  #become(name) {
    if (name === this.#name) return
    this.#name = name
    this.dispatchEvent(new Event('change'))
  }
}

/** @param {{type: string}[]} [output] */
function calls(output = []) {
  return output.some(({ type }) => type === 'function_call')
}
