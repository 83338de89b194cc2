/** The time after which the server hangs a call up. */

/** How long before its end a call is said to be ending. */
const ENDING_MS = 60_000

/** What ends a call so shortly before its time is its time: the two clocks began at different moments. */
const MARGIN_MS = 5_000

export class TimeLimit {
  #endsAt
  #timers

  /**
   * @param {number} seconds From now.
   * @param {object} handlers
   * @param {() => void} handlers.ending A minute or less is left.
   * @param {() => void} handlers.over
   */
  constructor(seconds, { ending, over }) {
    const ms = seconds * 1000
    this.seconds = seconds
    this.#endsAt = Date.now() + ms
    this.#timers = [setTimeout(ending, ms - ENDING_MS), setTimeout(over, ms)]
  }

  get endsAt() {
    return new Date(this.#endsAt)
  }

  get secondsLeft() {
    return Math.max(0, (this.#endsAt - Date.now()) / 1000)
  }

  /** Whether a call that ends now ends by its time. */
  get isReached() {
    return Date.now() > this.#endsAt - MARGIN_MS
  }

  stop() {
    this.#timers.forEach(clearTimeout)
  }
}
