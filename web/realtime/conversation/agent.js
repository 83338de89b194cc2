/** What the model does in a call that is up: listening, thinking or speaking. */

/** @import {AgentDoing} from '../types.js' */

/** Louder than this is a voice: -42 dBFS on the scale of a meter. */
export const VOICE = 0.3

/** A pause within a sentence is shorter. */
export const PAUSE_MS = 700

export class Agent {
  /** @type {AgentDoing} */
  #doing = 'listening'
  #playing = false
  #answering = false
  #heardAt = -Infinity

  get doing() {
    return this.#doing
  }

  /** The person speaks. */
  listen() {
    this.#doing = 'listening'
  }

  /** The person has spoken, or something else is to be answered; whoever speaks goes on speaking meanwhile. */
  think() {
    this.#doing = 'thinking'
  }

  /** An answer was asked for. */
  ask() {
    if (!this.#playing) this.think()
  }

  /** A request was refused: nobody waits for an answer then. */
  refuse() {
    if (!this.#answering && !this.#playing) this.listen()
  }

  begin() {
    this.#answering = true
    this.ask()
  }

  /** @param {boolean} calling Whether a function's result is still to be sent and answered. */
  finish(calling) {
    this.#answering = false
    if (!this.#playing && !calling) this.listen()
  }

  /** @param {boolean} playing Whether the model's voice is to be heard. */
  play(playing) {
    this.#playing = playing
    this.#doing = playing ? 'speaking' : this.#answering ? 'thinking' : 'listening'
  }

  /**
   * Where no event tells, the model's voice itself does.
   *
   * @param {number} level Of the model's voice, 0 to 1.
   * @param {number} now In milliseconds.
   */
  hear(level, now) {
    if (level > VOICE) this.#heardAt = now
    this.play(now - this.#heardAt < PAUSE_MS)
  }
}
