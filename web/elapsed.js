/** How long a call has lasted, and that it cannot last for ever. */

import { element } from './element.js'

/** The Realtime API ends every call then: https://developers.openai.com/api/docs/guides/realtime-conversations */
export const LIMIT_MS = 60 * 60_000

const WARNING_MS = 55 * 60_000

/** A `warning` event comes once, five minutes before the end. */
export class Elapsed extends EventTarget {
  #shown = element('elapsed')
  #began = 0
  #warned = false
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer

  start() {
    this.stop()
    this.#began = Date.now()
    this.#warned = false
    this.#shown.hidden = false
    this.#show()
    this.#timer = setInterval(() => this.#show(), 1000)
  }

  /** What it says stays there, until the next call. */
  stop() {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Nothing is said of a call that is over. */
  clear() {
    this.#shown.hidden = true
  }

  /** Whether so much time has passed that the upstream ends the call by itself. */
  get isOver() {
    return this.#began > 0 && Date.now() - this.#began > LIMIT_MS - 30_000
  }

  #show() {
    const passed = Date.now() - this.#began
    this.#shown.textContent = clock(passed)
    if (passed < WARNING_MS || this.#warned) return
    this.#warned = true
    this.dispatchEvent(new Event('warning'))
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
