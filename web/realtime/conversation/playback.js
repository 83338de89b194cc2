/**
 * How much of an answer was heard. Its transcript arrives before its audio is played, and no event ties words to time: so they are
 * taken to be spread evenly, at the pace of the answers that were heard to their end. Times are arguments: no clock is read.
 */

/** Until one was: English at 150 words a minute, in characters a millisecond. */
const USUAL_PACE = 0.015

/** Looked back for the beginning of the word that was cut; some languages have no spaces. */
const WORD = 20

export class Playback {
  /** @type {Map<string, number>} when the voice of each response that is played began, in milliseconds */
  #began = new Map()
  /** @type {Set<string>} the others that were played, to their end or not */
  #over = new Set()
  #told = false
  #heard = { characters: 0, ms: 0 }

  /** @returns {string[]} The ids of the responses that are played now. */
  get playing() {
    return [...this.#began.keys()]
  }

  /**
   * @param {string} response
   * @param {number} now
   */
  begin(response, now) {
    this.#told = true
    this.#began.set(response, now)
  }

  /**
   * It was heard to its end.
   *
   * @param {string} response
   * @param {number} characters Of its transcript.
   * @param {number} now
   */
  complete(response, characters, now) {
    const ms = this.cut(response, now) ?? 0
    if (ms > 0) this.#heard = { characters: this.#heard.characters + characters, ms: this.#heard.ms + ms }
  }

  /**
   * It is not heard any more.
   *
   * @param {string} response
   * @param {number} now
   * @returns {number | undefined} For how long it was, in milliseconds; undefined where it was over, or nobody tells.
   */
  cut(response, now) {
    const began = this.#began.get(response)
    if (began === undefined && (this.#over.has(response) || !this.#told)) return undefined
    this.#began.delete(response)
    this.#over.add(response)
    return now - (began ?? now)
  }

  /**
   * @param {string} text
   * @param {number} ms For which it was heard.
   * @returns {number} How many of its characters were heard, about: whole words.
   */
  heard(text, ms) {
    const { characters, ms: total } = this.#heard
    const reached = Math.round(ms * (characters > 0 ? characters / total : USUAL_PACE))
    if (reached >= text.length) return text.length
    const start = text.lastIndexOf(' ', reached) + 1
    return reached - start < WORD ? start : reached
  }
}
