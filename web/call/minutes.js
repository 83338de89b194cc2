/** How many minutes the person has left today. Nothing is said where there is no limit. */

/** @import {Usage} from '../types.js' */

import { usage } from '../realtime/minutes.js'
import { element } from '../element.js'
import { timeOfDay } from '../messages/time-of-day.js'

export class Minutes {
  #shown = element('minutes')
  /** @type {Promise<Usage | undefined>} */
  #asked = Promise.resolve(undefined)

  /** Whether the person's minutes are limited, as the server said when it was last asked. */
  get limited() {
    return this.#asked.then((told) => typeof told?.left_seconds === 'number')
  }

  /** @param {typeof globalThis.fetch} fetch */
  async show(fetch) {
    // What is wrong is shown when the person calls.
    const asked = (this.#asked = usage({ fetch }).catch(() => undefined))
    const told = await asked
    if (asked === this.#asked) this.#shown.textContent = told ? inWords(told) : ''
  }

  /** Nothing is said during a call. */
  clear() {
    this.#asked = this.#asked.then()
    this.#shown.textContent = ''
  }
}

/**
 * @param {Pick<Usage, 'left_seconds' | 'resets_in_seconds'>} usage
 * @returns {string} Empty without limits.
 */
export function inWords({ left_seconds: left, resets_in_seconds: resets }) {
  if (typeof left !== 'number') return ''
  const minutes = Math.floor(left / 60)
  if (minutes === 0) return `No minutes left today. More are free ${timeOfDay(resets)}.`
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left today`
}
