/** How long a call has lasted and, in its last minute, how long it still can. */

import { element } from '../element.js'

/** The Realtime API ends every call then: https://developers.openai.com/api/docs/guides/realtime-conversations */
export const LIMIT_MS = 60 * 60_000

/** The seconds that are left when a warning is given. */
const MARKS = [300, 60, 10]

/** A `warning` event comes at each mark. */
export class Timer extends EventTarget {
  #shown = element('timer')
  #began = 0
  #endsAt = 0
  #lastMark = 0
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer

  /** @param {Date} [endsAt] Without it, the call can last as long as the Realtime API lets it. */
  start(endsAt) {
    this.stop()
    this.#began = Date.now()
    this.#endsAt = endsAt?.getTime() ?? this.#began + LIMIT_MS
    // For a call of five minutes or less, the first warning is that of the last minute.
    this.#lastMark = this.secondsLeft > 300 ? Infinity : 300
    this.#shown.hidden = false
    this.#show()
    this.#timer = setInterval(() => this.#show(), 1000)
  }

  /** The length stays visible until the next call. */
  stop() {
    clearInterval(this.#timer)
    if (this.#timer) this.#write('Length of the call', clock(Date.now() - this.#began))
    this.#timer = undefined
  }

  /** Hides the length of the call that is over. */
  clear() {
    this.#shown.hidden = true
  }

  /** How long it is until the call is ended. */
  get secondsLeft() {
    return Math.max(0, Math.ceil((this.#endsAt - Date.now()) / 1000))
  }

  #show() {
    const left = this.secondsLeft
    if (left <= 60) this.#write('Time left', `${clock(left * 1000)} left`)
    else this.#write('Length of the call', clock(Date.now() - this.#began))
    const mark = MARKS.findLast((mark) => left <= mark)
    if (mark === undefined || mark >= this.#lastMark) return
    this.#lastMark = mark
    this.dispatchEvent(new Event('warning'))
  }

  /**
   * @param {string} label
   * @param {string} text
   */
  #write(label, text) {
    this.#shown.ariaLabel = label
    this.#shown.textContent = text
  }
}

/**
 * @param {number} ms
 * @returns {string} `3:05`, or `1:00:00`.
 */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
