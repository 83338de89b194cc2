/** The model's answers: which turns each has, how it ended, and how much of it was heard. */

/** @import {ServerResponse, Turn, TurnState} from '../types.js' */
/** @import {Transcript} from './transcript.js' */

import { Playback } from './playback.js'

/**
 * What a response's turns become when it ends, by its status, or by the reason of an `incomplete` one.
 *
 * @type {Record<string, TurnState>}
 */
const ENDINGS = {
  completed: 'final',
  cancelled: 'interrupted',
  incomplete: 'interrupted',
  failed: 'failed',
  max_output_tokens: 'limited',
  content_filter: 'filtered'
}

/** Where nothing of the answer came. */
const NO_ANSWER = {
  limited: 'The answer was cut off by its limit of length.',
  filtered: 'The answer was stopped by the content filter.'
}

export class Answers {
  #transcript
  /** @type {Map<string, string>} which response a turn belongs to */
  #responses = new Map()
  #playback = new Playback()
  /** @type {Map<string, number | undefined>} for how many milliseconds each turn that is spoken aloud was heard, if it was cut */
  #cut = new Map()

  /** @param {Transcript} transcript */
  constructor(transcript) {
    this.#transcript = transcript
  }

  /**
   * @param {string} id Of a turn.
   * @param {string} response
   */
  belong(id, response) {
    this.#responses.set(id, response)
  }

  /** @param {string} id Of a turn that is spoken, not written. */
  aloud(id) {
    if (!this.#cut.has(id)) this.#cut.set(id, undefined)
  }

  /**
   * @param {string} response Whose voice is to be heard from now on.
   * @param {number} now In milliseconds.
   */
  play(response, now) {
    this.#playback.begin(response, now)
  }

  /**
   * @param {string} response That was heard to its end.
   * @param {number} now In milliseconds.
   */
  complete(response, now) {
    const characters = this.turnsOf(response).reduce((sum, turn) => sum + (turn.speaker === 'model' ? turn.text.length : 0), 0)
    this.#playback.complete(response, characters, now)
  }

  /**
   * @param {string} response That is not heard any more.
   * @param {number} now In milliseconds.
   */
  clear(response, now) {
    if (this.#playback.playing.includes(response)) this.#silence(response, now)
  }

  /**
   * @param {string} id Of a turn.
   * @param {number | undefined} ms For how long it was heard.
   */
  cutOff(id, ms) {
    this.#cut.set(id, ms)
    this.measure(id)
  }

  /** @param {string} id Of a turn, whose text is another one now. */
  measure(id) {
    const ms = this.#cut.get(id)
    const turn = this.#transcript.find(id)
    if (turn?.speaker === 'model' && ms !== undefined) this.#transcript.change(id, { heard: this.#playback.heard(turn.text, ms) })
  }

  /**
   * @param {ServerResponse} response
   * @param {number} now In milliseconds.
   */
  end({ id, status = '', status_details: details }, now) {
    const ending = ENDINGS[details?.reason ?? ''] ?? ENDINGS[status]
    if (!ending) return
    const turns = this.turnsOf(id)
    for (const turn of turns) this.#endTurn(turn, ending)
    if (turns.length === 0 && (ending === 'limited' || ending === 'filtered')) this.#transcript.remark(ending, NO_ANSWER[ending])
    // What is played is cleared by an event of its own; what was not played yet never is.
    if (status === 'cancelled' && id && !this.#playback.playing.includes(id)) this.#silence(id, now)
  }

  /**
   * The call is over: what is played is not heard any more.
   *
   * @param {number} now In milliseconds.
   */
  endAll(now) {
    for (const response of this.#playback.playing) this.#silence(response, now)
  }

  /** @param {string | undefined} response */
  turnsOf(response) {
    return this.#transcript.turns.filter(({ id }) => response !== undefined && this.#responses.get(id) === response)
  }

  /**
   * @param {Turn} turn
   * @param {TurnState} ending
   */
  #endTurn(turn, ending) {
    // A limit says more than that the item has no end, unless somebody has interrupted it as well.
    const limited = ending in NO_ANSWER
    const open = turn.state === 'partial' || (limited && turn.state === 'interrupted' && this.#cut.get(turn.id) === undefined)
    // A function call is over only when its result went back.
    if (open && !(turn.speaker === 'function' && ending === 'final')) this.#transcript.change(turn.id, { state: ending })
  }

  /**
   * What a response still has to say is not heard any more.
   *
   * @param {string} response
   * @param {number} now
   */
  #silence(response, now) {
    const ms = this.#playback.cut(response, now)
    for (const { id } of this.turnsOf(response)) {
      if (!this.#cut.has(id) || this.#cut.get(id) !== undefined) continue
      this.#transcript.settle(id, 'interrupted')
      this.cutOff(id, ms)
    }
  }
}
