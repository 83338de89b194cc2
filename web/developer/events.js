/** The events of all calls since the page was opened. They are kept also while nobody looks at them. */

/** @import {ClientEvent, LoggedEvent, ServerEvent} from '../types.js' */

/** A long call has thousands of events. */
const KEPT = 10_000

/** An `add` event comes with each, and `clear` when they are gone. */
export class Events extends EventTarget {
  /** @type {LoggedEvent[]} */
  #all = []

  /** @returns {readonly LoggedEvent[]} The oldest first. */
  get all() {
    return this.#all
  }

  /**
   * @param {'sent' | 'received'} direction
   * @param {ClientEvent | ServerEvent} event
   */
  add(direction, event) {
    this.#all.push({ at: new Date(), direction, event })
    if (this.#all.length > KEPT) this.#all.shift()
    this.dispatchEvent(new Event('add'))
  }

  clear() {
    this.#all = []
    this.dispatchEvent(new Event('clear'))
  }
}
