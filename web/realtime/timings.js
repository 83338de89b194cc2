/** When the steps of connecting were reached. */

/** @import {CallTimings} from './types.js' */

export class Timings {
  #began = 0
  /** @type {CallTimings} */
  #steps = {}
  #changed

  /** @param {(steps: CallTimings) => void} changed */
  constructor(changed) {
    this.#changed = changed
  }

  /** @returns {CallTimings} In milliseconds since it began. */
  get steps() {
    return { ...this.#steps }
  }

  begin() {
    this.#began = performance.now()
  }

  /** @param {keyof CallTimings} step Only the first time counts. */
  reach(step) {
    if (this.#steps[step] !== undefined) return
    this.#steps[step] = performance.now() - this.#began
    this.#changed(this.steps)
  }
}
