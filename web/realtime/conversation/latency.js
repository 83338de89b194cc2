/** How long the person waits for the model: from the end of their words to the first sound of the answer. */

export class Latency {
  /** @type {number | undefined} */
  #since
  /** @type {number | undefined} */
  #last

  /** Of the last answer, in milliseconds. */
  get last() {
    return this.#last
  }

  /** @param {number} now In milliseconds: when the person has said, or typed, the last of it. */
  begin(now) {
    this.#since = now
  }

  /** The person goes on speaking. */
  cancel() {
    this.#since = undefined
  }

  /**
   * @param {number} now In milliseconds: the first sound of the answer.
   * @returns {number | undefined} Undefined where it is not the first sound, or nobody had asked.
   */
  end(now) {
    if (this.#since === undefined) return undefined
    this.#last = Math.max(0, Math.round(now - this.#since))
    this.#since = undefined
    return this.#last
  }
}
